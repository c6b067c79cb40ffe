"""Assessments for the doors of the program: who may see one, what is stored when, what comes back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from silk_rag.assessment.compare import MOST_COMPARED, Compared, Kind, compare_over_time, compare_people
from silk_rag.assessment.dialogue import Response, opening_reply, respond
from silk_rag.assessment.events import (
    Answered,
    Event,
    Finished,
    Forgotten,
    Moved,
    PapersShown,
    Started,
    Undecided,
    WalkClosed,
)
from silk_rag.assessment.ports import (
    Answerer,
    AnswerReader,
    EventStore,
    PapersAnswer,
    SequenceTaken,
    StoredAssessment,
    StoredEvent,
)
from silk_rag.assessment.questionnaire import Mode, Question, Questionnaire
from silk_rag.assessment.replay import Exchange, last_exchanges
from silk_rag.assessment.report_file import ReportFile, Reporting
from silk_rag.assessment.state import State, apply, fold
from silk_rag.assessment.transfer import LONGEST_SHOWN, exported, imported
from silk_rag.assessment.values import checked_value
from silk_rag.assessment.views import asked_data, deciding, progress_data, recorded_data, snapshot_data
from silk_rag.assessment.words import ReplyWords
from silk_rag.errors import Busy, InvalidInput, NotFound, SilkError

MAXIMUM_MESSAGE = 4000
MAXIMUM_NAME = 200
MAXIMUM_LANGUAGE = 35  # the longest tag BCP 47 asks a program to hold
TOKEN_BYTES = 32
ATTEMPTS = 20
Outcome = TypeVar("Outcome")
EventsOf = Callable[[Outcome], Sequence[Event]]
_NOT_FOUND = "There is no such assessment, or the token is not its own."
_NO_PAPERS = "I cannot look into the papers just now; your question is kept, and nothing was noted as an answer."


@dataclass(frozen=True, slots=True)
class Created:
    """A new assessment. The token is shown this once and stored nowhere."""

    assessment_id: str
    token: str
    reply: str
    question: dict[str, Any] | None
    progress: dict[str, Any]
    deciding: Undecided | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message led to; everything in it has been stored."""

    reply: str
    recorded: list[dict[str, Any]]
    question: dict[str, Any] | None
    progress: dict[str, Any]
    citations: list[dict[str, Any]]
    finished: bool
    deciding: Undecided | None


class AssessmentService:
    """Everything a door may do with assessments. Holds no state of its own: two processes may serve one store."""

    def __init__(
        self,
        *,
        store: EventStore,
        questionnaire: Questionnaire,
        words: ReplyWords,
        answerer: Answerer | None = None,
        reporting: Reporting | None = None,
        reader: AnswerReader | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_secret: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self._store = store
        self._grid = questionnaire
        self._words = words
        self._answerer = answerer
        self._reporting = reporting or Reporting()
        self._reader = reader
        self._now = now
        self._new_secret = new_secret

    def reachable(self) -> bool:
        """Whether the store answers; for readiness checks."""
        try:
            self._store.load("")
        except SilkError:
            return False
        return True

    def create(
        self,
        *,
        mode: Mode | None = None,
        scope: str | Sequence[str] | None = None,
        organisation: str = "",
        respondent: str = "",
        language: str = "en",
    ) -> Created:
        """Begin an assessment; a mode or scope not given is asked in the talk before the first question.

        Raises InvalidInput for an unknown mode or scope, and for names that are too long.
        """
        if mode not in {"retrospective", "planning", None}:
            raise InvalidInput('A mode is "retrospective" or "planning".', field="mode")
        given = "full" if scope is None else scope
        undecided: tuple[Undecided, ...] = (
            *(("mode",) if mode is None else ()),
            *(("scope",) if scope is None else ()),
        )
        started = Started(
            mode=mode or "retrospective",
            scope=(given,) if isinstance(given, str) else tuple(dict.fromkeys(given)),
            order=self._grid.in_scope(given),
            organisation=_clean(organisation, MAXIMUM_NAME, "organisation"),
            respondent=_clean(respondent, MAXIMUM_NAME, "respondent"),
            language=_clean(language, MAXIMUM_LANGUAGE, "language"),
            questionnaire_version=self._grid.version,
            undecided=undecided,
        )
        return self._begin((StoredEvent(1, self._time(), started),))

    def _begin(self, events: tuple[StoredEvent, ...]) -> Created:
        """Store a new assessment with its first events."""
        token, assessment_id = self._new_secret(TOKEN_BYTES), self._new_secret(12)
        self._store.create(StoredAssessment(assessment_id, _sha256(token), events))
        state = fold(each.event for each in events)
        return Created(
            assessment_id=assessment_id,
            token=token,
            reply=opening_reply(state, self._grid),
            question=asked_data(state, self._grid),
            progress=progress_data(state, self._grid),
            deciding=deciding(state),
        )

    def message(self, assessment_id: str, token: str | None, text: str, *, shown_question: str | None = None) -> Turn:
        """Take a person's words. They are stored before anything is answered; two tabs at once lose nothing.

        `shown_question` is the question the person saw while typing: with it an answer reaches that question even if
        another tab has moved on. Raises InvalidInput for more than 4,000 characters.
        """
        text = _clean(text, MAXIMUM_MESSAGE, "text")

        def responding(state: State) -> Response:
            return respond(state, text, self._grid, self._words, shown_question=shown_question, reader=self._reader)

        response = self._append(assessment_id, token, responding, lambda response: response.events)
        papers = self._papers(response)
        self._keep_shown(assessment_id, token, papers)
        return Turn(
            reply=response.reply(papers.markdown),
            recorded=[recorded_data(event) for event in response.recorded],
            question=asked_data(response.state, self._grid),
            progress=progress_data(response.state, self._grid),
            citations=[dict(citation) for citation in papers.citations],
            finished=response.state.of_grid.finished,
            deciding=deciding(response.state),
        )

    def open_walk(self, assessment_id: str, token: str | None, name: str) -> Turn:
        """Walk through another tool, as if the person had asked for it. Raises NotFound for one there is none of."""
        self._authorised(assessment_id, token)
        if self._grid.walk(name) is None:
            known = ", ".join(walk.id for walk in self._grid.walks)
            raise NotFound(f"There is no checklist {name[:20]}; there are {known}.")
        return self.message(assessment_id, token, name.replace("-", " "))

    def read(self, assessment_id: str, token: str | None) -> dict[str, Any]:
        """The assessment as it stands: head, answers, progress and the question at hand."""
        stored = self._authorised(assessment_id, token)
        return snapshot_data(stored, _state(stored), self._grid)

    def exchanges(self, assessment_id: str, token: str | None, *, most: int = 3) -> tuple[Exchange, ...]:
        """The newest exchanges, oldest first, for whoever takes the talk up again."""
        stored = self._authorised(assessment_id, token)
        return last_exchanges(
            [each.event for each in stored.events], self._grid, self._words, most=most, reader=self._reader
        )

    def set_answer(
        self,
        assessment_id: str,
        token: str | None,
        question_id: str,
        *,
        value: object,
        unit: str | None = None,
        note: str = "",
    ) -> dict[str, Any]:
        """Record one answer from a form. Raises InvalidInput when the value does not fit, NotFound for no question."""
        self._authorised(assessment_id, token)
        checked = checked_value(self._known(question_id), value, unit)
        kept = _clean(note, MAXIMUM_MESSAGE, "note")

        def answering(state: State) -> tuple[Event, ...]:
            self._in_scope(question_id, state)
            return _settled(state, (Answered(question_id, checked, kept),))

        self._append(assessment_id, token, answering, lambda events: events)
        return self.read(assessment_id, token)

    def delete_answer(self, assessment_id: str, token: str | None, question_id: str) -> dict[str, Any]:
        """Take one answer out; the question is open again. Raises NotFound when there is none."""
        self._authorised(assessment_id, token)
        self._known(question_id)

        def forgetting(state: State) -> tuple[Event, ...]:
            if question_id not in state.answers:
                raise NotFound(f"There is no answer to {question_id}.")
            reopened = (Moved(question_id),) if state.finished else ()
            return (Forgotten(question_id), *reopened)

        self._append(assessment_id, token, forgetting, lambda events: events)
        return self.read(assessment_id, token)

    def delete(self, assessment_id: str, token: str | None) -> None:
        """Erase the assessment for good."""
        self._authorised(assessment_id, token)
        self._store.delete(assessment_id)

    def export(self, assessment_id: str, token: str | None) -> dict[str, Any]:
        """Everything stored about the assessment, word for word, as JSON-able data."""
        return exported(self._authorised(assessment_id, token), self._time())

    def take_in(self, content: Mapping[str, Any]) -> Created:
        """Go on from an exported file: a new assessment with its events, a new id and a new token.

        Raises InvalidInput naming the first event that cannot be used.
        """
        events = imported(content, self._grid)
        return self._begin(events)

    def erase_untouched(self, days: int) -> int:
        """Erase the assessments that nobody has written to for so many days; returns how many. 0 erases none."""
        if days <= 0:
            return 0
        before = (self._now() - timedelta(days=days)).astimezone(UTC).isoformat(timespec="milliseconds")
        untouched = self._store.untouched_since(before)
        for assessment_id in untouched:
            self._store.delete(assessment_id)
        return len(untouched)

    def report(self, assessment_id: str, token: str | None, report_format: str = "md") -> ReportFile:
        """The report. Raises InvalidInput for a format there is none of."""
        stored = self._authorised(assessment_id, token)
        return self._reporting.file(
            _state(stored),
            self._grid,
            assessment_id=stored.id,
            generated_at=self._time(),
            report_format=report_format,
        )

    def compare(self, keys: Sequence[tuple[str, str | None]], kind: Kind, *, anonymous: bool = False) -> dict[str, Any]:
        """Several assessments side by side; each has to be opened with its own token.

        Raises InvalidInput for fewer than two, for too many, and for one given twice.
        """
        if not 2 <= len(keys) <= MOST_COMPARED:
            raise InvalidInput(f"From 2 to {MOST_COMPARED} assessments can be compared.", field="assessments")
        if len({assessment_id for assessment_id, _ in keys}) < len(keys):
            raise InvalidInput("Each assessment can be given once.", field="assessments")
        stored = [self._authorised(assessment_id, token) for assessment_id, token in keys]
        compared = [Compared(_state(each).of_grid, each.events[-1].at) for each in stored]
        if kind == "time":
            return compare_over_time(compared, self._grid)
        return compare_people(compared, self._grid, anonymous=anonymous)

    def _append(
        self, assessment_id: str, token: str | None, decide: Callable[[State], Outcome], events_of: EventsOf[Outcome]
    ) -> Outcome:
        """Decide on the present state and store the events; when another was faster, decide again on what it left."""
        for _ in range(ATTEMPTS):
            stored = self._authorised(assessment_id, token)
            outcome = decide(_state(stored))
            try:
                self._store.append(
                    assessment_id, after=stored.last_sequence, at=self._time(), events=events_of(outcome)
                )
            except SequenceTaken:
                continue
            return outcome
        raise Busy("Others are writing to this assessment at the same moment; send the message again.")

    def _papers(self, response: Response) -> PapersAnswer:
        """What the papers say to a message: linked passages, or the answer to a question."""
        linked = self._reporting.illumination.shown(response.illuminate, self._grid)
        return linked or self._look_up(response.digression)

    def _keep_shown(self, assessment_id: str, token: str | None, papers: PapersAnswer) -> None:
        """Keep what the papers said for whoever returns. Trouble here, such as an erasure meanwhile, costs no turn."""
        if not 0 < len(papers.markdown) <= LONGEST_SHOWN or papers.markdown == _NO_PAPERS:
            return
        shown = (PapersShown(papers.markdown),)
        with suppress(NotFound, Busy):
            self._append(assessment_id, token, lambda _: shown, lambda events: events)

    def _look_up(self, question: str | None) -> PapersAnswer:
        if question is None:
            return PapersAnswer("")
        if self._answerer is None:
            return PapersAnswer(_NO_PAPERS)
        try:
            return self._answerer(question)
        except SilkError:
            return PapersAnswer(_NO_PAPERS)

    def _authorised(self, assessment_id: str, token: str | None) -> StoredAssessment:
        """The assessment, if the token is its own. Whether it exists is told to nobody else."""
        stored = self._store.load(assessment_id)
        expected = stored.token_sha256 if stored else _sha256("")
        if not hmac.compare_digest(_sha256(token or ""), expected) or stored is None or not token:
            raise NotFound(_NOT_FOUND)
        return stored

    def _known(self, question_id: str) -> Question:
        question = self._grid.every.get(question_id)
        if question is None:
            raise NotFound(f"There is no question {question_id[:20]}; they run from A1 to F8.")
        return question

    def _in_scope(self, question_id: str, state: State) -> None:
        if question_id not in state.grid_order and not self._grid.walk_of(question_id):
            raise InvalidInput(f"{question_id} is not in the scope of this assessment.", field="question_id")

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")


def _clean(text: str, longest: int, field: str) -> str:
    """The text as it can be stored and sent: half characters, which no encoding can write, become question marks."""
    if len(text) > longest:
        raise InvalidInput(f"At most {longest:,} characters are taken here.", field=field)
    return text.encode("utf-8", errors="replace").decode("utf-8").strip()


def _settled(state: State, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events, and the end if they leave no question."""
    start = state
    for event in events:
        state = apply(state, event)
    ended = state.cursor is None and not state.finished and not state.undecided
    if ended and state.walk:
        return _settled(start, (*events, WalkClosed()))
    return (*events, Finished()) if ended else events


def _state(stored: StoredAssessment) -> State:
    return fold(each.event for each in stored.events)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", errors="surrogatepass")).hexdigest()
