"""Build an index snapshot: embed what is new, write it aside, verify it, put it in use."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ingest.questions import EditorsQuestion, answering_sentences, questions_by_passage, read_unanswered
from ingest.vectors import Computed, KnownVectors, Progress, Units, compute_vectors, units_of
from silk_rag.adapters import index_store
from silk_rag.adapters.chroma import open_chroma, write_chroma
from silk_rag.adapters.index_folder import (
    INDEX_VERSION,
    STORE,
    current_snapshot,
    erase_others,
    hash_of,
    is_as_written,
    is_of_this_version,
    manifest_of,
    only_writer,
    publish,
    remove_unfinished,
)
from silk_rag.adapters.keyword import build_bm25, save_bm25
from silk_rag.documents import Document, Passage
from silk_rag.errors import CorpusInvalid, IndexUnusable
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
    questions: Mapping[str, Sequence[EditorsQuestion]],
    corpus_hash: str,
    unanswered: Sequence[str] = (),
    known: Sequence[KnownVectors] = (),
    fresh: bool = False,
    erase: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Make the index in `folder` hold these documents.

    Only texts that neither the snapshot in use nor `known` has vectors for are embedded; with `fresh` nothing stored
    is trusted and every text is embedded again. With `erase` no earlier snapshot is left when it returns.

    Raises Busy when another process builds, IndexUnusable when the index cannot be written or what was written cannot
    be read back; the index in use then stays as it was.
    """
    started = time.monotonic()
    fingerprint = fingerprint_of(corpus_hash, embedder, multilingual)
    with only_writer(folder):
        remove_unfinished(folder)
        current = _sound_snapshot(folder)
        if not fresh and current is not None and manifest_of(current).get("fingerprint") == fingerprint:
            report = IndexReport(
                int(manifest_of(current)["passages"]), 0, 0, time.monotonic() - started, up_to_date=True
            )
        else:
            built = folder / f"{fingerprint[:16]}-{time.time_ns():x}"
            passages = _passages_of(documents)
            units = units_of(passages, embedder, multilingual, questions, unanswered)
            answering = answering_sentences(passages, questions)
            plan = _Plan(built, documents, units, answering, embedder, fingerprint, corpus_hash)
            computed = _build(plan, None if fresh else current, known, progress)
            count = len(plan.units[0].texts)
            report = IndexReport(count, computed.embedded, computed.reused, time.monotonic() - started)
        if erase:
            erase_others(folder)
    return report


def needs_building(folder: Path) -> bool:
    """Whether there is no index that this version of the program can read."""
    current = current_snapshot(folder)
    return current is None or not is_of_this_version(current)


@dataclass(frozen=True)
class _Plan:
    """A snapshot to be built: where, of what, by which main model, and what it will say of itself."""

    built: Path
    documents: Sequence[Document]
    units: Sequence[Units]
    answering: Sequence[tuple[int, int, int]]
    embedder: TokenEmbedder
    fingerprint: str
    corpus_hash: str


def _sound_snapshot(folder: Path) -> Path | None:
    """The snapshot in use, unless it is damaged: its vectors are then not trusted either."""
    current = current_snapshot(folder)
    if current is None or not is_of_this_version(current):
        return current
    return current if is_as_written(current) else None


def _build(
    plan: _Plan,
    current: Path | None,
    known: Sequence[KnownVectors],
    progress: Progress | None,
) -> Computed:
    folder = plan.built.parent
    try:
        plan.built.mkdir(parents=True)
        computed = _write(plan, current, known, progress)
        manifest = {
            "version": INDEX_VERSION,
            "fingerprint": plan.fingerprint,
            "corpus": plan.corpus_hash,
            "passages": len(plan.units[0].texts),
            "models": list(dict.fromkeys(unit.embedder.name for unit in plan.units)),
            "sha256": hash_of(plan.built / STORE),
        }
        (plan.built / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        publish(folder, plan.built)
    except BaseException as error:
        # Whatever interrupted it: once published, it stays.
        if current_snapshot(folder) != plan.built:
            shutil.rmtree(plan.built, ignore_errors=True)
        if isinstance(error, OSError):
            raise IndexUnusable(
                f"The index cannot be written ({error}). Free some disk space and run `silk-rag ingest`; "
                "until then the index in use stays as it was."
            ) from error
        raise
    return computed


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


def _write(plan: _Plan, current: Path | None, known: Sequence[KnownVectors], progress: Progress | None) -> Computed:
    passages = _passages_of(plan.documents)
    ids = [passage.id for passage in passages]
    if len(set(ids)) != len(ids):
        raise CorpusInvalid("Two passages have the same id: the same text stands twice in one document.")
    stored = index_store.StoredVectors(current / STORE if current else None)
    with index_store.new_store(plan.built / STORE) as store:
        store.add_documents(plan.documents)
        computed = compute_vectors(
            plan.units, plan.embedder, sink=store, known=[stored, *known], tokens=stored, progress=progress
        )
        if computed.projection is not None:
            store.add_projection(plan.embedder.name, computed.projection)
        for unit in plan.units:
            store.add_units(unit.name, unit.embedder.name, unit.rows, unit.texts)
        store.add_answering(plan.answering)
    if ids:
        own = index_store.read_passage_vectors(plan.built / STORE)
        write_chroma(plan.built / "chroma", ids, [passage.text for passage in passages], own)
        open_chroma(plan.built / "chroma", expected=len(ids), probe=own[0])
    (plan.built / "keyword").mkdir()
    # A word is one object however often it occurs: the index is made from all words of all passages at once.
    words = [[sys.intern(word) for word in words_of(keyword_text(passage))] for passage in passages]
    save_bm25(build_bm25(words), plan.built / "keyword")
    return computed


def _passages_of(documents: Sequence[Document]) -> list[Passage]:
    return [passage for document in documents for passage in document.passages]


def questions_for(corpus: Path) -> dict[str, tuple[EditorsQuestion, ...]]:
    """The editors' questions of a corpus, by passage id."""
    return questions_by_passage(corpus / "questions")


def unanswered_by(corpus: Path) -> tuple[str, ...]:
    """Questions that the papers of a corpus do not answer."""
    return read_unanswered(corpus / "unanswered.yaml")
