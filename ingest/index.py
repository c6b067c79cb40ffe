"""Build an index snapshot: embed what is new, write it aside, verify it, put it in use."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ingest.questions import questions_by_passage
from silk_rag.adapters import index_store
from silk_rag.adapters.chroma import open_chroma, write_chroma
from silk_rag.adapters.index_folder import INDEX_VERSION, current_snapshot, manifest_of, only_writer, publish
from silk_rag.adapters.keyword import build_bm25, save_bm25
from silk_rag.documents import Document, Passage
from silk_rag.errors import IndexUnusable
from silk_rag.retrieval.indexed_text import keyword_text, passage_text, sentence_text
from silk_rag.retrieval.ports import Embedder
from silk_rag.retrieval.words import words_of

_BATCH = 64
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What building did. `embedded` and `reused` count texts; both are 0 when the index was up to date."""

    passages: int
    embedded: int
    reused: int
    seconds: float
    up_to_date: bool = False


@dataclass(frozen=True, slots=True)
class _Units:
    """Texts of one kind to be embedded by one model, each with its passage's row."""

    name: str
    embedder: Embedder
    rows: Sequence[int]
    texts: Sequence[str]


def build_index(
    documents: Sequence[Document],
    folder: Path,
    *,
    embedder: Embedder,
    multilingual: Embedder | None,
    questions: Mapping[str, Sequence[str]],
    corpus_hash: str,
    progress: Progress | None = None,
) -> IndexReport:
    """Make the index in `folder` hold these documents, embedding only texts that the snapshot in use does not know.

    Raises Busy when another process builds, IndexUnusable when what was written cannot be read back.
    """
    started = time.monotonic()
    fingerprint = fingerprint_of(corpus_hash, embedder, multilingual)
    with only_writer(folder):
        current = current_snapshot(folder)
        if current is not None and manifest_of(current).get("fingerprint") == fingerprint:
            count = int(manifest_of(current)["passages"])
            return IndexReport(count, 0, 0, time.monotonic() - started, up_to_date=True)
        built = folder / f"{fingerprint[:16]}-{time.time_ns():x}"
        built.mkdir(parents=True)
        try:
            known = index_store.StoredVectors(current / "index.sqlite" if current else None)
            embedded, reused = _write(built, documents, embedder, multilingual, questions, known, progress)
            manifest = {
                "version": INDEX_VERSION,
                "fingerprint": fingerprint,
                "corpus": corpus_hash,
                "passages": sum(len(document.passages) for document in documents),
                "models": [each.name for each in (embedder, multilingual) if each is not None],
            }
            (built / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            publish(folder, built)
        except BaseException:
            shutil.rmtree(built, ignore_errors=True)
            raise
    return IndexReport(manifest["passages"], embedded, reused, time.monotonic() - started)


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
    embedder: Embedder,
    multilingual: Embedder | None,
    questions: Mapping[str, Sequence[str]],
    known: index_store.StoredVectors,
    progress: Progress | None,
) -> tuple[int, int]:
    passages = [passage for document in documents for passage in document.passages]
    units = _all_units(passages, embedder, multilingual, questions)
    vectors, embedded, reused = _embed_all(units, known, progress)
    with index_store.new_store(built / "index.sqlite") as database:
        index_store.write_documents(database, documents)
        for unit in units:
            keys = [index_store.key_of(text) for text in unit.texts]
            index_store.write_units(database, unit.name, unit.embedder.name, unit.rows, keys, vectors[unit.embedder.name])
    _, own = index_store.read_snapshot(built / "index.sqlite", "")
    ids = [passage.id for passage in passages]
    if len(set(ids)) != len(ids):
        raise IndexUnusable("Two passages have the same id: the same text stands twice in one document.")
    if ids:
        write_chroma(built / "chroma", ids, [passage.text for passage in passages], own)
        open_chroma(built / "chroma", expected=len(ids), probe=own[0])
    (built / "keyword").mkdir()
    save_bm25(build_bm25([words_of(keyword_text(passage)) for passage in passages]), built / "keyword")
    return embedded, reused


def _all_units(
    passages: Sequence[Passage],
    embedder: Embedder,
    multilingual: Embedder | None,
    questions: Mapping[str, Sequence[str]],
) -> list[_Units]:
    sentences = [(row, sentence_text(p, s)) for row, p in enumerate(passages) for s in p.sentences]
    asked = [(row, question) for row, p in enumerate(passages) for question in questions.get(p.id, ())]
    units = [
        _Units("passages", embedder, range(len(passages)), [passage_text(passage) for passage in passages]),
        _units("sentences", embedder, sentences),
        _units("questions", embedder, asked),
    ]
    if multilingual is not None:
        units.append(_units("sentences-multilingual", multilingual, sentences))
    return units


def _units(name: str, embedder: Embedder, pairs: Sequence[tuple[int, str]]) -> _Units:
    return _Units(name, embedder, [row for row, _ in pairs], [text for _, text in pairs])


def _embed_all(
    units: Sequence[_Units], known: index_store.StoredVectors, progress: Progress | None
) -> tuple[dict[str, dict[str, bytes]], int, int]:
    """Vectors by model and key. The two models work side by side: both let go of the interpreter while they compute."""
    texts: dict[str, dict[str, str]] = {}
    embedders = {unit.embedder.name: unit.embedder for unit in units}
    for unit in units:
        texts.setdefault(unit.embedder.name, {}).update((index_store.key_of(text), text) for text in unit.texts)
    vectors = {model: known.find(model, wanted) for model, wanted in texts.items()}
    reused = sum(map(len, vectors.values()))
    missing = {model: [key for key in wanted if key not in vectors[model]] for model, wanted in texts.items()}
    total = sum(map(len, missing.values()))
    done = 0

    def embed(model: str) -> None:
        nonlocal done
        # Texts of about the same length share a batch: a batch costs as much as its longest text.
        keys = sorted(missing[model], key=lambda key: len(texts[model][key]))
        for start in range(0, len(keys), _BATCH):
            part = keys[start : start + _BATCH]
            found = embedders[model].embed_passages([texts[model][key] for key in part])
            vectors[model].update(zip(part, (row.astype(np.float16).tobytes() for row in found), strict=True))
            done += len(part)
            if progress:
                progress("embedding", done, total)

    with ThreadPoolExecutor(max_workers=max(1, len(missing))) as pool:
        list(pool.map(embed, missing))
    return vectors, total, reused


def questions_for(corpus: Path) -> dict[str, tuple[str, ...]]:
    """The editors' questions of a corpus, by passage id."""
    return questions_by_passage(corpus / "questions")
