"""Compute the vectors an index needs, each text once, and only those that are not known yet."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from silk_rag.adapters.index_store import key_of
from silk_rag.documents import Passage
from silk_rag.retrieval.indexed_text import passage_text, sentence_text
from silk_rag.retrieval.late_interaction import principal_projection, unit_rows
from silk_rag.retrieval.ports import Embedder, Matrix, TokenEmbedder

Progress = Callable[[str, int, int], None]
_BATCH = 64
#: Token vectors are kept for the first passages up to this many tokens: 0.1 GB. Later passages do without.
MOST_TOKENS = 400_000
_SAMPLED_TOKENS = 10_000


class KnownVectors(Protocol):
    """Vectors computed earlier, by model and key of the text, as float16 bytes."""

    def find(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Those of the keys that are known."""


@dataclass(frozen=True, slots=True)
class Units:
    """Texts of one kind to be embedded by one model, each with its passage's row."""

    name: str
    embedder: Embedder
    rows: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True)
class Vectors:
    """What was computed or found: by model and key; token vectors of the main model by key; how many were new."""

    by_model: Mapping[str, Mapping[str, bytes]]
    tokens: Mapping[str, bytes]
    projection: Matrix | None
    embedded: int
    reused: int


@dataclass
class _Job:
    """The vectors of one run while they are being computed."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    found: dict[str, dict[str, bytes]] = field(default_factory=dict)
    done: int = 0


def units_of(
    passages: Sequence[Passage],
    embedder: TokenEmbedder,
    multilingual: Embedder | None,
    questions: Mapping[str, Sequence[str]],
) -> list[Units]:
    """Everything an index embeds: passages, sentences and editors' questions."""
    sentences = [(row, sentence_text(p, s)) for row, p in enumerate(passages) for s in p.sentences]
    asked = [(row, question) for row, p in enumerate(passages) for question in questions.get(p.id, ())]
    units = [
        Units("passages", embedder, range(len(passages)), [passage_text(passage) for passage in passages]),
        _units("sentences", embedder, sentences),
        _units("questions", embedder, asked),
    ]
    if multilingual is not None:
        units.append(_units("sentences-multilingual", multilingual, sentences))
        units.append(_units("questions-multilingual", multilingual, asked))
    return units


def compute_vectors(
    units: Sequence[Units],
    embedder: TokenEmbedder,
    *,
    known: Sequence[KnownVectors],
    known_tokens: Mapping[str, bytes],
    projection: Matrix | None,
    progress: Progress | None = None,
) -> Vectors:
    """Vectors for all units. The models work side by side: both let go of the interpreter while they compute.

    Passages not in `known_tokens` are embedded with their tokens, reduced by `projection` or, on a first build, by the principal
    components of their own.
    """
    job = _Job()
    embedders = {unit.embedder.name: unit.embedder for unit in units}
    for unit in units:
        job.texts.setdefault(unit.embedder.name, {}).update((key_of(text), text) for text in unit.texts)
        job.found.setdefault(unit.embedder.name, {})
    for model, texts in job.texts.items():
        for source in known:
            job.found[model].update(source.find(model, [key for key in texts if key not in job.found[model]]))
    reused = sum(map(len, job.found.values()))
    total = sum(len(texts) for texts in job.texts.values()) - reused
    tokens = dict(known_tokens)

    def report(count: int) -> None:
        job.done += count
        if progress:
            progress("embedding", min(job.done, total), total)

    def work(model: str) -> Matrix | None:
        used = projection
        if model == embedder.name:
            used = _embed_passages(units[0], embedder, job, tokens, projection, report)
        _embed_rest(embedders[model], job, report)
        return used

    with ThreadPoolExecutor(max_workers=max(1, len(embedders))) as pool:
        used = list(pool.map(work, embedders))
    return Vectors(job.found, tokens, used[0], total, reused)


def _embed_passages(
    passages: Units,
    embedder: TokenEmbedder,
    job: _Job,
    tokens: dict[str, bytes],
    projection: Matrix | None,
    report: Callable[[int], None],
) -> Matrix | None:
    """Embed passages with their tokens, as many as the budget allows; returns the projection used."""
    missing = list(dict.fromkeys(text for text in passages.texts if key_of(text) not in tokens))
    budget = MOST_TOKENS - sum(len(blob) for blob in tokens.values()) // 256
    whole: list[tuple[str, Matrix]] = []
    for start in range(0, len(missing), _BATCH):
        part = missing[start : start + _BATCH]
        if budget <= 0:
            break
        for text, result in zip(part, embedder.embed_tokens(part), strict=True):
            new = key_of(text) not in job.found[embedder.name]
            job.found[embedder.name][key_of(text)] = _bytes(result.vector)
            budget -= len(result.tokens)
            report(int(new))
            if projection is None:
                whole.append((key_of(text), result.tokens))
            else:
                tokens[key_of(text)] = _bytes(unit_rows(result.tokens @ projection))
    if whole:
        projection = _projection_for([vectors for _, vectors in whole])
        tokens.update((key, _bytes(unit_rows(vectors @ projection))) for key, vectors in whole)
    return projection


def _projection_for(token_vectors: Sequence[Matrix]) -> Matrix:
    every = np.concatenate(token_vectors)
    chosen = random.Random(0).sample(range(len(every)), min(_SAMPLED_TOKENS, len(every)))  # noqa: S311 (no secret)
    return principal_projection(every[sorted(chosen)])


def _embed_rest(embedder: Embedder, job: _Job, report: Callable[[int], None]) -> None:
    """Embed what is not known yet. Texts of like length share a batch: it costs as much as its longest text."""
    texts, found = job.texts[embedder.name], job.found[embedder.name]
    keys = sorted((key for key in texts if key not in found), key=lambda key: len(texts[key]))
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        vectors = embedder.embed_passages([texts[key] for key in part])
        found.update(zip(part, map(_bytes, vectors), strict=True))
        report(len(part))


def _units(name: str, embedder: Embedder, pairs: Sequence[tuple[int, str]]) -> Units:
    return Units(name, embedder, [row for row, _ in pairs], [text for _, text in pairs])


def _bytes(vectors: Matrix) -> bytes:
    return vectors.astype(np.float16).tobytes()
