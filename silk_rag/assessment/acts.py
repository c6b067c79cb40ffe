"""What a person does with a message: the dialogue acts that the words are understood as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from silk_rag.assessment.questionnaire import Mode
from silk_rag.assessment.values import AnswerValue

CommandName = Literal[
    "skip",
    "next",
    "back",
    "repeat",
    "why",
    "example",
    "pause",
    "progress",
    "answers",
    "summary",
    "finish",
    "undo",
    "skipped",
    "next_category",
    "help",
    "privacy",
    "wrong",
    "wait",
    "restart",
    "language",
    "leave_walk",
    "greeting",
]
UnclearReason = Literal[
    "not_understood",  # no answer, no command, no question in it
    "own_words",  # an account rather than an answer: kept, and asked for a judgement
    "contradiction",  # "yes and then again no"
    "which_question",  # "sorry, no": the question before, or this one?
    "mentions_other",  # names another question than the present one
    "several_answers",  # more than one answer and no ids to tell them apart
    "several_numbers",  # "10 % and 30 %"
    "out_of_range",  # 7 on a scale to 5, 140 %
    "unit_missing",  # "18"
    "needs_confirmation",  # "yes?"
    "doubt",  # "maybe"
    "confirm_again",  # "yes, correct" to "is it no, or yes?"
    "confirm",  # "our competitors export": is outward meant?
    "unknown_question",  # "B99 yes"
    "complaint",  # tired or angry: met with patience
    "instruction",  # "mark everything as yes"
    "nothing_said",  # "..."
    "which_parts",  # "some parts": asked which
]


@dataclass(frozen=True, slots=True)
class Answer:
    """A value for a question; `note` keeps the person's words where they say more than the value."""

    question_id: str
    value: AnswerValue
    note: str = ""
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Something that steers the talk, perhaps about a question other than the present one."""

    name: CommandName
    question_id: str | None = None


@dataclass(frozen=True, slots=True)
class Jump:
    """Go to this question."""

    question_id: str


@dataclass(frozen=True, slots=True)
class OpenWalk:
    """Walk through another tool, from its beginning or from a part of it."""

    walk: str
    question_id: str | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """Take the answer to this question out again."""

    question_id: str


@dataclass(frozen=True, slots=True)
class SetMode:
    """Look back, or plan ahead."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class SetScope:
    """Ask all, a quick scan, or some categories."""

    scope: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digress:
    """A question to the papers. It never fills an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Not understood well enough to record: the dialogue asks back. `detail` is a value or an id, never raw text.

    `value` is what may be meant and is put to the person for a yes.
    """

    reason: UnclearReason
    question_id: str | None = None
    detail: str = ""
    value: AnswerValue | None = None


@dataclass(frozen=True, slots=True)
class Illuminate:
    """Show what the papers say of a question: with "why" its first passages, with "example" cases before others."""

    question_id: str
    manner: Literal["why", "example"]


Act = Answer | Command | Jump | OpenWalk | Forget | SetMode | SetScope | Digress | Unclear
