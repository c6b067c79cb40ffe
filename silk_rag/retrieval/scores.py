"""How well passages fit a question, by each way of looking at them, and what each way counts.

A strategy gives every passage of the index a score. They are summed, each with its weight: a linear combination of
scores keeps how much better one passage is than the next, which ranks throw away (Bruch, Gai and Ingber, "An Analysis
of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023). The weights were learned from the questions of editors whose
own were left out of the index (`python -m evals weights`), never from evaluation questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from silk_rag.errors import IndexUnusable
from silk_rag.retrieval.ports import KeywordSearch, Vector, VectorSearch
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.snapshot import Snapshot, UnitVectors

#: How many passages the search by passage vectors gives; those further down count as the last of them.
DEPTH = 60
#: What a word of the papers counts that stands for a word of the question.
RELATED_WORDS = 0.3
#: A related word that stands in more than this share of the passages tells nothing.
MOST_COMMON = 0.2

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Index:
    """What the strategies search, and how many passages the search by passage vectors gives."""

    snapshot: Snapshot
    vectors: VectorSearch
    keywords: KeywordSearch
    depth: int = DEPTH

    @property
    def size(self) -> int:
        """How many passages there are."""
        return len(self.snapshot.passages)

    def is_telling(self, word: str) -> bool:
        """Whether a stem is rare enough to tell passages apart."""
        return 0 < int((self.keywords.scores([word]) > 0).sum()) <= MOST_COMMON * self.size


Strategy = Callable[[Query, Index], Scores]


def by_passage(query: Query, index: Index) -> Scores:
    """Cosine similarity of the passage's own vector."""
    rows = index.snapshot.row_of
    found = [(rows[name], near) for name, near in index.vectors.nearest(query.vector, index.depth) if name in rows]
    scores = np.full(index.size, min((near for _, near in found), default=0.0), dtype=np.float32)
    for row, near in found:
        scores[row] = near
    return scores


def by_sentence(query: Query, index: Index) -> Scores:
    """That of its nearest sentence: small is matched, big is returned."""
    return _nearest(index, index.snapshot.units, "sentences", query.vector)


def by_sentence_multilingual(query: Query, index: Index) -> Scores:
    """The same by the multilingual model; nothing when there is none."""
    return _nearest(index, index.snapshot.units, "sentences-multilingual", query.multilingual_vector)


def by_learned_sentence(query: Query, index: Index) -> Scores:
    """The same under the learned metric, see `silk_rag.retrieval.metric`."""
    return _nearest(index, index.snapshot.learned, "sentences", query.vector)


def by_learned_sentence_multilingual(query: Query, index: Index) -> Scores:
    """The same by the multilingual model."""
    return _nearest(index, index.snapshot.learned, "sentences-multilingual", query.multilingual_vector)


def by_question(query: Query, index: Index) -> Scores:
    """Likeness, under the learned metric, to the editors' questions that it answers, see `UnitVectors.likeness`."""
    return _likeness(index, "questions", query.vector)


def by_question_multilingual(query: Query, index: Index) -> Scores:
    """The same by the multilingual model; nothing when there is none."""
    return _likeness(index, "questions-multilingual", query.multilingual_vector)


def by_token(query: Query, index: Index) -> Scores:
    """How near a match each of the question's words has in the passage.

    Passages beyond the budget of token vectors get what those with as near a sentence get on average.
    """
    vectors = index.snapshot.tokens
    if vectors is None or query.tokens is None:
        return np.zeros(index.size, dtype=np.float32)
    scores = vectors.scores(query.tokens, index.size)
    known = scores > -1.0
    if not known.all() and known.sum() > 1:
        sentences = by_sentence(query, index)
        slope, base = np.polyfit(sentences[known], scores[known], 1)
        scores[~known] = slope * sentences[~known] + base
    return scores


def by_keyword(query: Query, index: Index) -> Scores:
    """BM25 of its words and, counting less, of the papers' words for them, as a share of the best passage's."""
    scores = index.keywords.scores(query.words)
    related = [word for word in query.related if index.is_telling(word)]
    if related:
        scores = scores + RELATED_WORDS * index.keywords.scores(related)
    best = float(scores.max(initial=0.0))
    return (scores / best if best else scores).astype(np.float32)


#: Each strategy and its weight for an English question.
ENGLISH: Mapping[Strategy, float] = {
    by_learned_sentence: 0.6,
    by_learned_sentence_multilingual: 5.0,
    by_question: 7.0,
    by_question_multilingual: 15.0,
    by_token: 7.4,
    by_keyword: 1.0,
}
#: The main model knows English only: questions in another language are left to the multilingual one and to names.
OTHER_LANGUAGES: Mapping[Strategy, float] = {
    by_learned_sentence_multilingual: 14.5,
    by_question_multilingual: 19.0,
    by_keyword: 1.8,
}
#: The same for passages that no editor wrote questions for.
ENGLISH_TEXT: Mapping[Strategy, float] = {
    by_passage: 2.7,
    by_sentence: 4.9,
    by_sentence_multilingual: 37.0,
    by_token: 12.5,
    by_keyword: 1.2,
}
OTHER_LANGUAGES_TEXT: Mapping[Strategy, float] = {by_sentence_multilingual: 74.0, by_keyword: 3.0}


def total(strategies: Mapping[Strategy, float], query: Query, index: Index) -> Scores:
    """The weighted sum of what the strategies give each passage, shape (passages,)."""
    scores = np.zeros(index.size, dtype=np.float32)
    for strategy, weight in strategies.items():
        scores += weight * strategy(query, index)
    return scores


def _nearest(index: Index, units: Mapping[str, UnitVectors], name: str, vector: Vector | None) -> Scores:
    found = _units(index, units, name, vector)
    if found is None or vector is None:
        return np.zeros(index.size, dtype=np.float32)
    return found.best_by_passage(vector, index.size)


def _likeness(index: Index, name: str, vector: Vector | None) -> Scores:
    found = _units(index, index.snapshot.learned, name, vector)
    if found is None or vector is None:
        return np.zeros(index.size, dtype=np.float32)
    return found.likeness(vector, index.size)


def _units(index: Index, units: Mapping[str, UnitVectors], name: str, vector: Vector | None) -> UnitVectors | None:
    found = units.get(name)
    if found is None or vector is None or not len(found.rows):
        return None
    if index.snapshot.units[name].vectors.shape[1] != len(vector):
        raise IndexUnusable(
            "The index was built with another embedding model. Run `silk-rag ingest` to build it again."
        )
    return found
