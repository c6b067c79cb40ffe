"""The vectors shipped with the corpus are those its texts have."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from ingest.prebuilt import PrebuiltVectors
from silk_rag.adapters.index_store import key_of
from silk_rag.adapters.multilingual import MultilingualE5Embedder
from silk_rag.bootstrap import Services
from silk_rag.retrieval.indexed_text import sentence_text


def test_shipped_vectors_are_the_ones_the_models_make(services: Services) -> None:
    """A sample of sentences, embedded again by each model, is nearly the same as what is shipped."""
    texts = [sentence_text(passage, s) for passage in services.snapshot.passages for s in passage.sentences]
    sample = random.Random(7).sample(texts, 10)  # noqa: S311 (no secret)
    multilingual = services.retriever.multilingual
    assert multilingual is not None
    for embedder in (services.retriever.embedder, multilingual):
        shipped = PrebuiltVectors().find(embedder.name, [key_of(text) for text in sample])
        for text in sample:
            stored = np.frombuffer(shipped[key_of(text)], dtype=np.float16).astype(np.float32)
            fresh = embedder.embed_passages([text])[0]
            assert float(stored @ fresh) / float(np.linalg.norm(stored) * np.linalg.norm(fresh)) > 0.999


def test_every_sentence_has_its_shipped_vector(services: Services) -> None:
    """A first start embeds no sentence with the slow model: all are shipped."""
    texts = [sentence_text(passage, s) for passage in services.snapshot.passages for s in passage.sentences]
    keys = {key_of(text) for text in texts}
    assert set(PrebuiltVectors().find(MultilingualE5Embedder.name, list(keys))) == keys


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    """The file is a cache: when it is missing, texts are simply embedded."""
    assert PrebuiltVectors(tmp_path / "none.npz").find("any", ["key"]) == {}


def test_another_models_vectors_are_not_taken() -> None:
    """Vectors of one model mean nothing to another."""
    assert PrebuiltVectors().find("another", [key_of("text")]) == {}
