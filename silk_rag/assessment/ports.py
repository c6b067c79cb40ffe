"""What the assessment asks of the world: a place for events, and somebody who knows the papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from silk_rag.assessment.events import Event
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.values import AnswerValue
from silk_rag.documents import Passage
from silk_rag.errors import Conflict

if TYPE_CHECKING:
    from silk_rag.assessment.report_model import Report


class SequenceTaken(Conflict):
    """Another reply was stored first; load again and retry."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event in its place: sequence numbers run from 1 without a gap; `at` is an ISO 8601 time in UTC."""

    sequence: int
    at: str
    event: Event


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """Everything kept of an assessment. The token itself is not: only its SHA-256 is."""

    id: str
    token_sha256: str
    events: tuple[StoredEvent, ...]

    @property
    def last_sequence(self) -> int:
        """The sequence number of the newest event, 0 before the first."""
        return self.events[-1].sequence if self.events else 0


class EventStore(Protocol):
    """Keeps event logs. A call that returned has been written to disk."""

    def create(self, assessment: StoredAssessment) -> None:
        """Store a new assessment with its first events."""

    def load(self, assessment_id: str) -> StoredAssessment | None:
        """The assessment with all its events in order, or None."""

    def append(self, assessment_id: str, *, after: int, at: str, events: Sequence[Event]) -> None:
        """Add events behind sequence number `after`, all or none.

        Raises SequenceTaken when others stand there already, NotFound when the assessment is gone.
        """

    def delete(self, assessment_id: str) -> None:
        """Erase the assessment and every event, beyond recovery from the store's files. Unknown ids are no error."""

    def untouched_since(self, at: str) -> tuple[str, ...]:
        """Ids of the assessments whose newest event is older than an ISO 8601 time in UTC."""


@dataclass(frozen=True, slots=True)
class PapersAnswer:
    """What the papers say: Markdown with its marks, and the citations as the API gives them."""

    markdown: str
    citations: Sequence[Mapping[str, Any]] = ()


class Answerer(Protocol):
    """Answers a question from the papers. May raise SilkError; the dialogue then says that it could not look it up."""

    def __call__(self, question: str, /) -> PapersAnswer:
        """The answer, or what the papers do not say."""


@dataclass(frozen=True, slots=True)
class Likely:
    """The value that a person's words are most like.

    How far it lies ahead: of the question's other values, and of sentences that answer nothing.
    """

    value: AnswerValue
    ahead: float
    ahead_of_none: float


class AnswerReader(Protocol):
    """Compares words that are no plain answer with the answers that people gave to the same question."""

    def __call__(self, text: str, question: Question, /) -> Likely | None:
        """The value that the words are most like; None for a question or a case that it cannot judge."""


class Passages(Protocol):
    """The papers' passages by id."""

    def __call__(self, passage_id: str, /) -> Passage | None:
        """The passage, or None when the papers at hand do not hold it."""


class ReportRenderer(Protocol):
    """Makes a file of a report."""

    def __call__(self, report: Report, /) -> bytes:
        """The whole file."""
