"""Scripted self-assessments: what a person types, and what must be recorded.

The scripts (datasets/assessment_scenarios.jsonl) were written from the questionnaire before they were tried. A turn is
right when exactly the expected answers are recorded and the expected question comes next; lengths of time are compared
as months, since "18 months" and "1.5 years" say the same. After a wrong turn the script is taken up where it goes on: a
person would have seen that they were asked back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.samples import DATASETS
from evals.statistics import mean_with_interval
from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.assessment.ports import AnswerReader, PapersAnswer
from silk_rag.assessment.quantities import in_months
from silk_rag.assessment.questionnaire import Mode, Questionnaire, load_questionnaire
from silk_rag.assessment.service import AssessmentService, Created
from silk_rag.assessment.values import AnswerValue
from silk_rag.assessment.words import ReplyWords, load_reply_words
from silk_rag.bootstrap import build_embedders, build_reader
from silk_rag.settings import Settings

# "52 weeks" and "12 months" are one length to a person.
ROUNDED = 0.01


@dataclass(frozen=True, slots=True)
class Step:
    """What the person types; what is to be recorded, as question id to value and unit; the question to come, if said.

    `next_known` tells "no question is left" from "not said".
    """

    user: str
    recorded: Mapping[str, tuple[Any, str | None]]
    next_question: str | None
    next_known: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scripted conversation; `act` is the kind of dialogue act that it tries."""

    id: str
    part: str
    act: str
    name: str
    mode: Mode
    scope: str | tuple[str, ...]
    language: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What happened at a step. `invented` says that something was recorded that should not have been."""

    scenario: Scenario
    step: Step
    recorded: Mapping[str, tuple[Any, str | None]]
    next_question: str | None

    @property
    def recorded_right(self) -> bool:
        """Whether exactly what was expected is recorded; a unit counts only where one is expected."""
        if set(self.recorded) != set(self.step.recorded):
            return False
        return all(_same(self.recorded[at], expected) for at, expected in self.step.recorded.items())

    @property
    def invented(self) -> bool:
        """Whether an answer stands there that the person did not give."""
        return not all(self.values_right)

    @property
    def values_right(self) -> list[bool]:
        """For each value recorded, whether the person gave it."""
        return [_same(value, self.step.recorded.get(at, (None, None))) for at, value in self.recorded.items()]

    @property
    def right(self) -> bool:
        """Whether record and next question are as expected."""
        return self.recorded_right and (not self.step.next_known or self.next_question == self.step.next_question)


def _same(recorded: tuple[Any, str | None], expected: tuple[Any, str | None]) -> bool:
    """Whether both say the same; without an expected unit the value alone counts."""
    if isinstance(recorded[0], int | float) and isinstance(expected[0], int | float):
        lengths = [in_months(AnswerValue(float(value), unit)) for value, unit in (recorded, expected)]
        if lengths[0] is not None and lengths[1] is not None:
            return math.isclose(lengths[0], lengths[1], rel_tol=ROUNDED)
    return recorded[0] == expected[0] and expected[1] in (None, recorded[1])


def load_scenarios(part: str, path: Path = DATASETS / "assessment_scenarios.jsonl") -> list[Scenario]:
    """The scenarios of a part ("dev", "test" or "all"), in file order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_scenario(row) for row in rows if part in ("all", row["part"])]


def _scenario(row: Mapping[str, Any]) -> Scenario:
    scope = row["scope"] if isinstance(row["scope"], str) else tuple(row["scope"])
    steps = tuple(_step(turn) for turn in row["turns"])
    return Scenario(row["id"], row["part"], row["act"], row["name"], row["mode"], scope, row["language"], steps)


def _step(turn: Mapping[str, Any]) -> Step:
    expected = turn["expect"]
    if expected["none"] != (not expected["recorded"]):
        raise ValueError(f"{turn['user']!r}: `none` and `recorded` contradict each other.")
    recorded = {each["question_id"]: (each["value"], each.get("unit")) for each in expected["recorded"]}
    return Step(turn["user"], recorded, expected.get("next_question"), "next_question" in expected)


def play(scenario: Scenario, corpus: Path | None = None) -> list[StepOutcome]:
    """Play a scenario against a fresh assessment; questions about the papers get a fixed answer."""
    tools = (corpus or Settings.from_environment().corpus) / "tools"
    questionnaire, words = _read(tools)
    service = AssessmentService(
        store=MemoryEventStore(),
        questionnaire=questionnaire,
        words=words,
        answerer=lambda _: PapersAnswer("From the papers.", []),
        reader=reader(tools),
    )
    created = service.create(mode=scenario.mode, scope=scenario.scope, language=scenario.language)
    outcomes: list[StepOutcome] = []
    for step in scenario.steps:
        turn = service.message(created.assessment_id, created.token, step.user)
        recorded = {each["question_id"]: (each["value"], each.get("unit")) for each in turn.recorded}
        outcomes.append(StepOutcome(scenario, step, recorded, turn.question["id"] if turn.question else None))
        if not outcomes[-1].right:
            _take_up(service, created, step)
    return outcomes


@lru_cache
def _read(tools: Path) -> tuple[Questionnaire, ReplyWords]:
    """What every scenario is played with, read once."""
    return load_questionnaire(tools), load_reply_words(tools)


@lru_cache
def reader(tools: Path) -> AnswerReader | None:
    """Who reads the answers that are told, as in production."""
    return build_reader(tools, build_embedders(Settings.from_environment()).multilingual)


def _take_up(service: AssessmentService, created: Created, step: Step) -> None:
    """Bring the assessment to where the script goes on, so that one wrong turn is not counted for all that follow."""
    for question_id, (value, unit) in step.recorded.items():
        service.set_answer(created.assessment_id, created.token, question_id, value=value, unit=unit)
    if step.next_question is not None:
        service.message(created.assessment_id, created.token, f"go to {step.next_question}")


def scenario_lines(played: Sequence[Sequence[StepOutcome]], *, misses: bool = False) -> Iterator[str]:
    """Figures in all and by dialogue act; with `misses`, the steps that went otherwise."""
    steps = [outcome for outcomes in played for outcome in outcomes]
    whole = [float(all(outcome.right for outcome in outcomes)) for outcomes in played]
    yield f"conversations right    {mean_with_interval(whole)} of {len(whole)}"
    yield f"turns right            {mean_with_interval([float(each.right) for each in steps])} of {len(steps)}"
    yield f"record right           {mean_with_interval([float(each.recorded_right) for each in steps])}"
    noted = [float(right) for each in steps for right in each.values_right]
    yield f"values noted, right    {mean_with_interval(noted)} of {len(noted)}"
    yield f"answers invented       {sum(each.invented for each in steps)} turns"
    for act in dict.fromkeys(each.scenario.act for each in steps):
        group = [each for each in steps if each.scenario.act == act]
        invented = sum(each.invented for each in group)
        beside = f", {invented} invented" if invented else ""
        yield f"  {act:18}{sum(each.right for each in group)} of {len(group)}{beside}"
    for each in steps if misses else ():
        if not each.right:
            yield f"\n{each.scenario.id} {each.scenario.name}: {each.step.user!r}"
            yield f"  expected {dict(each.step.recorded)}, then {each.step.next_question}"
            yield f"  recorded {dict(each.recorded)}, then {each.next_question}"
