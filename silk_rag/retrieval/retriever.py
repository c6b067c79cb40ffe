"""Hybrid retrieval: passages in the order of their scores, repeated ones shown once.

What each way of scoring contributes is measured in docs/evaluation.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from silk_rag.cases import Case
from silk_rag.documents import Passage
from silk_rag.glossary import Glossary
from silk_rag.retrieval.duplicates import duplicate_groups
from silk_rag.retrieval.focus import focuses_of
from silk_rag.retrieval.own_documents import placed_by_text
from silk_rag.retrieval.ports import Embedder, TokenEmbedder
from silk_rag.retrieval.query import Query, understand
from silk_rag.retrieval.scores import (
    ENGLISH,
    ENGLISH_TEXT,
    OTHER_LANGUAGES,
    OTHER_LANGUAGES_TEXT,
    Index,
    Scores,
    Strategy,
    total,
)

#: What it counts, beside the sum of scores, that a passage belongs to a part that the question points at: the only case
#: named, each of several, a place in the papers.
ONE_CASE, SEVERAL_CASES, PLACE = 2.0, 3.0, 3.0
#: In a conversation: what it counts that a passage speaks of the case talked about.
TALKED_OF = 2.0
#: What the context counts for a question that explains itself.
NOT_LEANING = 0.5


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage found: its fused score, and the passages that say the same in other places."""

    passage: Passage
    score: float
    repeated_in: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Retriever:
    """Finds the passages that may answer a question. `keep_apart` are groups of texts never shown as repetitions."""

    index: Index
    embedder: TokenEmbedder
    multilingual: Embedder | None
    detect_language: Callable[[str], str]
    cases: Sequence[Case] = ()
    glossary: Glossary = field(default_factory=Glossary)
    strategies: Mapping[Strategy, float] = field(default_factory=lambda: ENGLISH)
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
        scores = self._scores(query, replace(self.index, depth=len(passages)) if wanted else self.index)
        ranked = _best_first(scores)
        return self._folded([each for each in ranked if wanted is None or wanted(passages[each[0]])], k)

    def rank(self, query: Query) -> list[Retrieved]:
        """Every passage, best first, repeated ones too."""
        passages = self.index.snapshot.passages
        scores = self._scores(query, replace(self.index, depth=len(passages)))
        return [Retrieved(passages[row], score) for row, score in _best_first(scores)]

    def retrieve_following(
        self, query: Query, behind: Query, earlier: Sequence[str], k: int, *, leans: bool
    ) -> list[Retrieved]:
        """The k best passages for a question in a conversation.

        The scores of the question as it stands and of the same behind the question before it are added: a new topic is
        found by the first, a follow-up by the second, which counts less when it does not lean. "They" are the case that
        most of the passages cited `earlier` speak of.
        """
        scores = self._scores(query, self.index)
        context = 1.0 if leans else NOT_LEANING
        scores = scores + context * self._scores(behind, self.index)
        case = self._talked_of(earlier)
        if leans and case is not None:
            scores += TALKED_OF * np.array([case in p.cases for p in self.index.snapshot.passages], dtype=np.float32)
        return self._folded(_best_first(scores), max(k, 0))

    def _scores(self, query: Query, index: Index) -> Scores:
        """The score of every passage, shape (passages,)."""
        english = query.language == "en" or self.multilingual is None
        scores = total(self.strategies if english else OTHER_LANGUAGES, query, index)
        asked_about = index.snapshot.asked_about
        if not asked_about.all():
            by_text = total(ENGLISH_TEXT if english else OTHER_LANGUAGES_TEXT, query, index)
            scores = placed_by_text(scores, by_text, asked_about)
        return scores + self._pointed_at(query)

    def _talked_of(self, cited: Sequence[str]) -> str | None:
        """The case that more than half of the cited passages speak of."""
        passages = list(filter(None, map(self.index.snapshot.passage, dict.fromkeys(cited))))
        counts = Counter(case for passage in passages for case in passage.cases)
        case, count = counts.most_common(1)[0] if counts else ("", 0)
        return case if 2 * count > len(passages) else None

    def _pointed_at(self, query: Query) -> Scores:
        """What passages get for belonging to the parts that the question points at."""
        passages = self.index.snapshot.passages
        extra = np.zeros(len(passages), dtype=np.float32)
        focuses = focuses_of(query)
        case_weight = ONE_CASE if sum(focus.is_case for focus in focuses) == 1 else SEVERAL_CASES
        for focus in focuses:
            weight = case_weight if focus.is_case else PLACE
            extra += np.array([weight * focus.holds(passage) for passage in passages], dtype=np.float32)
        return extra

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


def _best_first(scores: Scores) -> list[tuple[int, float]]:
    """Rows and their scores, best first; equal ones in row order, so that the result does not depend on chance."""
    return [(int(row), float(scores[row])) for row in np.argsort(-scores, kind="stable")]


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
