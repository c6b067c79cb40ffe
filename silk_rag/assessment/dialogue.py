"""The conversation: state and message in, events and reply out. No I/O, no clock, no chance.

Nothing is recorded that was not understood, and what is recorded is said. A question to the papers never fills an
answer: the dialogue hands it out as `digression` and returns to the question it was at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from silk_rag.assessment import wording
from silk_rag.assessment.acts import (
    Act,
    Answer,
    Command,
    CommandName,
    Digress,
    Forget,
    Jump,
    SetMode,
    SetScope,
    Unclear,
)
from silk_rag.assessment.events import (
    Answered,
    AskedBack,
    Digressed,
    Event,
    Finished,
    Forgotten,
    ModeSet,
    Moved,
    Paused,
    Said,
    ScopeSet,
    Skipped,
    WentBack,
)
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.replies import Context, understand
from silk_rag.assessment.report import summary_markdown
from silk_rag.assessment.state import State, apply
from silk_rag.assessment.values import describe
from silk_rag.assessment.words import ReplyWords

MAXIMUM_PENDING = 1500
# Words said in these cases are about the question and may become its note; in the others they are not.
_KEEPS_WORDS = {"own_words", "contradiction", "doubt", "unit_missing"}

Closing = Literal["none", "again"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one act leads to. `again` shows the question once more although it has not changed."""

    events: tuple[Event, ...] = ()
    said: str = ""
    closing: Closing = "none"
    digression: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a message leads to. The reply is `opening`, the answer to the digression if any, then `closing`."""

    events: tuple[Event, ...]
    opening: str
    closing: str
    recorded: tuple[Answered, ...]
    digression: str | None
    state: State

    def reply(self, digression_markdown: str = "") -> str:
        """The whole reply in Markdown."""
        return "\n\n".join(part for part in (self.opening, digression_markdown, self.closing) if part)


def opening_reply(state: State, grid: Questionnaire) -> str:
    """The greeting and the first question."""
    first = grid.by_id.get(state.cursor or "")
    parts = [wording.greeting(state, grid)]
    if first is not None:
        parts.append(wording.ask(first, state, grid, first_of_part=True))
    return "\n\n".join(parts)


def respond(
    state: State, text: str, grid: Questionnaire, words: ReplyWords, *, shown_question: str | None = None
) -> Response:
    """What to record and to reply. `shown_question` is the one the person saw, if it is not the state's own."""
    shown = shown_question if shown_question in state.order else state.cursor
    acts = understand(text, _context(state, shown, grid), words)
    events: list[Event] = [Said(text)]
    now = apply(state, events[0])
    steps: list[Step] = []
    for act in acts:
        step = _step(act, now, text, grid)
        steps.append(step)
        events.extend(step.events)
        for event in step.events:
            now = apply(now, event)
    if now.cursor is None and not now.finished:
        events.append(Finished())
        now = apply(now, events[-1])
    return Response(
        events=tuple(events),
        opening="\n\n".join(step.said for step in steps if step.said),
        closing=_closing(state, now, events, steps, grid),
        recorded=tuple(event for event in events if isinstance(event, Answered)),
        digression=next((step.digression for step in steps if step.digression), None),
        state=now,
    )


def _context(state: State, shown: str | None, grid: Questionnaire) -> Context:
    return Context(
        question=grid.by_id.get(shown or ""),
        order=state.order,
        grid=grid,
        last_answered=grid.by_id.get(state.last_answered or ""),
        just_recorded=state.just_recorded,
        pending=state.pending if shown == state.cursor else "",
        language=state.language,
    )


def _closing(before: State, now: State, events: list[Event], steps: list[Step], grid: Questionnaire) -> str:
    """The next question, the same one again, the summary, or nothing."""
    if any(isinstance(event, Finished) for event in events):
        return _farewell(now, grid)
    if now.paused or now.cursor is None:
        return ""
    question = grid.by_id.get(now.cursor)
    if question is None:
        return ""
    turned = any(isinstance(event, Moved | WentBack | ScopeSet) for event in events)
    if now.cursor == before.cursor and not turned and not any(step.closing == "again" for step in steps):
        return ""
    came_from = grid.by_id.get(before.cursor or "")
    first_of_part = came_from is None or came_from.category != question.category
    return wording.ask(question, now, grid, first_of_part=first_of_part)


def _farewell(state: State, grid: Questionnaire) -> str:
    left, skipped = len(state.open_ids), len(state.skipped_ids)
    parts = ["### Your summary", summary_markdown(state, grid)]
    if left:
        parts.append(f"{left} questions are still open. Say **continue** to go on with them at any time.")
    if skipped:
        parts.append(f"You skipped {skipped}. Say **skipped** to come back to them.")
    parts.append("Thank you. You can still correct an answer, for instance “change C3 to no”, or ask the papers.")
    return "\n\n".join(parts)


def _step(act: Act, state: State, text: str, grid: Questionnaire) -> Step:
    match act:
        case Answer():
            return _answer(act, state, grid)
        case Command():
            return _COMMANDS[act.name](act, state, grid)
        case Jump():
            return _jump(act.question_id, state)
        case Forget():
            return _forget(act.question_id, state)
        case SetMode():
            return Step((ModeSet(act.mode),), wording.mode_set(act.mode), "again")
        case SetScope():
            return _rescope(act, grid)
        case Digress():
            return Step((Digressed(act.text),), closing="again", digression=act.text)
        case Unclear():
            return _ask_back(act, state, text, grid)


def _out_of_scope(question_id: str) -> Step:
    return Step(said=f"{question_id} is not part of this round, so I noted nothing. Say **all questions** to widen it.")


def _answer(act: Answer, state: State, grid: Questionnaire) -> Step:
    if act.question_id not in state.order:
        return _out_of_scope(act.question_id)
    question = grid.by_id[act.question_id]
    earlier = state.answers.get(question.id)
    # Words that went with another value would speak against the new one; the log keeps them.
    note = act.note or (earlier.note if earlier and earlier.value == act.value else "")
    said = wording.recorded(
        question,
        act.value,
        note=bool(act.note),
        hedged=act.hedged,
        at_hand=question.id == state.cursor,
        before=describe(earlier.value, question) if earlier else "",
    )
    return Step((Answered(question.id, act.value, note),), said, "again")


def _jump(question_id: str, state: State) -> Step:
    return Step((Moved(question_id),)) if question_id in state.order else _out_of_scope(question_id)


def _forget(question_id: str, state: State) -> Step:
    if question_id not in state.answers:
        return Step(said=f"There is no answer to {question_id} to take out.")
    said = f"The answer to {question_id} is taken out; the question is open again."
    events: tuple[Event, ...] = (Forgotten(question_id),)
    return Step((*events, Moved(question_id)) if state.finished else events, said, "again")


def _rescope(act: SetScope, grid: Questionnaire) -> Step:
    order = grid.in_scope(act.scope)
    scope = (act.scope,) if isinstance(act.scope, str) else act.scope
    said = f"From here on {len(order)} questions are asked. Answers you gave already are kept."
    return Step((ScopeSet(scope, order),), said, "again")


def _ask_back(act: Unclear, state: State, text: str, grid: Questionnaire) -> Step:
    if state.finished and act.question_id is None and act.reason in {"not_understood", "nothing_said", "doubt"}:
        return Step((AskedBack(None, act.reason),), _after_the_end(state))
    question = grid.by_id.get(act.question_id or state.cursor or "")
    kept = ""
    if act.reason in _KEEPS_WORDS:
        before = state.pending if act.reason == "own_words" else ""
        kept = f"{before} {text.strip()}".strip()[-MAXIMUM_PENDING:]
    said = wording.unclear(act, question, grid.by_id.get(state.last_answered or ""))
    if question is not None and question.id != state.cursor:
        said = f"About {question.id}: {said}"
    return Step((AskedBack(question.id if question else None, act.reason, kept),), said)


def _after_the_end(state: State) -> str:
    left = len(state.open_ids)
    go_on = f" Say **continue** to answer the {left} open questions." if left else ""
    return f"This assessment is finished, so I noted nothing.{go_on} “change C3 to no” corrects, **summary** shows it."


# Commands


def _skip(act: Command, state: State, _: Questionnaire) -> Step:
    question_id = act.question_id or state.cursor
    if question_id is None:
        return _continue(act, state, _)
    if question_id not in state.order:
        return _out_of_scope(question_id)
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
    question = grid.by_id.get(act.question_id or state.cursor or "")
    if question is None:
        return Step(said=_after_the_end(state))
    asked = f"\n\n*{wording.hint(question)}*" if question.id == state.cursor else ""
    return Step(said=wording.why(question, state) + asked)


def _example(act: Command, state: State, grid: Questionnaire) -> Step:
    question = grid.by_id.get(act.question_id or state.cursor or "")
    if question is None:
        return Step(said=_after_the_end(state))
    asked = example_query(question)
    return Step((Digressed(asked),), f"What the papers tell of others on {question.id}:", "again", asked)


def example_query(question: Question) -> str:
    """The question put to the papers when a person asks how others did it."""
    return f"Which case studies give an example: {question.as_question or question.text}"


def _pause(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step((Paused(),), wording.paused())


def _progress(_: Command, state: State, grid: Questionnaire) -> Step:
    return Step(said=wording.progress(state, grid), closing="again")


def _answers(_: Command, state: State, grid: Questionnaire) -> Step:
    return Step(said=wording.answers_so_far(state, grid), closing="again")


def _summary(_: Command, state: State, grid: Questionnaire) -> Step:
    return Step(said=summary_markdown(state, grid), closing="again")


def _finish(_: Command, state: State, grid: Questionnaire) -> Step:
    return Step((Finished(),)) if not state.finished else Step(said=summary_markdown(state, grid))


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
    present = grid.by_id.get(state.cursor or "")
    later = [each for each in state.open_ids if present is None or each[0] > present.category]
    if not later:
        return Step(said="There is no later part with open questions.", closing="again")
    return Step((Moved(later[0]),), "The questions left out here stay open.")


def _help(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said=wording.HELP, closing="again")


def _privacy(_: Command, __: State, ___: Questionnaire) -> Step:
    return Step(said=wording.PRIVACY, closing="again")


def _wrong(_: Command, state: State, grid: Questionnaire) -> Step:
    last = grid.by_id.get(state.last_answered or "")
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


_COMMANDS: Mapping[CommandName, Callable[[Command, State, Questionnaire], Step]] = {
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
}
