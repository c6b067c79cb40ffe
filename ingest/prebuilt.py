"""Vectors of the shipped corpus, so that the first start need not embed thousands of short texts on a laptop.

The file is a cache: vectors are looked up by the hash of the text and the model that made them, so a text that has
changed is simply embedded. `python -m ingest.prebuilt` writes it anew; a test embeds a sample again and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from silk_rag.adapters.index_store import key_of

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
            model = str(file["model"])
            keys = [bytes(key).hex() for key in file["keys"]]
            return {model: {key: vector.tobytes() for key, vector in zip(keys, file["vectors"], strict=True)}}


def write_prebuilt(corpus: Path, path: Path = FILE) -> int:
    """Embed all sentences and questions of a corpus with the multilingual model; returns how many there are."""
    from ingest.corpus import read_corpus
    from ingest.index import questions_for
    from silk_rag.adapters.multilingual import MultilingualE5Embedder
    from silk_rag.retrieval.indexed_text import sentence_text

    passages = [passage for document in read_corpus(corpus) for passage in document.passages]
    questions = questions_for(corpus)
    texts = [sentence_text(passage, sentence) for passage in passages for sentence in passage.sentences]
    texts += [question for passage in passages for question in questions.get(passage.id, ())]
    by_key = {key_of(text): text for text in texts}
    embedder = MultilingualE5Embedder(threads=2)
    known = PrebuiltVectors(path).find(embedder.name, list(by_key))
    vectors = [
        np.frombuffer(known[key], dtype=np.float16) if key in known else embedder.embed_passages([text])[0]
        for key, text in by_key.items()
    ]
    np.savez_compressed(
        path,
        model=np.array(embedder.name),
        keys=np.array([np.frombuffer(bytes.fromhex(key), dtype=np.uint8) for key in by_key]),
        vectors=np.array(vectors, dtype=np.float16),
    )
    return len(by_key)


if __name__ == "__main__":
    print(write_prebuilt(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus")))  # noqa: T201 (a command)
