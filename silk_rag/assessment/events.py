"""What happened in an assessment, one frozen event at a time, and their form at rest.

The log is all there is: the state is a fold over it (`state.py`), a report is a function of the state. Events are
never changed; a later one corrects an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from silk_rag.assessment.questionnaire import Mode
from silk_rag.assessment.values import AnswerValue
from silk_rag.errors import Conflict

EVENT_VERSION = 1
Undecided = Literal["mode", "scope"]


@dataclass(frozen=True, slots=True)
class Started:
    """An assessment began: who, how, and which questions in which order.

    What is `undecided` is asked before the first question; until then `mode` and `scope` hold the defaults.
    """

    kind: ClassVar[str] = "started"
    mode: Mode
    scope: tuple[str, ...]
    order: tuple[str, ...]
    organisation: str
    respondent: str
    language: str
    questionnaire_version: str
    undecided: tuple[Undecided, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """The person's message, word for word, before anything was made of it."""

    kind: ClassVar[str] = "said"
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A value was recorded, with the person's words where they say more than the value."""

    kind: ClassVar[str] = "answered"
    question_id: str
    value: AnswerValue
    note: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A question was left open on purpose."""

    kind: ClassVar[str] = "skipped"
    question_id: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An answer was taken out again; the question is open."""

    kind: ClassVar[str] = "forgotten"
    question_id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Another question was turned to."""

    kind: ClassVar[str] = "moved"
    question_id: str


@dataclass(frozen=True, slots=True)
class WentBack:
    """The question before was turned to again."""

    kind: ClassVar[str] = "went_back"
    question_id: str


@dataclass(frozen=True, slots=True)
class AskedBack:
    """Nothing was recorded; `text` is kept as words about the question when they are an account of it.

    `value` is what the person was asked to confirm.
    """

    kind: ClassVar[str] = "asked_back"
    question_id: str | None
    reason: str
    text: str = ""
    value: AnswerValue | None = None


@dataclass(frozen=True, slots=True)
class Digressed:
    """A question was put to the papers."""

    kind: ClassVar[str] = "digressed"
    question: str


@dataclass(frozen=True, slots=True)
class PapersShown:
    """What the papers said to the last question or wish for passages, in Markdown, to be shown again on return."""

    kind: ClassVar[str] = "papers_shown"
    markdown: str


@dataclass(frozen=True, slots=True)
class ModeSet:
    """The view was changed between looking back and planning ahead."""

    kind: ClassVar[str] = "mode_set"
    mode: Mode


@dataclass(frozen=True, slots=True)
class ScopeSet:
    """Other questions are asked from now on; answers outside the scope are kept."""

    kind: ClassVar[str] = "scope_set"
    scope: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkOpened:
    """Another tool is walked through; the grid waits where it stands."""

    kind: ClassVar[str] = "walk_opened"
    walk: str
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkClosed:
    """Back to the grid, where it was left."""

    kind: ClassVar[str] = "walk_closed"


@dataclass(frozen=True, slots=True)
class Paused:
    """The person goes on later."""

    kind: ClassVar[str] = "paused"


@dataclass(frozen=True, slots=True)
class Finished:
    """The summary was given. Later corrections are still taken."""

    kind: ClassVar[str] = "finished"


Event = (
    Started
    | Said
    | Answered
    | Skipped
    | Forgotten
    | Moved
    | WentBack
    | AskedBack
    | Digressed
    | PapersShown
    | ModeSet
    | ScopeSet
    | WalkOpened
    | WalkClosed
    | Paused
    | Finished
)
_KINDS: Mapping[str, type[Event]] = {event.kind: event for event in Event.__args__}


def encode(event: Event) -> dict[str, Any]:
    """The event as JSON-able data, with its kind and version."""
    data: dict[str, Any] = {"kind": event.kind, "version": EVENT_VERSION}
    for field in fields(event):
        value = getattr(event, field.name)
        if isinstance(value, AnswerValue):
            value = value.to_json()
        data[field.name] = list(value) if isinstance(value, tuple) else value
    return data


def decode(data: Mapping[str, Any]) -> Event:
    """The inverse of `encode`. Raises Conflict for an event that a newer program wrote: update this one to read it."""
    event = _KINDS.get(str(data.get("kind")))
    if event is None or int(data.get("version", 0)) > EVENT_VERSION:
        raise Conflict(f"A newer program wrote an event of kind {data.get('kind')!r}; update this one to read it.")
    known = {field.name: data[field.name] for field in fields(event) if field.name in data}
    return event(**{name: _decoded(name, value) for name, value in known.items()})


def _decoded(name: str, value: Any) -> Any:  # noqa: ANN401 (whatever JSON holds, and what the event's field is)
    if name == "value" and value is not None:
        return AnswerValue.from_json(value)
    return tuple(value) if isinstance(value, list) else value
