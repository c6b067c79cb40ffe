"""Vectors of the shipped corpus, so that the first start need not embed thousands of short texts on a laptop.

The file is a cache: vectors are looked up by the hash of the text and the model that made them, so a text that has
changed is simply embedded. `python -m ingest.prebuilt` writes it anew; a test embeds a sample again and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from silk_rag.adapters.index_store import StoredVectors, key_of

if TYPE_CHECKING:
    from silk_rag.retrieval.ports import Embedder

FILE = Path(__file__).with_name("prebuilt.npz")


class PrebuiltVectors:
    """Vectors from the shipped file; none when the file is missing."""

    def __init__(self, path: Path = FILE) -> None:
        self._path = path

    def find(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Those of the keys that are in the file, with their vectors as float16 bytes."""
        known = self._known.get(model, {})
        return {key: known[key] for key in keys if key in known}

    @cached_property
    def _known(self) -> dict[str, dict[str, bytes]]:
        if not self._path.exists():
            return {}
        with np.load(self._path, allow_pickle=False) as file:
            keys = [bytes(key).hex() for key in file["keys"]]
            return {
                str(model): dict(zip(keys, map(np.ndarray.tobytes, file[f"vectors-{number}"]), strict=True))
                for number, model in enumerate(file["models"])
            }


def corpus_texts(corpus: Path) -> list[str]:
    """Every sentence and editors' question of a corpus, as it is embedded, each once."""
    from ingest.corpus import read_corpus
    from ingest.index import questions_for, unanswered_by
    from silk_rag.retrieval.indexed_text import sentence_text

    passages = [passage for document in read_corpus(corpus) for passage in document.passages]
    questions = questions_for(corpus)
    texts = [sentence_text(passage, sentence) for passage in passages for sentence in passage.sentences]
    texts += [question.text for passage in passages for question in questions.get(passage.id, ())]
    return list(dict.fromkeys([*texts, *unanswered_by(corpus)]))


def write_prebuilt(
    texts: Sequence[str], embedders: Sequence[Embedder], known: StoredVectors, path: Path = FILE
) -> None:
    """Write the vectors of all texts by each model; what `known` has is not embedded again."""
    by_key = {key_of(text): text for text in texts}
    arrays: dict[str, Any] = {
        f"vectors-{number}": _vectors(by_key, embedder, known.find(embedder.name, by_key))
        for number, embedder in enumerate(embedders)
    }
    np.savez_compressed(
        path,
        models=np.array([embedder.name for embedder in embedders]),
        keys=np.array([np.frombuffer(bytes.fromhex(key), dtype=np.uint8) for key in by_key]),
        **arrays,
    )


def _vectors(by_key: Mapping[str, str], embedder: Embedder, known: Mapping[str, bytes]) -> NDArray[np.float16]:
    return np.array(
        [
            np.frombuffer(known[key], dtype=np.float16) if key in known else embedder.embed_passages([text])[0]
            for key, text in by_key.items()
        ],
        dtype=np.float16,
    )


def main() -> int:
    """Write the file for the corpus and models that the settings name, from the index in use where it knows them."""
    from silk_rag.adapters.index_folder import current_snapshot
    from silk_rag.bootstrap import build_embedders
    from silk_rag.settings import Settings

    settings = Settings.from_environment()
    embedders = build_embedders(settings)
    snapshot = current_snapshot(settings.index_folder)
    texts = corpus_texts(settings.corpus)
    both = [embedders.main, *([embedders.multilingual] if embedders.multilingual else [])]
    write_prebuilt(texts, both, StoredVectors(snapshot / "index.sqlite" if snapshot else None))
    print(f"{FILE.name}: {len(texts)} texts, {len(both)} models")  # noqa: T201 (a command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
