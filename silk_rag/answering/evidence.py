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
from numpy.typing import NDArray

from silk_rag.answering.asked import asks_quantity, quantities_in, years_in
from silk_rag.documents import Passage, Sentence
from silk_rag.retrieval.indexed_text import passage_text
from silk_rag.retrieval.ports import Matrix, TokenEmbedder, Vector
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.retrieval.words import words_of

#: What a table cell of a few words ("Country: Mexico") loses unless the question shares a word with its label.
SHORT_CELL_LOSS, SHORT_CELL_WORDS = 0.6, 6
#: Weights of the parts of a sentence's fit, chosen on the development questions.
MEANING, MULTILINGUAL, WORDS, CONTEXT_WORDS, PLACE, NUMBER, LABEL = 0.6, 1.5, 0.4, 0.3, 1.4, 0.3, 1.5
#: What it counts that the editors named a sentence as the answer to a question like the one asked; each sentence after
#: the best one counts less by so much of a similarity.
ASKED, LATER_PLACE = 3.0, 0.03
_ASKS_DATE = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day)\b|\bsince (?:when|what)\b", re.IGNORECASE)


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
    """Rates the sentences of a snapshot's passages against questions.

    `token_starts` holds, for each passage with token vectors, the character offset of each token in the passage's text
    (negative for tokens of its headings).
    """

    snapshot: Snapshot
    token_starts: Sequence[NDArray[np.int32]] = ()

    @classmethod
    def over(cls, snapshot: Snapshot, embedder: TokenEmbedder) -> Evidence:
        """Evidence that knows where each token stands, which the tokenizer says again in milliseconds."""
        if snapshot.tokens is None:
            return cls(snapshot)
        passages = snapshot.passages[: len(snapshot.tokens.starts) - 1]
        texts = [passage_text(passage) for passage in passages]
        places = embedder.piece_places(texts) if texts else []
        starts = [
            np.array(
                [start - len(text) + len(passage.text) if end > start else -1 for start, end in own], dtype=np.int32
            )
            for passage, text, own in zip(passages, texts, places, strict=True)
        ]
        return cls(snapshot, starts)

    @cached_property
    def word_weights(self) -> WordWeights:
        """Weights of all stems."""
        return WordWeights.over(self.snapshot)

    @cached_property
    def years(self) -> set[str]:
        """Every year that a passage names."""
        return {year for passage in self.snapshot.passages for year in years_in(passage.text)}

    def tokens_of(self, passage: Passage) -> Matrix:
        """The reduced token embeddings of a passage with its headings, shape (tokens, dimensions)."""
        tokens = self.snapshot.tokens
        return tokens.of_passage(self.snapshot.row_of[passage.id]) if tokens else np.empty((0, 0), dtype=np.float32)

    def tokens_between(self, passage: Passage, start: int, end: int) -> Matrix:
        """Those of the passage's tokens that begin within these offsets of its text."""
        tokens = self.tokens_of(passage)
        row = self.snapshot.row_of[passage.id]
        if row >= len(self.token_starts) or len(self.token_starts[row]) != len(tokens):
            return tokens[:0]
        starts = self.token_starts[row]
        return tokens[(starts >= start) & (starts < end)]

    def candidates(self, query: Query, results: Sequence[Retrieved]) -> list[Candidate]:
        """Every sentence of the results with its fit, in the order of the results and of the text."""
        english = query.language == "en"
        meaning = self._similarities("sentences", query.vector if english else None)
        multilingual = self._similarities("sentences-multilingual", query.multilingual_vector)
        asked = self._asked("questions", query.vector if english else None)
        asked_multilingual = self._asked("questions-multilingual", query.multilingual_vector)
        wants_number = _number_test(query.text)
        parts: list[_Parts] = []
        for rank, result in enumerate(results):
            passage = result.passage
            first = int(self.snapshot.first_sentence[self.snapshot.row_of[passage.id]])
            context = words_of(" ".join(heading.text for heading in passage.heading_path))
            for number, sentence in enumerate(passage.sentences):
                own = words_of(f"{sentence.label or ''} {passage.quote(sentence)}")
                around = [word for word in context if word not in own]
                words = WORDS * self.word_weights.coverage(query.words, own)
                words += CONTEXT_WORDS * self.word_weights.coverage(query.words, around)
                bonus = NUMBER if wants_number(passage.quote(sentence)) else 0.0
                if bonus and set(words_of(sentence.label or "")) & set(query.words):
                    bonus += LABEL  # "Founding year: 1986" is the answer to "When was it founded?"
                if _is_short_cell(passage, sentence) and not set(words_of(sentence.label or "")) & set(query.words):
                    bonus -= SHORT_CELL_LOSS
                at = first + number
                parts.append(
                    _Parts(
                        result,
                        rank,
                        sentence,
                        number,
                        meaning(at),
                        multilingual(at),
                        asked(at),
                        asked_multilingual(at),
                        words + bonus,
                    )
                )
        return _with_fit(parts, results, english=english)

    def _asked(self, unit: str, vector: Vector | None) -> Callable[[int], float | None]:
        """How near the nearest question comes that the editors named a sentence for.

        Zero for one that they named for none, None for one of a passage without questions.
        """
        units, marks = self.snapshot.units.get(unit), self.snapshot.answering
        if units is None or vector is None or not len(units.rows):
            return lambda _: None
        sentences = self.snapshot.units["sentences"].rows
        near = (units.vectors @ vector)[marks[:, 0]] - LATER_PLACE * marks[:, 2]
        best = np.zeros(len(sentences), dtype=np.float32)
        np.maximum.at(best, marks[:, 1], near.astype(np.float32))
        with_questions = np.isin(sentences, units.rows)
        return lambda position: float(best[position]) if with_questions[position] else None

    def _similarities(self, unit: str, vector: Vector | None) -> Callable[[int], float]:
        units = self.snapshot.units.get(unit)
        if units is None or vector is None or not len(units.rows):
            return lambda _: 0.0
        similarities = units.vectors @ vector
        return lambda position: float(similarities[position])


@dataclass(frozen=True, slots=True)
class _Parts:
    """A sentence and the parts of its fit."""

    retrieved: Retrieved
    rank: int
    sentence: Sentence
    number: int
    meaning: float
    multilingual: float
    asked: float | None
    asked_multilingual: float | None
    words: float


def _is_short_cell(passage: Passage, sentence: Sentence) -> bool:
    return sentence.label is not None and len(passage.quote(sentence).split()) < SHORT_CELL_WORDS


def _number_test(question: str) -> Callable[[str], bool]:
    """A test for sentences that hold the kind of number the question asks for; never true when it asks for none."""
    if _ASKS_DATE.search(question):
        return lambda text: bool(years_in(text)) or any(character.isdigit() for character in text)
    if asks_quantity(question):
        return lambda text: bool(quantities_in(text))
    return lambda _: False


def _with_fit(parts: Sequence[_Parts], results: Sequence[Retrieved], *, english: bool) -> list[Candidate]:
    """Bring the parts to one scale: similarities and places are spread over 0 to 1 among the candidates."""
    meaning = _spread([part.meaning for part in parts])
    multilingual = _spread([part.multilingual for part in parts])
    places = _spread([result.score for result in results])
    # For passages that no editor wrote questions for, the likeness of the sentence itself stands in.
    asked = _spread_known([part.asked for part in parts], meaning)
    asked_multilingual = _spread_known([part.asked_multilingual for part in parts], multilingual)
    multilingual_weight = MULTILINGUAL if english else MULTILINGUAL + MEANING
    asked_weight, asked_multilingual_weight = (ASKED / 2, ASKED / 2) if english else (0.0, ASKED)
    return [
        Candidate(
            part.retrieved,
            part.rank,
            part.sentence,
            part.number,
            MEANING * meaning[at]
            + multilingual_weight * multilingual[at]
            + asked_weight * asked[at]
            + asked_multilingual_weight * asked_multilingual[at]
            + PLACE * places[part.rank]
            + part.words,
        )
        for at, part in enumerate(parts)
    ]


def _spread_known(values: Sequence[float | None], instead: Sequence[float]) -> list[float]:
    """The same, of those that are known; what stands `instead` of the others is on that scale already."""
    known = iter(_spread([value for value in values if value is not None]))
    return [other if value is None else next(known) for value, other in zip(values, instead, strict=True)]


def _spread(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]
