"""Hybrid retrieval: several rankings of the passages, fused, repeated passages shown once.

A ranking strategy is a function from a query and the index to passage rows, best first. What each one contributes is
measured in docs/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from silk_rag.cases import Case
from silk_rag.documents import Passage
from silk_rag.errors import IndexUnusable
from silk_rag.glossary import Glossary
from silk_rag.retrieval.duplicates import duplicate_groups
from silk_rag.retrieval.focus import focuses_of
from silk_rag.retrieval.fusion import Ranking, fuse
from silk_rag.retrieval.own_documents import in_place_of_questions
from silk_rag.retrieval.ports import Embedder, KeywordSearch, TokenEmbedder, Vector, VectorSearch
from silk_rag.retrieval.query import Query, understand
from silk_rag.retrieval.snapshot import Snapshot

#: How far down each ranking counts.
DEPTH = 60
#: What a word of the papers counts that stands for a word of the question.
RELATED_WORDS = 0.3
#: A related word that stands in more than this share of the passages tells nothing.
MOST_COMMON = 0.2
#: What the ranking of a part that the question points at counts: the only case named, each of several, a place.
ONE_CASE, SEVERAL_CASES, PLACE = 1.0, 2.0, 1.0
#: How far down such a ranking counts.
FOCUS_DEPTH = 20
#: In a conversation: how far down the rankings of the question alone and behind the one before it count, how many of
#: the passages cited before count, and how much.
FOLLOWING_DEPTH, EARLIER_DEPTH, EARLIER = 40, 3, 0.5
#: What both count for a question that explains itself.
NOT_LEANING = 0.5


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage found: its fused score, and the passages that say the same in other places."""

    passage: Passage
    score: float
    repeated_in: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Index:
    """What the strategies search, and how many passages each may rank."""

    snapshot: Snapshot
    vectors: VectorSearch
    keywords: KeywordSearch
    depth: int = DEPTH

    def is_telling(self, word: str) -> bool:
        """Whether a stem is rare enough to tell passages apart."""
        passages = len(self.snapshot.passages)
        return 0 < int((self.keywords.scores([word]) > 0).sum()) <= MOST_COMMON * passages


Strategy = Callable[[Query, Index], Sequence[int]]


def by_passage(query: Query, index: Index) -> Sequence[int]:
    """Passages whose own vector is nearest."""
    rows = index.snapshot.row_of
    return [rows[identity] for identity, _ in index.vectors.nearest(query.vector, index.depth) if identity in rows]


def by_sentence(query: Query, index: Index) -> Sequence[int]:
    """Passages whose best sentence is nearest: small is matched, big is returned."""
    return _by_unit("sentences", query.vector, index)


def by_sentence_multilingual(query: Query, index: Index) -> Sequence[int]:
    """The same by the multilingual model; nothing when there is none."""
    return _by_unit("sentences-multilingual", query.multilingual_vector, index)


def by_question(query: Query, index: Index) -> Sequence[int]:
    """Passages for which the editors wrote a question like this one."""
    return _by_unit("questions", query.vector, index)


def by_question_multilingual(query: Query, index: Index) -> Sequence[int]:
    """The same by the multilingual model; nothing when there is none."""
    return _by_unit("questions-multilingual", query.multilingual_vector, index)


def by_token(query: Query, index: Index) -> Sequence[int]:
    """Passages in which each of the question's words has a near match."""
    vectors = index.snapshot.tokens
    if vectors is None or query.tokens is None:
        return []
    scores = vectors.scores(query.tokens, len(index.snapshot.passages))
    return _best_rows(scores, above=-1.0, depth=index.depth)


def by_keyword(query: Query, index: Index) -> Sequence[int]:
    """Passages that share rare words with the question or, counting less, with the papers' words for them."""
    scores = index.keywords.scores(query.words)
    related = [word for word in query.related if index.is_telling(word)]
    if related:
        scores = scores + RELATED_WORDS * index.keywords.scores(related)
    return _best_rows(scores, above=0.0, depth=index.depth)


#: Each strategy and its weight, chosen on the development questions.
STRATEGIES: Mapping[Strategy, float] = {
    by_passage: 1.0,
    by_sentence: 1.0,
    by_sentence_multilingual: 0.5,
    by_question: 2.0,
    by_question_multilingual: 2.0,
    by_token: 1.0,
    by_keyword: 1.0,
}
#: Those that know nothing of passages for which no editor wrote a question.
BY_QUESTION = frozenset({by_question, by_question_multilingual})
#: The main model knows English only: questions in another language are left to the multilingual one and to names.
OTHER_LANGUAGES: Mapping[Strategy, float] = {
    by_sentence_multilingual: 1.0,
    by_question_multilingual: 1.0,
    by_keyword: 0.5,
}


@dataclass(frozen=True)
class Retriever:
    """Finds the passages that may answer a question. `keep_apart` are groups of texts never shown as repetitions."""

    index: Index
    embedder: TokenEmbedder
    multilingual: Embedder | None
    detect_language: Callable[[str], str]
    cases: Sequence[Case] = ()
    glossary: Glossary = field(default_factory=Glossary)
    strategies: Mapping[Strategy, float] = field(default_factory=lambda: STRATEGIES)
    groups: Sequence[int] = ()

    def understand(self, question: str, *, language: str | None = None) -> Query:
        """Take a question apart; its language is detected unless it is given."""
        return understand(
            question,
            language=language or self.detect_language(question),
            embedder=self.embedder,
            multilingual=self.multilingual,
            token_vectors=self.index.snapshot.tokens,
            cases=self.cases,
            glossary=self.glossary,
        )

    def retrieve(self, query: Query, k: int, *, wanted: Callable[[Passage], bool] | None = None) -> list[Retrieved]:
        """The k best passages, best first, those that repeat another one folded into it.

        With `wanted`, only of those passages: every one of them is ranked, however far down it stands among all.
        """
        if k < 1:
            return []
        passages = self.index.snapshot.passages
        index = replace(self.index, depth=len(passages)) if wanted else self.index
        rankings = self._rankings(query, index)
        fused = fuse([*rankings, *self._focus_rankings(query)])
        return self._folded([each for each in fused if wanted is None or wanted(passages[each[0]])], k)

    def rank(self, query: Query) -> list[Retrieved]:
        """Every passage that any strategy finds, best first, repeated ones too."""
        passages = self.index.snapshot.passages
        rankings = self._rankings(query, replace(self.index, depth=len(passages)))
        fused = fuse([*rankings, *self._focus_rankings(query)])
        return [Retrieved(passages[row], score) for row, score in fused]

    def retrieve_following(
        self, query: Query, behind: Query, earlier: Sequence[str], k: int, *, leans: bool
    ) -> list[Retrieved]:
        """The k best passages for a question in a conversation.

        The question as it stands, the same behind the question before it, and the passages `earlier` cited each give a
        ranking: a new topic is found by the first, a follow-up by the others, which count less when it does not lean.
        """
        rows = self.index.snapshot.row_of
        cited = [rows[identity] for identity in dict.fromkeys(earlier) if identity in rows]
        context = 1.0 if leans else NOT_LEANING
        rankings = [
            Ranking("alone", [rows[found.passage.id] for found in self.retrieve(query, FOLLOWING_DEPTH)]),
            Ranking("behind", [rows[found.passage.id] for found in self.retrieve(behind, FOLLOWING_DEPTH)], context),
            Ranking("earlier", cited[:EARLIER_DEPTH], EARLIER * context),
        ]
        return self._folded(fuse(rankings), max(k, 0))

    def _rankings(self, query: Query, index: Index) -> list[Ranking]:
        english = query.language == "en" or self.multilingual is None
        strategies = self.strategies if english else OTHER_LANGUAGES
        rankings = {
            strategy: Ranking(strategy.__name__, strategy(query, index), weight)
            for strategy, weight in strategies.items()
        }
        asked = [ranking for strategy, ranking in rankings.items() if strategy in BY_QUESTION]
        by_text = [ranking for strategy, ranking in rankings.items() if strategy not in BY_QUESTION]
        own = in_place_of_questions(by_text, asked, index.snapshot.passages, index.depth)
        return [*rankings.values(), *own]

    def _focus_rankings(self, query: Query) -> list[Ranking]:
        """One ranking for each part of the papers that the question points at."""
        focuses = focuses_of(query)
        if not focuses:
            return []
        passages = self.index.snapshot.passages
        everything = fuse(self._rankings(query, replace(self.index, depth=len(passages))))
        case_weight = ONE_CASE if sum(focus.is_case for focus in focuses) == 1 else SEVERAL_CASES
        return [
            Ranking(
                focus.name,
                [row for row, _ in everything if focus.holds(passages[row])][:FOCUS_DEPTH],
                case_weight if focus.is_case else PLACE,
            )
            for focus in focuses
        ]

    def _folded(self, fused: Sequence[tuple[int, float]], k: int) -> list[Retrieved]:
        passages = self.index.snapshot.passages
        found: dict[int, Retrieved] = {}
        for row, score in fused:
            group = self.groups[row] if self.groups else row
            first = found.get(group)
            if first is not None:
                repeated = (*first.repeated_in, passages[row])
                found[group] = Retrieved(first.passage, first.score, repeated)
            elif len(found) < k:
                found[group] = Retrieved(passages[row], score)
        return list(found.values())


def repetition_groups(passages: Sequence[Passage], keep_apart: Sequence[str] = ()) -> list[int]:
    """For each passage the row of the passage it repeats, or its own.

    A passage that holds one of the `keep_apart` quotations stands for itself: there the papers contradict themselves,
    and the other side must not be hidden.
    """
    groups = duplicate_groups([passage.text for passage in passages])
    for row, passage in enumerate(passages):
        if any(quote in passage.text for quote in keep_apart):
            groups[row] = row
    return groups


def _by_unit(name: str, vector: Vector | None, index: Index) -> Sequence[int]:
    units = index.snapshot.units.get(name)
    if units is None or vector is None or not len(units.rows):
        return []
    if units.vectors.shape[1] != len(vector):
        raise IndexUnusable(
            "The index was built with another embedding model. Run `silk-rag ingest` to build it again."
        )
    scores = units.best_by_passage(vector, len(index.snapshot.passages))
    return _best_rows(scores, above=-1.0, depth=index.depth)


def _best_rows(scores: NDArray[np.float32], *, above: float, depth: int) -> list[int]:
    best = np.argsort(-scores, kind="stable")[:depth]
    return [int(row) for row in best if scores[row] > above]
