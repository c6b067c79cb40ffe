"""What the assistant replies: an answer with citations, or an abstention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from silk_rag.documents import Passage
from silk_rag.retrieval.retriever import Retrieved

Mode = Literal["extractive", "generative"]
#: Why the assistant abstains: another topic; the topic but not this; the papers deny what the question takes for
#: granted; no question for the papers; or a courtesy that wants none.
AbstentionReason = Literal["off-topic", "not-in-the-papers", "false-premise", "not-a-question", "small-talk"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation: `passage.text[start:end]`, under the number that the answer's marks use."""

    number: int
    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The words quoted, exactly as they stand in the passage."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and the numbers of the citations that back it; never without one.

    A cell, a list or a line of a tool `needs_place`: alone it does not say what it is about.
    """

    text: str
    citations: tuple[int, ...]
    attribution: str | None = None
    needs_place: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A row of a comparison: for each column the place of its sentence in the answer, or None: not reported.

    `heading` is the papers' heading of the row; None where the cells come from running text.
    """

    heading: str | None
    cells: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An answer as a table: a column for each thing compared."""

    columns: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: `markdown` is its sentences with [n] marks, laid out for reading.

    `notice` tells the reader when the answer is not what was configured, and why; `markdown` ends with it. `following`
    is the earlier question that this one was read with, when it leans on it; `basis` says in a line what kind of
    evidence the answer rests on; the last `otherwise` sentences contradict earlier ones, as the papers do. `comparison`
    arranges sentences of the answer side by side; those that it does not hold stand before or after it.
    """

    question: str
    markdown: str
    mode: Mode
    language: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    retrieved: tuple[Retrieved, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    notice: str | None = None
    following: str | None = None
    basis: str | None = None
    otherwise: int = 0
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Abstention:
    """The papers do not answer this: why, in words for the reader, what lies nearest, and what can be asked instead.

    `retrieved` is what retrieval found, `nearest` those of it that are worth showing.
    """

    question: str
    reason: AbstentionReason
    markdown: str
    language: str
    retrieved: tuple[Retrieved, ...]
    nearest: tuple[Retrieved, ...]
    suggestions: tuple[str, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    following: str | None = None


Reply = Answer | Abstention
