"""The passages' vectors in Chroma, through langchain-chroma.

Chroma is a cache that can break (a killed writer may leave its vector index unusable); so it is written aside, opened
read-only by one process, checked when opened, and replaced by exact search over the stored vectors when it fails.
"""

from __future__ import annotations

import logging
import struct
import weakref
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from silk_rag.errors import IndexUnusable
from silk_rag.retrieval.ports import Matrix, Vector

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from langchain_chroma import Chroma

_COLLECTION = "passages"
_BATCH = 200
#: How many candidates a search keeps. With Chroma's 100 the ten best of 315 passages were wrong for 1 to 8 of 176
#: questions, differently after every build; with 400 for none.
_SEARCH_EF = 400
#: How the header of a vector file begins: version, offset, places, places in use, bytes a place (hnswlib in Chroma).
_HEADER, _HEADER_VERSION, _LENGTH_BYTES = struct.Struct("<iQQQQ"), 1, 4
_log = logging.getLogger(__name__)


class _Given(Embeddings):
    """Hands Chroma the vectors that were computed already, in the order of the texts it is given."""

    def __init__(self, vectors: Matrix) -> None:
        self._vectors = iter(vectors)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [next(self._vectors).tolist() for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        raise IndexUnusable(f"Chroma was asked to embed {text[:40]!r}; questions are embedded before they reach it.")


class ChromaSearch:
    """Nearest passages by cosine similarity from a Chroma folder; its files are closed when nobody searches any more.

    Chroma itself would keep every folder ever opened, and all that is in it, until the process ends.
    """

    def __init__(self, client: Client) -> None:
        weakref.finalize(self, client.close)
        self._store = _store(client, _Given(np.empty((0, 1), dtype=np.float32)))

    def count(self) -> int:
        """How many passages the folder holds."""
        return int(self._store._collection.count())  # noqa: SLF001 (langchain-chroma has no count of its own)

    def nearest(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """Up to k (passage id, cosine similarity), best first. Raises IndexUnusable when Chroma fails."""
        try:
            found = self._store.similarity_search_by_vector_with_relevance_scores(vector.tolist(), k=k)
        except Exception as error:  # Chroma's Rust core raises exceptions of its own that share no base class
            raise IndexUnusable(f"Chroma cannot search its index ({type(error).__name__}).") from error
        return [(str(document.id), 1.0 - float(distance)) for document, distance in found]


def write_chroma(folder: Path, ids: Sequence[str], texts: Sequence[str], vectors: Matrix) -> None:
    """Write passages and their vectors, shape (passages, dimensions), into a new Chroma folder.

    Raises IndexUnusable when Chroma cannot write, for instance because the disk is full.
    """
    try:
        with closing(_client(folder)) as client:
            store = _store(client, _Given(vectors))
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                store.add_texts(list(texts[part]), ids=list(ids[part]))
    except Exception as error:  # as above
        raise IndexUnusable(f"Chroma cannot write its folder ({error}). Is the disk full?") from error
    _blank_unused_places(folder)


def _blank_unused_places(folder: Path) -> None:
    """Blank them in all vector files; Chroma writes those when a folder is written, and again when it is opened."""
    for header in folder.glob("*/header.bin"):
        _blank_unused(header.parent)


def _blank_unused(segment: Path) -> None:
    """Overwrite the places for vectors that are not in use yet: Chroma writes them as it found them in memory.

    What a process had in memory, a document that was removed or a key, does not belong in a file.
    """
    header = (segment / "header.bin").read_bytes()
    if len(header) < _HEADER.size:
        return
    version, _, places, used, size = _HEADER.unpack_from(header)
    if version != _HEADER_VERSION:
        _log.warning("Chroma's vector files are of version %d, unknown here: unused places stay as they are", version)
        return
    for name, width in (("data_level0.bin", size), ("length.bin", _LENGTH_BYTES)):
        with (segment / name).open("r+b") as file:
            file.seek(used * width)
            file.write(bytes((places - used) * width))


def open_chroma(folder: Path, *, expected: int, probe: Vector) -> ChromaSearch:
    """Open a Chroma folder read-only. Raises IndexUnusable when it does not hold what it should or cannot search."""
    if not (folder / "chroma.sqlite3").exists():
        raise IndexUnusable("The Chroma folder is missing.")
    try:
        search = ChromaSearch(_client(folder))
        count = search.count()
    except Exception as error:  # as above
        raise IndexUnusable(f"Chroma cannot open its folder ({type(error).__name__}).") from error
    if count != expected or (expected and not search.nearest(probe, 1)):
        raise IndexUnusable(f"Chroma holds {count} passages, not {expected}.")
    _blank_unused_places(folder)
    return search


def _client(folder: Path) -> Client:
    from chromadb.api.client import Client
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
    return Client(settings=settings)


def _store(client: Client, embeddings: Embeddings) -> Chroma:
    from langchain_chroma import Chroma

    return Chroma(
        client=client,
        collection_name=_COLLECTION,
        embedding_function=embeddings,
        collection_metadata={"hnsw:space": "cosine", "hnsw:search_ef": _SEARCH_EF},
    )
