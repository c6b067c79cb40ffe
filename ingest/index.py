"""Build an index snapshot: embed what is new, write it aside, verify it, put it in use."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ingest.questions import questions_by_passage
from ingest.vectors import KnownVectors, Progress, Units, Vectors, compute_vectors, units_of
from silk_rag.adapters import index_store
from silk_rag.adapters.chroma import open_chroma, write_chroma
from silk_rag.adapters.index_folder import INDEX_VERSION, current_snapshot, manifest_of, only_writer, publish
from silk_rag.adapters.keyword import build_bm25, save_bm25
from silk_rag.documents import Document
from silk_rag.errors import CorpusInvalid
from silk_rag.retrieval.indexed_text import keyword_text
from silk_rag.retrieval.ports import Embedder, TokenEmbedder
from silk_rag.retrieval.words import words_of


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What building did. `embedded` and `reused` count texts; both are 0 when the index was up to date."""

    passages: int
    embedded: int
    reused: int
    seconds: float
    up_to_date: bool = False


def build_index(
    documents: Sequence[Document],
    folder: Path,
    *,
    embedder: TokenEmbedder,
    multilingual: Embedder | None,
    questions: Mapping[str, Sequence[str]],
    corpus_hash: str,
    known: Sequence[KnownVectors] = (),
    fresh: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Make the index in `folder` hold these documents, embedding only texts that neither the snapshot in use nor `known`
    has vectors for. With
    `fresh` nothing stored is trusted: every text is embedded again.

    Raises Busy when another process builds, IndexUnusable when what was written cannot be read back.
    """
    started = time.monotonic()
    fingerprint = fingerprint_of(corpus_hash, embedder, multilingual)
    with only_writer(folder):
        current = current_snapshot(folder)
        if not fresh and current is not None and manifest_of(current).get("fingerprint") == fingerprint:
            count = int(manifest_of(current)["passages"])
            return IndexReport(count, 0, 0, time.monotonic() - started, up_to_date=True)
        built = folder / f"{fingerprint[:16]}-{time.time_ns():x}"
        built.mkdir(parents=True)
        try:
            passages = [passage for document in documents for passage in document.passages]
            units = units_of(passages, embedder, multilingual, questions)
            vectors = _write(built, documents, units, embedder, None if fresh else current, known, progress)
            manifest = {
                "version": INDEX_VERSION,
                "fingerprint": fingerprint,
                "corpus": corpus_hash,
                "passages": len(passages),
                "models": [each.name for each in (embedder, multilingual) if each is not None],
            }
            (built / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            publish(folder, built)
        except BaseException:
            shutil.rmtree(built, ignore_errors=True)
            raise
    return IndexReport(len(passages), vectors.embedded, vectors.reused, time.monotonic() - started)


def fingerprint_of(corpus_hash: str, embedder: Embedder, multilingual: Embedder | None) -> str:
    """SHA-256 of everything a snapshot depends on: when it changes, the index is built again."""
    parts = (
        str(INDEX_VERSION),
        corpus_hash,
        embedder.name,
        multilingual.name if multilingual else "",
        version("chromadb"),
        version("bm25s"),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _write(
    built: Path,
    documents: Sequence[Document],
    units: Sequence[Units],
    embedder: TokenEmbedder,
    current: Path | None,
    known: Sequence[KnownVectors],
    progress: Progress | None,
) -> Vectors:
    passages = [passage for document in documents for passage in document.passages]
    ids = [passage.id for passage in passages]
    if len(set(ids)) != len(ids):
        raise CorpusInvalid("Two passages have the same id: the same text stands twice in one document.")
    stored = index_store.StoredVectors(current / "index.sqlite" if current else None)
    projection = stored.projection(embedder.name)
    keys = [index_store.key_of(text) for text in units[0].texts]
    tokens = stored.find_tokens(embedder.name, keys) if projection is not None else {}
    vectors = compute_vectors(
        units, embedder, known=[stored, *known], known_tokens=tokens, projection=projection, progress=progress
    )
    with index_store.new_store(built / "index.sqlite") as database:
        index_store.write_documents(database, documents)
        for unit in units:
            model = unit.embedder.name
            unit_keys = [index_store.key_of(text) for text in unit.texts]
            index_store.write_units(database, unit.name, model, unit.rows, unit_keys, vectors.by_model[model])
        if vectors.projection is not None:
            index_store.write_tokens(database, embedder.name, vectors.projection, vectors.tokens)
    _, own = index_store.read_snapshot(built / "index.sqlite", "")
    if ids:
        write_chroma(built / "chroma", ids, [passage.text for passage in passages], own)
        open_chroma(built / "chroma", expected=len(ids), probe=own[0])
    (built / "keyword").mkdir()
    save_bm25(build_bm25([words_of(keyword_text(passage)) for passage in passages]), built / "keyword")
    return vectors


def questions_for(corpus: Path) -> dict[str, tuple[str, ...]]:
    """The editors' questions of a corpus, by passage id."""
    return questions_by_passage(corpus / "questions")
