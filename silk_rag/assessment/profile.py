"""Counts what was answered, by category. No weights and no score: the grid has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from silk_rag.assessment.questionnaire import Question, Questionnaire, Reading
from silk_rag.assessment.state import State
from silk_rag.assessment.values import AnswerValue

Standing = Literal[
    "favourable",
    "unfavourable",
    "mixed",
    "neutral",
    "too_early",
    "dont_know",
    "not_applicable",
    "skipped",
    "remaining",
]
_OPPOSITE: dict[Reading, Reading] = {"favourable": "unfavourable", "unfavourable": "favourable"}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions stand where. `neutral` answers describe and are neither good nor bad."""

    favourable: int = 0
    unfavourable: int = 0
    mixed: int = 0
    neutral: int = 0
    too_early: int = 0
    dont_know: int = 0
    not_applicable: int = 0
    skipped: int = 0
    remaining: int = 0

    @property
    def open(self) -> int:
        """What still wants an answer: too early, not known, skipped, not asked."""
        return self.too_early + self.dont_know + self.skipped + self.remaining

    @property
    def answered(self) -> int:
        """Questions to which something was said, "don't know" and "not applicable" included."""
        return self.total - self.skipped - self.remaining

    @property
    def total(self) -> int:
        """All questions of the scope."""
        return sum(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts by category letter, in the grid's order, and over all."""

    by_category: dict[str, Counts]
    overall: Counts


def added(counts: Iterable[Counts]) -> Counts:
    """Several counts in one."""
    each_count = list(counts)
    return Counts(**{each.name: sum(getattr(one, each.name) for one in each_count) for each in fields(Counts)})


def standing(question: Question, state: State) -> Standing:
    """Where a question stands."""
    answer = state.answers.get(question.id)
    if answer is None:
        return "skipped" if question.id in state.skipped else "remaining"
    match answer.value.content:
        case "too_early":
            return "too_early"
        case "dont_know":
            return "dont_know"
        case "not_applicable":
            return "not_applicable"
        case _:
            return reading(question, answer.value)


def reading(question: Question, value: AnswerValue) -> Reading:
    """How a value reads for the internationalisation, given which direction is favourable.

    Of five levels the two outer ones on each side speak, the middle one is mixed.
    """
    content = value.content
    if question.kind == "choice":
        option = question.option(str(content))
        return option.reads if option else "neutral"
    if question.favourable == "neutral" or question.kind in {"percent", "duration", "text"}:
        return "neutral"
    towards_yes: Reading = "mixed"
    if content == "yes" or (not isinstance(content, str) and content >= 4):
        towards_yes = "favourable"
    elif content == "no" or (not isinstance(content, str) and content <= 2):
        towards_yes = "unfavourable"
    return towards_yes if question.favourable == "yes" else _OPPOSITE.get(towards_yes, towards_yes)


def profile_of(state: State, grid: Questionnaire) -> Profile:
    """The profile of an assessment over the questions of its scope."""
    asked = [grid.by_id[question_id] for question_id in state.order if question_id in grid.by_id]
    letters = [letter for letter in grid.category_by_id if any(question.category == letter for question in asked)]
    by_category = {
        letter: _counts(standing(question, state) for question in asked if question.category == letter)
        for letter in letters
    }
    return Profile(by_category, _counts(standing(question, state) for question in asked))


def _counts(standings: Iterable[Standing]) -> Counts:
    found = list(standings)
    return Counts(**{each.name: found.count(each.name) for each in fields(Counts)})  # type: ignore[arg-type]
