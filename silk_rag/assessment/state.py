"""The state of an assessment: nothing but a fold over its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from silk_rag.assessment.events import (
    Answered,
    AskedBack,
    Event,
    Finished,
    Forgotten,
    ModeSet,
    Moved,
    Paused,
    Said,
    ScopeSet,
    Skipped,
    Started,
    Undecided,
    WalkClosed,
    WalkOpened,
    WentBack,
)
from silk_rag.assessment.questionnaire import Mode
from silk_rag.assessment.values import AnswerValue

TRAIL_LENGTH = 200


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """A value and the person's words."""

    value: AnswerValue
    note: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """Where the grid stands while a walk is on."""

    order: tuple[str, ...]
    cursor: str | None
    trail: tuple[str, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class State:
    """Where an assessment stands. `cursor` is the question asked, None when none is left or it was finished.

    `pending` holds the words the dialogue kept while it asked back, `proposed` the value it asked to confirm;
    `just_recorded` says whether the last message recorded something; `last_skipped` is set while the skip is newer than
    the last answer, for "undo"; `trail` is the way to the cursor, for "back". While mode or scope are `undecided` there
    is no cursor: they are asked first. While a `walk` is on, `order`, `cursor`, `trail` and `finished` are the walk's,
    and the grid's wait `aside`.
    """

    mode: Mode = "retrospective"
    scope: tuple[str, ...] = ("full",)
    order: tuple[str, ...] = ()
    organisation: str = ""
    respondent: str = ""
    language: str = "en"
    questionnaire_version: str = ""
    undecided: tuple[Undecided, ...] = ()
    answers: Mapping[str, RecordedAnswer] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    cursor: str | None = None
    trail: tuple[str, ...] = ()
    last_answered: str | None = None
    last_skipped: str | None = None
    just_recorded: bool = False
    pending: str = ""
    proposed: AnswerValue | None = None
    paused: bool = False
    finished: bool = False
    walk: str = ""
    aside: Aside | None = None

    @property
    def grid_order(self) -> tuple[str, ...]:
        """The questions of the scope, whatever is walked through meanwhile."""
        return self.aside.order if self.aside else self.order

    @property
    def of_grid(self) -> State:
        """The state as it is with no walk on: what reports and counts look at."""
        return apply(self, WalkClosed())

    @property
    def open_ids(self) -> tuple[str, ...]:
        """Questions of the scope that are neither answered nor skipped."""
        return tuple(each for each in self.order if each not in self.answers and each not in self.skipped)

    @property
    def skipped_ids(self) -> tuple[str, ...]:
        """Questions of the scope that were skipped and not answered since."""
        return tuple(each for each in self.order if each in self.skipped and each not in self.answers)

    def next_open(self, after: str | None) -> str | None:
        """The first open question after the given one; past the end the search begins again at the start."""
        start = self.order.index(after) + 1 if after in self.order else 0
        return next((each for each in (*self.order[start:], *self.order[:start]) if each in set(self.open_ids)), None)


def fold(events: Iterable[Event]) -> State:
    """The state after all events, in order. Never fails: what does not fit changes nothing."""
    return reduce(apply, events, State())


def apply(state: State, event: Event) -> State:  # noqa: C901, PLR0911, PLR0912 (one case an event)
    """The state after one more event."""
    match event:
        case Started():
            return _started(event)
        case Said():
            return replace(state, just_recorded=False, paused=False)
        case Answered():
            return _answered(state, event)
        case Skipped():
            return _skipped(state, event.question_id)
        case Forgotten():
            return _forgotten(state, event.question_id)
        case Moved():
            return _moved(state, event.question_id)
        case WentBack():
            return _went_back(state, event.question_id)
        case AskedBack():
            at_hand = event.question_id == state.cursor
            return replace(state, pending=event.text, proposed=event.value) if at_hand else state
        case ModeSet():
            return _decided(replace(state, mode=event.mode), "mode")
        case ScopeSet():
            return _rescoped(state, event)
        case WalkOpened():
            return _walk_opened(state, event)
        case WalkClosed():
            return _walk_closed(state)
        case Paused():
            return replace(state, paused=True)
        case Finished():
            return replace(state, finished=True, cursor=None, trail=_lengthened(state), pending="", proposed=None)
        case _:
            return state


def _started(event: Started) -> State:
    return State(
        mode=event.mode,
        scope=event.scope,
        order=event.order,
        organisation=event.organisation,
        respondent=event.respondent,
        language=event.language,
        questionnaire_version=event.questionnaire_version,
        undecided=event.undecided,
        cursor=event.order[0] if event.order and not event.undecided else None,
    )


def _answered(state: State, event: Answered) -> State:
    answers = {**state.answers, event.question_id: RecordedAnswer(event.value, event.note)}
    recorded = replace(
        state,
        answers=answers,
        skipped=state.skipped - {event.question_id},
        last_answered=event.question_id,
        last_skipped=None,
        just_recorded=True,
        pending="",
        proposed=None,
    )
    return _advanced(recorded) if event.question_id == state.cursor else recorded


def _skipped(state: State, question_id: str) -> State:
    passed = state
    if question_id not in state.answers:
        passed = replace(state, skipped=state.skipped | {question_id}, last_skipped=question_id)
    return _advanced(passed) if question_id == state.cursor else passed


def _advanced(state: State) -> State:
    """On to the next open question."""
    return replace(state, cursor=state.next_open(state.cursor), trail=_lengthened(state), pending="", proposed=None)


def _lengthened(state: State) -> tuple[str, ...]:
    return (*state.trail, state.cursor)[-TRAIL_LENGTH:] if state.cursor else state.trail


def _forgotten(state: State, question_id: str) -> State:
    answers = {each: answer for each, answer in state.answers.items() if each != question_id}
    last = None if state.last_answered == question_id else state.last_answered
    skipped = state.skipped - {question_id}
    return replace(state, answers=answers, skipped=skipped, last_answered=last, last_skipped=None, just_recorded=False)


def _moved(state: State, question_id: str) -> State:
    if question_id not in state.order:
        return state
    trail = state.trail if question_id == state.cursor else _lengthened(state)
    return replace(state, cursor=question_id, trail=trail, pending="", proposed=None, finished=False)


def _went_back(state: State, question_id: str) -> State:
    if question_id not in state.order:
        return state
    trail = state.trail
    while trail and trail[-1] != question_id:
        trail = trail[:-1]
    return replace(state, cursor=question_id, trail=trail[:-1], pending="", proposed=None, finished=False)


def _rescoped(state: State, event: ScopeSet) -> State:
    trail = tuple(each for each in state.trail if each in event.order)
    rescoped = replace(
        state, scope=event.scope, order=event.order, trail=trail, pending="", proposed=None, finished=False
    )
    if state.undecided:
        return _decided(rescoped, "scope")
    stays = state.cursor in event.order
    return rescoped if stays else replace(rescoped, cursor=rescoped.next_open(None))


def _decided(state: State, what: Undecided) -> State:
    """With the last decision the first question is turned to."""
    if not state.undecided:
        return state
    undecided = tuple(each for each in state.undecided if each != what)
    return replace(state, undecided=undecided, cursor=None if undecided else state.next_open(None))


def _walk_opened(state: State, event: WalkOpened) -> State:
    grid = _walk_closed(state)
    if grid.undecided or not event.order:
        return grid
    aside = Aside(grid.order, grid.cursor, grid.trail, grid.finished)
    opened = replace(grid, walk=event.walk, aside=aside, order=event.order, trail=(), finished=False)
    return replace(opened, cursor=opened.next_open(None) or event.order[0], pending="", proposed=None)


def _walk_closed(state: State) -> State:
    if state.aside is None:
        return state
    aside = state.aside
    back = replace(state, walk="", aside=None, order=aside.order, cursor=aside.cursor, trail=aside.trail)
    return replace(back, finished=aside.finished, pending="", proposed=None)
