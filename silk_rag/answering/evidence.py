"""How well each sentence of the retrieved passages fits a question.

A sentence's fit is a sum of what the multilingual model says of its meaning, how near the question comes to editors'
questions that it answers, the rare words that both share, and how well its passage fits. Sentence vectors were computed
when the index was built: nothing is embedded here. The weights were learned as those of retrieval were, see
`silk_rag.retrieval.scores`: from which sentences editors named as the answer to questions that were left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from silk_rag.answering.asked import asks_quantity, quantities_in, years_in
from silk_rag.documents import Passage, Sentence
from silk_rag.retrieval.indexed_text import passage_text
from silk_rag.retrieval.own_documents import placed_by_text
from silk_rag.retrieval.ports import Matrix, TokenEmbedder, Vector
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.snapshot import Snapshot, UnitVectors
from silk_rag.retrieval.words import words_of

#: What a table cell of a few words ("Country: Mexico") loses unless the question shares a word with its label.
SHORT_CELL_LOSS, SHORT_CELL_WORDS = 2.0, 6
#: What it gains that a sentence holds the kind of number asked for, and that the label of its cell is asked for too.
NUMBER, LABEL = 1.3, 6.0
#: What a question of a tool loses where nobody asks what to ask, check or measure: it answers nothing.
QUESTION_LOSS = 1.8
#: What a sentence loses that speaks of what the question excludes.
EXCLUDED_LOSS = 8.0
#: What the words of the headings count, as a share of what the sentence's own count; and the papers' words for those of
#: the question.
CONTEXT_WORDS, RELATED_WORDS = 0.4, 0.6


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a sentence's fit count: its meaning, the questions it answers, its words, its passage."""

    meaning: float
    asked: float
    words: float
    passage: float


ENGLISH, OTHER_LANGUAGES = Weights(5.2, 4.8, 1.6, 0.6), Weights(9.6, 8.5, 0.8, 0.5)
#: The same where no editor wrote questions.
TEXT = Weights(24.0, 0.0, 3.3, 0.75)
_ASKS_FOR_QUESTIONS = re.compile(
    r"\b(?:questions?|ask(?:ed|ing)? (?:ourselves|ourself|yourself|themselves|myself)|"
    r"should (?:we|i|they|one) (?:ask|check|consider|look)|"
    r"checklist|tools?|grid|prompts?|measur\w*|indicators?|assess\w*|evaluat\w*|monitor\w*|track|preguntas?|domande|perguntas?|"
    r"Fragen|vragen|mesur\w*|[ée]valu\w*|outils?|herramientas?|strument\w*|ferramentas?|werkzeug\w*|medir|misurar\w*|"
    r"valutar\w*|avaliar|messen|bewerten|meten|beoordelen)\b|질문|도구|지표|측정|평가",
    re.IGNORECASE,
)
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


#: A result, its rank, and a sentence of its passage with its number there, from 0.
Part: TypeAlias = tuple[Retrieved, int, int, Sentence]


def parts_of(results: Sequence[Retrieved]) -> list[Part]:
    """Every sentence of the results, in the order of the results and of the text."""
    return [
        (result, rank, number, sentence)
        for rank, result in enumerate(results)
        for number, sentence in enumerate(result.passage.sentences)
    ]


@dataclass(frozen=True, slots=True)
class Looks:
    """What speaks for sentences, each of shape (sentences,): see `Weights`. `bonus` counts as it is."""

    meaning: NDArray[np.float32]
    asked: NDArray[np.float32]
    words: NDArray[np.float32]
    passage: NDArray[np.float32]
    bonus: NDArray[np.float32]

    def fits(self, weights: Weights) -> NDArray[np.float32]:
        """Their fits, shape (sentences,)."""
        likeness = weights.meaning * self.meaning + weights.asked * self.asked
        total: NDArray[np.float32] = likeness + weights.words * self.words + weights.passage * self.passage + self.bonus
        return total


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
        """Every sentence of the results with its fit, 0 for the worst, in the order of the results and of the text."""
        parts = parts_of(results)
        if not parts:
            return []
        looks = self.looks(query, parts)
        english = query.language == "en" or query.multilingual_vector is None
        full = looks.fits(ENGLISH if english else OTHER_LANGUAGES)
        known = np.array([self.snapshot.asked_about[self.snapshot.row_of[r.passage.id]] for r, *_ in parts])
        if known.all():
            placed = full
        else:
            by_text = replace(looks, meaning=self._meaning(self.snapshot.units, query, self._positions(parts)))
            placed = placed_by_text(full, by_text.fits(TEXT), known)
        lowest = float(placed.min())
        return [
            Candidate(result, rank, sentence, number, float(fit) - lowest)
            for (result, rank, number, sentence), fit in zip(parts, placed, strict=True)
        ]

    def looks(self, query: Query, parts: Sequence[Part]) -> Looks:
        """What speaks for each of these sentences."""
        positions = self._positions(parts)
        return Looks(
            meaning=self._meaning(self.snapshot.learned, query, positions),
            asked=self._asked(query, positions),
            words=np.array([self._words(query, r.passage, sentence) for r, _, _, sentence in parts], dtype=np.float32),
            passage=np.array([result.score for result, *_ in parts], dtype=np.float32),
            bonus=np.array([_bonus(query, r.passage, sentence) for r, _, _, sentence in parts], dtype=np.float32),
        )

    def _positions(self, parts: Sequence[Part]) -> NDArray[np.int64]:
        """The place of each sentence among the sentence units."""
        first, rows = self.snapshot.first_sentence, self.snapshot.row_of
        return np.array([first[rows[result.passage.id]] + number for result, _, number, _ in parts], dtype=np.int64)

    def _meaning(
        self, units: Mapping[str, UnitVectors], query: Query, positions: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """The similarity of these sentences, by the multilingual model where there is one."""
        name, vector = _multilingual("sentences", query)
        found = units.get(name)
        if found is None or vector is None or not len(found.rows):
            return np.zeros(len(positions), dtype=np.float32)
        return found.similarities(vector)[positions]

    def _asked(self, query: Query, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """How near the question comes to those that each sentence answers, by the models that read its language."""
        models = [("questions-multilingual", query.multilingual_vector)]
        if query.language == "en" or query.multilingual_vector is None:
            models.append(("questions", query.vector))
        near = [self._asked_by(unit, vector) for unit, vector in models if vector is not None]
        total: NDArray[np.float32] = np.sum(near, axis=0)[positions]
        return total

    def _asked_by(self, unit: str, vector: Vector) -> NDArray[np.float32]:
        """The same by one model, for every sentence; 0 for one that answers none."""
        count = int(self.snapshot.first_sentence[-1]) + len(self.snapshot.passages[-1].sentences)
        answered = self._answered.get(unit)
        if answered is None or not len(answered.rows):
            return np.zeros(count, dtype=np.float32)
        return answered.likeness(vector, count)

    @cached_property
    def _answered(self) -> Mapping[str, UnitVectors]:
        """The editors' questions as units of the sentences that answer them, by name of the questions' units."""
        questions, sentences = self.snapshot.answering[:, 0], self.snapshot.answering[:, 1]
        return {
            name: UnitVectors(units.vectors[questions], sentences, units.metric)
            for name, units in self.snapshot.learned.items()
            if name.startswith("questions") and len(units.rows)
        }

    def _words(self, query: Query, passage: Passage, sentence: Sentence) -> float:
        """How many of the question's words, by weight, the sentence shares, and its headings."""
        own = words_of(f"{sentence.label or ''} {passage.quote(sentence)}")
        context = words_of(" ".join(heading.text for heading in passage.heading_path))
        around = [word for word in context if word not in own]
        weights = self.word_weights
        shared = weights.coverage(query.words, own) + RELATED_WORDS * weights.coverage(query.related, [*own, *context])
        return shared + CONTEXT_WORDS * weights.coverage(query.words, around)


def _multilingual(unit: str, query: Query) -> tuple[str, Vector | None]:
    """The units and the question's vector of the multilingual model, or of the main one where there is none."""
    if query.multilingual_vector is None:
        return unit, query.vector
    return f"{unit}-multilingual", query.multilingual_vector


def _bonus(query: Query, passage: Passage, sentence: Sentence) -> float:
    """For a number of the kind asked for; against a cell of a few words, unless its label is asked for."""
    label_asked = bool(set(words_of(sentence.label or "")) & set(query.words))
    bonus = 0.0
    if _number_test(query.text)(passage.quote(sentence)):
        bonus += NUMBER + (LABEL if label_asked else 0.0)  # "Founding year: 1986" answers "When was it founded?"
    if _is_short_cell(passage, sentence) and not label_asked:
        bonus -= SHORT_CELL_LOSS
    if passage.quote(sentence).rstrip().endswith("?") and not _ASKS_FOR_QUESTIONS.search(query.text):
        bonus -= QUESTION_LOSS
    if query.excluded:
        context = " ".join(heading.text for heading in passage.heading_path)
        if set(query.excluded) & set(words_of(f"{context} {sentence.label or ''} {passage.quote(sentence)}")):
            bonus -= EXCLUDED_LOSS
    return bonus


def _is_short_cell(passage: Passage, sentence: Sentence) -> bool:
    return sentence.label is not None and len(passage.quote(sentence).split()) < SHORT_CELL_WORDS


def _number_test(question: str) -> Callable[[str], bool]:
    """A test for sentences that hold the kind of number the question asks for; never true when it asks for none."""
    if _ASKS_DATE.search(question):
        return lambda text: bool(years_in(text)) or any(character.isdigit() for character in text)
    if asks_quantity(question):
        return lambda text: bool(quantities_in(text))
    return lambda _: False
