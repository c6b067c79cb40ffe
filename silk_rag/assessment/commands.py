"""What each command does: the state in, events and words out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from silk_rag.assessment import wording
from silk_rag.assessment.acts import Command, CommandName, Illuminate, OpenWalk
from silk_rag.assessment.events import (
    Digressed,
    Event,
    Finished,
    Forgotten,
    Moved,
    Paused,
    Skipped,
    WalkClosed,
    WalkOpened,
    WentBack,
)
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.report import summary_markdown
from silk_rag.assessment.state import State, apply
from silk_rag.assessment.values import describe

Closing = Literal["none", "again"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one act leads to. `again` shows the question once more although it has not changed.

    `illuminate` asks for linked passages; where there are none, `digression` is put to the papers instead.
    """

    events: tuple[Event, ...] = ()
    said: str = ""
    closing: Closing = "none"
    digression: str | None = None
    illuminate: Illuminate | None = None


def out_of_scope(question_id: str) -> Step:
    """Nothing is noted for a question that is not asked in this round."""
    return Step(said=f"{question_id} is not part of this round, so I noted nothing. Say **all questions** to widen it.")


def open_walk(act: OpenWalk, state: State, grid: Questionnaire) -> Step:
    """Into another tool; the grid waits where it stands."""
    walk = grid.walk(act.walk)
    if walk is None:
        return Step(said="That tool is not at hand here.", closing="again")
    moved = (Moved(act.question_id),) if act.question_id else ()
    said = wording.walk_opened(walk, state)
    if state.walk == walk.id:
        return Step(moved, closing="again")
    return Step((WalkOpened(walk.id, walk.order), *moved), said)


def after_the_end(state: State) -> str:
    """What can be said once the assessment is finished."""
    left = len(state.open_ids)
    go_on = f" Say **continue** to answer the {left} open questions." if left else ""
    return f"This assessment is finished, so I noted nothing.{go_on} “change C3 to no” corrects, **summary** shows it."


def _skip(act: Command, state: State, _: Questionnaire) -> Step:
    question_id = act.question_id or state.cursor
    if question_id is None:
        return _continue(act, state, _)
    if question_id not in state.order:
        return out_of_scope(question_id)
    said = (
        f"{question_id} stays as you answered it." if question_id in state.answers else f"{question_id} is left open."
    )
    return Step((Skipped(question_id),), said)


def _continue(_: Command, state: State, __: Questionnaire) -> Step:
    """On from an answered question; an open one is asked again, since only "skip" leaves it out."""
    if state.cursor is not None and state.cursor not in state.answers:
        return Step(closing="again")
    following = state.next_open(state.cursor)
    if following is not None:
        return Step((Moved(following),))
    if state.walk:
        return _leave_walk(_, state, __)
    if state.cursor is not None:
        return Step((Finished(),))
    return Step(said="Every question has been answered or skipped. **summary** shows where you stand.")


def _back(_: Command, state: State, __: Questionnaire) -> Step:
    earlier = next((each for each in reversed(state.trail) if each != state.cursor and each in state.order), None)
    if earlier is None and state.cursor in state.order:
        place = state.order.index(state.cursor)
        earlier = state.order[place - 1] if place else None
    if earlier is None:
        return Step(said="This is the first question; there is none before it.", closing="again")
    return Step((WentBack(earlier),))


def _repeat(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(closing="again")


def _greet(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said="Hello! Whenever you are ready:", closing="again")


def _why(act: Command, state: State, grid: Questionnaire) -> Step:
    question = grid.every.get(act.question_id or state.cursor or "")
    if question is None:
        return Step(said=after_the_end(state))
    asked = f"\n\n*{wording.hint(question, state.language)}*" if question.id == state.cursor else ""
    return Step(said=wording.why(question, state) + asked, illuminate=Illuminate(question.id, "why"))


def _example(act: Command, state: State, grid: Questionnaire) -> Step:
    question = grid.every.get(act.question_id or state.cursor or "")
    if question is None:
        return Step(said=after_the_end(state))
    asked = example_query(question)
    said = f"What the papers tell of others on {question.id}:"
    return Step((Digressed(asked),), said, "again", asked, Illuminate(question.id, "example"))


def example_query(question: Question) -> str:
    """The question put to the papers when a person asks how others did it."""
    return f"Which case studies give an example: {question.as_question or question.text}"


def _pause(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step((Paused(),), wording.paused())


def _progress(_: Command, state: State, grid: Questionnaire) -> Step:
    walk = grid.walk(state.walk)
    walked = f"\n\n{wording.walk_progress(walk, state)}" if walk else ""
    return Step(said=wording.progress(state.of_grid, grid) + walked, closing="again")


def _answers(_: Command, state: State, grid: Questionnaire) -> Step:
    return Step(said=wording.answers_so_far(state, grid), closing="again")


def _summary(_: Command, state: State, grid: Questionnaire) -> Step:
    return Step(said=summary_markdown(state.of_grid, grid), closing="again")


def _leave_walk(_: Command, state: State, grid: Questionnaire) -> Step:
    walk = grid.walk(state.walk)
    if walk is None:
        return Step(closing="again")
    return Step((WalkClosed(),), wording.walk_over(walk, apply(state, WalkClosed())))


def _finish(act: Command, state: State, grid: Questionnaire) -> Step:
    if state.walk:
        return _leave_walk(act, state, grid)
    return Step((Finished(),)) if not state.finished else Step(said=summary_markdown(state.of_grid, grid))


def _undo(_: Command, state: State, __: Questionnaire) -> Step:
    if state.last_skipped is not None:
        return Step((Forgotten(state.last_skipped), Moved(state.last_skipped)), f"{state.last_skipped} again:")
    if state.last_answered is None:
        return Step(said="There is no answer to take back.", closing="again")
    question_id = state.last_answered
    return Step((Forgotten(question_id), Moved(question_id)), f"The answer to {question_id} is taken out.")


def _skipped(_: Command, state: State, __: Questionnaire) -> Step:
    waiting = state.skipped_ids or state.open_ids
    if not waiting:
        return Step(said="Nothing was skipped.", closing="again")
    return Step((Moved(waiting[0]),), f"{len(waiting)} to come back to: {', '.join(waiting)}.")


def _next_category(_: Command, state: State, grid: Questionnaire) -> Step:
    present = grid.every.get(state.cursor or "")
    later = [each for each in state.open_ids if present is None or each[0] > present.category]
    if not later:
        return Step(said="There is no later part with open questions.", closing="again")
    return Step((Moved(later[0]),), "The questions left out here stay open.")


def _help(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said=wording.HELP, closing="again")


def _privacy(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said=wording.PRIVACY, closing="again")


def _wrong(_: Command, state: State, grid: Questionnaire) -> Step:
    last = grid.every.get(state.last_answered or "")
    if last is None:
        return Step(said="Nothing has been noted yet, so nothing is lost.", closing="again")
    noted = describe(state.answers[last.id].value, last)
    return Step(said=f"For {last.id} I noted **{noted}**. Say “{last.id}” and what it should be, or **undo**.")


def _wait(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said="Take your time.")


def _restart(_: Command, state: State, __: Questionnaire) -> Step:
    return (
        Step((Moved(state.order[0]),), "From the first question again; your answers are kept.")
        if state.order
        else Step()
    )


def _language(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said=wording.LANGUAGES, closing="again")


COMMANDS: Mapping[CommandName, Callable[[Command, State, Questionnaire], Step]] = {
    "skip": _skip,
    "next": _continue,
    "back": _back,
    "repeat": _repeat,
    "why": _why,
    "example": _example,
    "pause": _pause,
    "progress": _progress,
    "answers": _answers,
    "summary": _summary,
    "finish": _finish,
    "undo": _undo,
    "skipped": _skipped,
    "next_category": _next_category,
    "help": _help,
    "privacy": _privacy,
    "wrong": _wrong,
    "wait": _wait,
    "restart": _restart,
    "language": _language,
    "greeting": _greet,
    "leave_walk": _leave_walk,
}
