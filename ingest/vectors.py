"""Compute the vectors an index needs, each text once, and only those that are not known yet.

Vectors go to where they are kept as soon as they are there: memory holds the texts still to be embedded, and no more.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.questions import EditorsQuestion
from silk_rag.adapters.index_store import key_of
from silk_rag.documents import Passage
from silk_rag.retrieval.indexed_text import passage_text, sentence_text
from silk_rag.retrieval.late_interaction import DIMENSIONS, principal_projection, unit_rows
from silk_rag.retrieval.ports import Embedder, Matrix, TokenEmbedder

Progress = Callable[[str, int, int], None]
_BATCH = 64
#: How many known vectors are looked up, and passed on, at a time.
_LOOKED_UP = 2_000
#: Token vectors are kept for the first passages up to this many tokens: 0.1 GB. Later passages do without.
MOST_TOKENS = 400_000
_SAMPLED_TOKENS = 10_000


class KnownVectors(Protocol):
    """Vectors computed earlier, by model and key of the text, as float16 bytes."""

    def find(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Those of the keys that are known."""


class KnownTokens(Protocol):
    """Token vectors computed earlier, and the projection they were reduced by."""

    def find_tokens(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Those of the keys that are known, as float16 bytes."""

    def projection(self, model: str) -> Matrix | None:
        """The projection, shape (model dimensions, dimensions); None when nothing is known."""


class VectorSink(Protocol):
    """Where vectors are kept. Called from several threads."""

    def add_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors, as float16 bytes by key."""

    def add_tokens(self, model: str, tokens: Mapping[str, bytes]) -> None:
        """Keep reduced token vectors, as float16 bytes by key."""


@dataclass(frozen=True, slots=True)
class Units:
    """Texts of one kind to be embedded by one model, each with its passage's row."""

    name: str
    embedder: Embedder
    rows: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True)
class Computed:
    """How many texts were embedded and how many were known, and the projection of the token vectors."""

    embedded: int
    reused: int
    projection: Matrix | None


@dataclass
class _Job:
    """One run: texts still to be embedded, by model and key; `stop` ends the other model's work when one fails."""

    sink: VectorSink
    missing: dict[str, dict[str, str]]
    total: int
    progress: Progress | None
    done: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Pass new vectors on, and say how far the work has come."""
        self.sink.add_vectors(model, vectors)
        with self.lock:
            self.done += len(vectors)
            if self.progress and vectors:
                self.progress("embedding", self.done, self.total)


def units_of(
    passages: Sequence[Passage],
    embedder: TokenEmbedder,
    multilingual: Embedder | None,
    questions: Mapping[str, Sequence[EditorsQuestion]],
    unanswered: Sequence[str] = (),
) -> list[Units]:
    """Everything an index embeds: passages, sentences and editors' questions.

    Those that no passage answers belong to none: they are kept together under row 0.
    """
    sentences = [(row, sentence_text(p, s)) for row, p in enumerate(passages) for s in p.sentences]
    asked = [(row, question.text) for row, p in enumerate(passages) for question in questions.get(p.id, ())]
    units = [
        Units("passages", embedder, range(len(passages)), [passage_text(passage) for passage in passages]),
        _units("sentences", embedder, sentences),
        _units("questions", embedder, asked),
    ]
    if multilingual is not None:
        units.append(_units("sentences-multilingual", multilingual, sentences))
        units.append(_units("questions-multilingual", multilingual, asked))
        units.append(_units("unanswered-multilingual", multilingual, [(0, question) for question in unanswered]))
    return units


def compute_vectors(
    units: Sequence[Units],
    embedder: TokenEmbedder,
    *,
    sink: VectorSink,
    known: Sequence[KnownVectors],
    tokens: KnownTokens,
    progress: Progress | None = None,
) -> Computed:
    """Vectors for all units. The models work side by side: both let go of the interpreter while they compute.

    Passages without known token vectors are embedded with their tokens, reduced by the known projection or, on a
    first build, by the principal components of their own.
    """
    embedders = {unit.embedder.name: unit.embedder for unit in units}
    missing: dict[str, dict[str, str]] = {name: {} for name in embedders}
    for unit in units:
        missing[unit.embedder.name].update((key_of(text), text) for text in unit.texts)
    reused = sum(_reuse(model, texts, known, sink) for model, texts in missing.items())
    total = sum(map(len, missing.values()))
    job = _Job(sink, missing, total, progress)

    def work(model: str) -> Matrix | None:
        try:
            projection = _embed_passages(units[0], embedder, job, tokens) if model == embedder.name else None
            _embed_rest(embedders[model], job)
        except BaseException:
            job.stop.set()
            raise
        return projection

    with ThreadPoolExecutor(max_workers=max(1, len(embedders))) as pool:
        try:
            projections = list(pool.map(work, embedders))
        except BaseException:
            job.stop.set()
            raise
    return Computed(total, reused, projections[0])


def _reuse(model: str, texts: dict[str, str], known: Sequence[KnownVectors], sink: VectorSink) -> int:
    """Pass known vectors on and take their texts off the list; returns how many there were."""
    reused = 0
    for keys in _parts(list(texts), _LOOKED_UP):
        found: dict[str, bytes] = {}
        for source in known:
            found.update(source.find(model, [key for key in keys if key not in found]))
        sink.add_vectors(model, found)
        for key in found:
            del texts[key]
        reused += len(found)
    return reused


def _embed_passages(passages: Units, embedder: TokenEmbedder, job: _Job, known: KnownTokens) -> Matrix | None:
    """Give passages their token vectors, from the first one on and as many as the budget allows.

    Their own vectors come from the same computation. Returns the projection used.
    """
    projection = known.projection(embedder.name)
    missing = job.missing[embedder.name]
    texts = {key_of(text): text for text in passages.texts}
    whole: dict[str, NDArray[np.float16]] = {}
    budget = MOST_TOKENS
    for keys in _parts(list(texts), _BATCH):
        if budget <= 0 or job.stop.is_set():
            break
        found = known.find_tokens(embedder.name, keys) if projection is not None else {}
        new = [key for key in keys if key not in found]
        results = embedder.embed_tokens([texts[key] for key in new]) if new else []
        job.keep(
            embedder.name,
            {key: _bytes(r.vector) for key, r in zip(new, results, strict=True) if missing.pop(key, None) is not None},
        )
        budget -= sum(len(blob) for blob in found.values()) // (2 * DIMENSIONS) + sum(len(r.tokens) for r in results)
        if projection is None:
            whole.update((key, r.tokens.astype(np.float16)) for key, r in zip(new, results, strict=True))
        else:
            found.update((k, _bytes(unit_rows(r.tokens @ projection))) for k, r in zip(new, results, strict=True))
            job.sink.add_tokens(embedder.name, found)
    if whole:
        projection = _projection_for(list(whole.values()))
        for key, vectors in whole.items():
            reduced = unit_rows(vectors.astype(np.float32) @ projection)
            job.sink.add_tokens(embedder.name, {key: _bytes(reduced)})
    return projection


def _projection_for(token_vectors: Sequence[NDArray[np.float16]]) -> Matrix:
    ends = np.cumsum([len(vectors) for vectors in token_vectors])
    count = int(ends[-1])
    chosen = random.Random(0).sample(range(count), min(_SAMPLED_TOKENS, count))  # noqa: S311 (no secret)
    sample = [_row(token_vectors, ends, at) for at in sorted(chosen)]
    return principal_projection(np.array(sample, dtype=np.float32))


def _row(parts: Sequence[NDArray[np.float16]], ends: NDArray[np.int64], at: int) -> NDArray[np.float16]:
    part = int(np.searchsorted(ends, at, side="right"))
    row: NDArray[np.float16] = parts[part][at - int(ends[part])]
    return row


def _embed_rest(embedder: Embedder, job: _Job) -> None:
    """Embed what is not known yet. Texts of like length share a batch: it costs as much as its longest text."""
    texts = job.missing[embedder.name]
    for keys in _parts(sorted(texts, key=lambda key: len(texts[key])), _BATCH):
        if job.stop.is_set():
            return
        vectors = embedder.embed_passages([texts[key] for key in keys])
        job.keep(embedder.name, dict(zip(keys, map(_bytes, vectors), strict=True)))


def _parts(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _units(name: str, embedder: Embedder, pairs: Sequence[tuple[int, str]]) -> Units:
    return Units(name, embedder, [row for row, _ in pairs], [text for _, text in pairs])


def _bytes(vectors: Matrix) -> bytes:
    return vectors.astype(np.float16).tobytes()
