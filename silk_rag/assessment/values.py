"""What is recorded for a question: a code, an option, a number with its unit, or words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from silk_rag.assessment.questionnaire import Question
from silk_rag.errors import InvalidInput

OPEN_CODES: Mapping[str, str] = {
    "too_early": "too early to tell",
    "not_applicable": "not applicable",
    "dont_know": "don't know",
}
JUDGEMENTS: Mapping[str, str] = {"yes": "yes", "partly": "partly", "no": "no"}
UNITS: Mapping[str, tuple[str, ...]] = {
    "level": ("level",),
    "percent": ("percent",),
    "duration": ("days", "weeks", "months", "years"),
}
MAXIMUM_TEXT = 4000


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """`content` is a code, an option's key, free words, or a number, which alone has a unit.

    `low` and `high` are set when the person gave a range; `content` is then its middle.
    """

    content: str | float
    unit: str | None = None
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, Any]:
        """`value` and `unit`, and `range` when there is one."""
        content = self.content
        if isinstance(content, float) and content.is_integer():
            content = int(content)
        result: dict[str, Any] = {"value": content, "unit": self.unit}
        if self.low is not None and self.high is not None:
            result["range"] = [self.low, self.high]
        return result

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> AnswerValue:
        """The inverse of `to_json`."""
        low, high = data.get("range") or (None, None)
        content = data["value"]
        return AnswerValue(content if isinstance(content, str) else float(content), data.get("unit"), low, high)


def number(value: float) -> str:
    """As a person writes it: 18, not 18.0."""
    return f"{value:g}"


def describe(value: AnswerValue, question: Question) -> str:
    """The value in words, for the person who gave it."""
    content = value.content
    if isinstance(content, str):
        option = question.option(content)
        labels = {**OPEN_CODES, **JUDGEMENTS}
        return option.label if option else labels.get(content, content)
    shown = number(content)
    if value.low is not None and value.high is not None:
        shown = f"{number(value.low)} to {number(value.high)}"
    if value.unit == "percent":
        return f"{shown} %"
    if value.unit == "level":
        label = question.scale.labels.get(int(content), "") if question.scale else ""
        return f"{shown} of 5 ({label})"
    unit = value.unit or ""
    return f"{shown} {unit.removesuffix('s') if shown == '1' else unit}".strip()


def checked_value(question: Question, content: object, unit: str | None) -> AnswerValue:
    """The value a program sends for a question. Raises InvalidInput naming the field and what is allowed."""
    if isinstance(content, str):
        return _checked_words(question, content.strip())
    if isinstance(content, bool) or not isinstance(content, int | float):
        raise InvalidInput("A value is a text or a number.", field="value")
    units = UNITS.get(question.kind)
    if units is None:
        raise InvalidInput(f"{question.id} takes one of {_allowed(question)}, not a number.", field="value")
    if unit is None and len(units) == 1:
        unit = units[0]
    if unit not in units:
        raise InvalidInput(f"{question.id} needs a unit out of {', '.join(units)}.", field="unit")
    return _checked_number(question, float(content), unit)


def _checked_words(question: Question, content: str) -> AnswerValue:
    if content in OPEN_CODES:
        return AnswerValue(content)
    if question.kind == "yes_no" and content in JUDGEMENTS:
        return AnswerValue(content)
    if question.kind == "choice" and question.option(content):
        return AnswerValue(content)
    if question.kind == "text" and 0 < len(content) <= MAXIMUM_TEXT:
        return AnswerValue(content)
    raise InvalidInput(f"{question.id} takes one of {_allowed(question)}.", field="value")


def _checked_number(question: Question, content: float, unit: str) -> AnswerValue:
    if not math.isfinite(content) or not in_range(content, unit):
        limits = {"level": "a whole number from 1 to 5", "percent": "0 to 100"}.get(unit, "zero or more")
        raise InvalidInput(f"{question.id} takes {limits}.", field="value")
    return AnswerValue(content, unit)


def in_range(content: float, unit: str) -> bool:
    """Whether a number makes sense in its unit. A hundred thousand days is longer than any partnership."""
    if unit == "level":
        return content in {1, 2, 3, 4, 5}
    return 0 <= content <= (100 if unit == "percent" else 100_000)


def _allowed(question: Question) -> str:
    own = {
        "yes_no": list(JUDGEMENTS),
        "choice": [option.key for option in question.options],
        "level": ["a level from 1 to 5"],
        "percent": ["a percentage"],
        "duration": ["a number with a unit"],
        "text": ["a text"],
    }[question.kind]
    return ", ".join([*own, *OPEN_CODES])
