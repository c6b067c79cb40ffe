"""How well each sentence of the retrieved passages fits a question.

A sentence's fit is a sum of what the models say of its meaning, the rare words it shares with the question, and how
high its passage stands. Sentence vectors were computed when the index was built: nothing is embedded here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from silk_rag.documents import Passage, Sentence
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.retrieval.words import words_of

#: Weights of the parts of a sentence's fit, chosen on the development questions.
MEANING, MULTILINGUAL, WORDS, PLACE, NUMBER = 1.0, 1.0, 0.6, 0.5, 0.15
_NUMBER_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third|quarter"
_HOLDS_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|big|large|long|often|old)\b|\b(?:what|which) (?:share|percentage|proportion|number|year|amount|sum|date)\b"
    r"|\bwhen\b|\bper ?cent|\bwhat year\b|\bin which year\b|%",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may go into an answer. `rank` is its passage's place among the results, from 0."""

    retrieved: Retrieved
    rank: int
    sentence: Sentence
    number: int
    fit: float

    @property
    def passage(self) -> Passage:
        """The passage the sentence stands in."""
        return self.retrieved.passage

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.passage.quote(self.sentence)


@dataclass(frozen=True)
class WordWeights:
    """Inverse document frequency of every stem over the sentences of a snapshot."""

    weights: Mapping[str, float]
    unknown: float

    @classmethod
    def over(cls, snapshot: Snapshot) -> WordWeights:
        """Count in how many sentences each stem stands."""
        counts: dict[str, int] = {}
        total = 0
        for passage in snapshot.passages:
            for sentence in passage.sentences:
                total += 1
                for word in set(words_of(passage.quote(sentence))):
                    counts[word] = counts.get(word, 0) + 1
        weights = {word: float(np.log((total + 1) / (count + 0.5))) for word, count in counts.items()}
        return cls(weights, float(np.log(total + 1)))

    def of(self, word: str) -> float:
        """The weight of a stem; of one that stands nowhere, the highest there is."""
        return self.weights.get(word, self.unknown)

    def coverage(self, wanted: Sequence[str], found: Sequence[str]) -> float:
        """Share of the wanted words, by weight, that are found; 0 when nothing is wanted."""
        total = sum(self.of(word) for word in set(wanted))
        held = set(found)
        return sum(self.of(word) for word in set(wanted) if word in held) / total if total else 0.0


@dataclass(frozen=True)
class Evidence:
    """Rates the sentences of a snapshot's passages against questions."""

    snapshot: Snapshot

    @cached_property
    def word_weights(self) -> WordWeights:
        """Weights of all stems."""
        return WordWeights.over(self.snapshot)

    def candidates(self, query: Query, results: Sequence[Retrieved]) -> list[Candidate]:
        """Every sentence of the results with its fit, in the order of the results and of the text."""
        meaning = self._similarities("sentences", query.vector)
        multilingual = self._similarities("sentences-multilingual", query.multilingual_vector)
        rated: list[tuple[Retrieved, int, Sentence, int, float, float, float, float]] = []
        asks_number = asks_for_number(query.text)
        for rank, result in enumerate(results):
            passage = result.passage
            first = int(self.snapshot.first_sentence[self.snapshot.row_of[passage.id]])
            context = words_of(" ".join(heading.text for heading in passage.heading_path))
            for number, sentence in enumerate(passage.sentences):
                text = passage.quote(sentence)
                own = words_of(f"{sentence.label or ''} {text}")
                words = self.word_weights.coverage(query.words, own)
                words += 0.5 * self.word_weights.coverage(query.words, [w for w in context if w not in own])
                bonus = NUMBER if asks_number and _HOLDS_NUMBER.search(text) else 0.0
                row = (result, rank, sentence, number, meaning(first + number), multilingual(first + number), words, bonus)
                rated.append(row)
        return _with_fit(rated, results)

    def _similarities(self, unit: str, vector: object) -> Callable[[int], float]:
        units = self.snapshot.units.get(unit)
        if units is None or vector is None or not len(units.rows):
            return lambda _: 0.0
        similarities = units.vectors @ np.asarray(vector)
        return lambda position: float(similarities[position])


def asks_for_number(question: str) -> bool:
    """Whether a question wants a figure, a date or a duration."""
    return _ASKS_NUMBER.search(question) is not None


def _with_fit(
    rated: Sequence[tuple[Retrieved, int, Sentence, int, float, float, float, float]], results: Sequence[Retrieved]
) -> list[Candidate]:
    """Bring the parts to one scale: each model's similarities are spread over 0 to 1 among the candidates."""
    meaning = _spread([row[4] for row in rated])
    multilingual = _spread([row[5] for row in rated])
    places = _spread([result.score for result in results])
    return [
        Candidate(
            result,
            rank,
            sentence,
            number,
            MEANING * meaning[at] + MULTILINGUAL * multilingual[at] + WORDS * words + PLACE * places[rank] + bonus,
        )
        for at, (result, rank, sentence, number, _, _, words, bonus) in enumerate(rated)
    ]


def _spread(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]
