"""The conversation: state and message in, events and reply out. No I/O, no clock, no chance.

Nothing is recorded that was not understood, and what is recorded is said. A question to the papers never fills an
answer: the dialogue hands it out as `digression` and returns to the question it was at.
"""

from __future__ import annotations

from dataclasses import dataclass

from silk_rag.assessment import beginning, wording
from silk_rag.assessment.acts import (
    Act,
    Answer,
    Command,
    Digress,
    Forget,
    Illuminate,
    Jump,
    OpenWalk,
    SetMode,
    SetScope,
    Unclear,
)
from silk_rag.assessment.commands import COMMANDS, Step, after_the_end, open_walk, out_of_scope
from silk_rag.assessment.context import Context
from silk_rag.assessment.events import (
    Answered,
    AskedBack,
    Digressed,
    Event,
    Finished,
    Forgotten,
    ModeSet,
    Moved,
    Said,
    ScopeSet,
    WalkClosed,
    WalkOpened,
    WentBack,
)
from silk_rag.assessment.ports import AnswerReader
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.replies import understand
from silk_rag.assessment.report import summary_markdown
from silk_rag.assessment.state import State, apply
from silk_rag.assessment.values import describe
from silk_rag.assessment.words import ReplyWords

MAXIMUM_PENDING = 1500
# Words said in these cases are about the question and may become its note; in the others they are not.
_KEEPS_WORDS = {"own_words", "contradiction", "doubt", "unit_missing", "confirm", "confirm_again"}


@dataclass(frozen=True, slots=True)
class Response:
    """What a message leads to. The reply is `opening`, what the papers say if they are asked, then `closing`."""

    events: tuple[Event, ...]
    opening: str
    closing: str
    recorded: tuple[Answered, ...]
    digression: str | None
    illuminate: Illuminate | None
    state: State

    def reply(self, digression_markdown: str = "") -> str:
        """The whole reply in Markdown."""
        return "\n\n".join(part for part in (self.opening, digression_markdown, self.closing) if part)


def opening_reply(state: State, grid: Questionnaire) -> str:
    """The greeting, and the first question or what is to be decided before it."""
    if state.undecided:
        return beginning.greeting(state, grid)
    first = grid.by_id.get(state.cursor or "")
    parts = [wording.greeting(state, grid)]
    if first is not None:
        parts.append(wording.ask(first, state, grid, first_of_part=True))
    return "\n\n".join(parts)


def respond(
    state: State,
    text: str,
    grid: Questionnaire,
    words: ReplyWords,
    *,
    shown_question: str | None = None,
    reader: AnswerReader | None = None,
) -> Response:
    """What to record and to reply. `shown_question` is the one the person saw, if it is not the state's own.

    `reader` reads answers that are told instead of given; without one they are asked back.
    """
    shown = shown_question if shown_question in state.order else state.cursor
    if state.undecided:
        acts = beginning.understand_beginning(text, state, grid, words)
    else:
        acts = understand(text, _context(state, shown, grid), words, reader)
    events: list[Event] = [Said(text)]
    now = apply(state, events[0])
    steps: list[Step] = []
    for act in acts:
        step = beginning.step_at_beginning(act, now, grid) if now.undecided else _step(act, now, text, grid)
        steps.append(step)
        events.extend(step.events)
        for event in step.events:
            now = apply(now, event)
    ended = now.cursor is None and not now.finished and not now.undecided
    walked = grid.walk(now.walk) if ended else None
    if ended:
        events.append(WalkClosed() if walked else Finished())
        now = apply(now, events[-1])
    if walked is not None:
        steps.append(Step(said=wording.walk_over(walked, now)))
    return Response(
        events=tuple(events),
        opening="\n\n".join(step.said for step in steps if step.said),
        closing=_closing(state, now, events, steps, grid),
        recorded=tuple(event for event in events if isinstance(event, Answered)),
        digression=next((step.digression for step in steps if step.digression), None),
        illuminate=next((step.illuminate for step in steps if step.illuminate), None),
        state=now,
    )


def _context(state: State, shown: str | None, grid: Questionnaire) -> Context:
    return Context(
        question=grid.every.get(shown or ""),
        order=state.order,
        grid=grid,
        last_answered=grid.every.get(state.last_answered or ""),
        just_recorded=state.just_recorded,
        pending=state.pending if shown == state.cursor else "",
        proposed=state.proposed if shown == state.cursor else None,
        language=state.language,
        answered=tuple(state.answers),
        mode=state.mode,
    )


def _closing(before: State, now: State, events: list[Event], steps: list[Step], grid: Questionnaire) -> str:
    """The next question, the same one again, the summary, or nothing."""
    if any(isinstance(event, Finished) for event in events) and not now.walk:
        return _farewell(now, grid)
    if now.undecided:
        return beginning.ask_beginning(now, grid) if any(step.closing == "again" for step in steps) else ""
    if now.paused or now.cursor is None:
        return ""
    question = grid.every.get(now.cursor)
    if question is None:
        return ""
    turned = any(isinstance(event, Moved | WentBack | ScopeSet | WalkOpened | WalkClosed) for event in events)
    if now.cursor == before.cursor and not turned and not any(step.closing == "again" for step in steps):
        return ""
    came_from = grid.every.get(before.cursor or "") if before.walk == now.walk else None
    first_of_part = came_from is None or came_from.category != question.category
    return wording.ask(question, now, grid, first_of_part=first_of_part)


def _farewell(state: State, grid: Questionnaire) -> str:
    left, skipped = len(state.open_ids), len(state.skipped_ids)
    parts = ["### Your summary", summary_markdown(state, grid)]
    if left:
        parts.append(f"{left} questions are still open. Say **continue** to go on with them at any time.")
    if skipped:
        parts.append(f"You skipped {skipped}. Say **skipped** to come back to them.")
    parts.append(wording.walks_offered(grid))
    parts.append("Thank you. You can still correct an answer, for instance “change C3 to no”, or ask the papers.")
    return "\n\n".join(parts)


def _step(act: Act, state: State, text: str, grid: Questionnaire) -> Step:  # noqa: PLR0911 (one case an act)
    match act:
        case Answer():
            return _answer(act, state, grid)
        case Command():
            return COMMANDS[act.name](act, state, grid)
        case Jump():
            return _jump(act.question_id, state, grid)
        case OpenWalk():
            return open_walk(act, state, grid)
        case Forget():
            return _forget(act.question_id, state)
        case SetMode():
            return Step((ModeSet(act.mode),), wording.mode_set(act.mode), "again")
        case SetScope():
            return _rescope(act, state, grid)
        case Digress():
            return Step((Digressed(act.text),), closing="again", digression=act.text)
        case Unclear():
            return _ask_back(act, state, text, grid)


def _answer(act: Answer, state: State, grid: Questionnaire) -> Step:
    if act.question_id not in {*state.order, *state.grid_order} and not grid.walk_of(act.question_id):
        return out_of_scope(act.question_id)
    question = grid.every[act.question_id]
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


def _jump(question_id: str, state: State, grid: Questionnaire) -> Step:
    if question_id in state.order:
        return Step((Moved(question_id),))
    if question_id in state.grid_order:
        return Step((WalkClosed(), Moved(question_id)))
    walk = grid.walk_of(question_id)
    return open_walk(OpenWalk(walk.id, question_id), state, grid) if walk else out_of_scope(question_id)


def _forget(question_id: str, state: State) -> Step:
    if question_id not in state.answers:
        return Step(said=f"There is no answer to {question_id} to take out.")
    said = f"The answer to {question_id} is taken out; the question is open again."
    events: tuple[Event, ...] = (Forgotten(question_id),)
    return Step((*events, Moved(question_id)) if state.finished else events, said, "again")


def _rescope(act: SetScope, state: State, grid: Questionnaire) -> Step:
    order = grid.in_scope(act.scope)
    scope = (act.scope,) if isinstance(act.scope, str) else act.scope
    said = f"From here on {len(order)} questions are asked. Answers you gave already are kept."
    closed = (WalkClosed(),) if state.walk else ()
    return Step((*closed, ScopeSet(scope, order)), said, "again")


def _ask_back(act: Unclear, state: State, text: str, grid: Questionnaire) -> Step:
    if state.finished and act.question_id is None and act.reason in {"not_understood", "nothing_said", "doubt"}:
        return Step((AskedBack(None, act.reason),), after_the_end(state))
    question = grid.every.get(act.question_id or state.cursor or "")
    kept = ""
    if act.reason in _KEEPS_WORDS:
        before = state.pending if act.reason in {"own_words", "confirm_again"} else ""
        kept = f"{before} {text.strip()}".strip()[-MAXIMUM_PENDING:]
    said = wording.unclear(act, question, grid.every.get(state.last_answered or ""), state.language)
    if question is not None and question.id != state.cursor:
        name_it = f"Say “{question.id}” and the answer"
        said = f"About {question.id}: {said.replace('Say **yes**', name_it)}"
        said += f" {name_it}." if act.reason == "confirm" and name_it not in said else ""
    return Step((AskedBack(question.id if question else None, act.reason, kept, act.value),), said)
