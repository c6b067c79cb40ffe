"""What to do about a point of attention: indicators to follow (Tool 3) and questions for the next step (Tool 1).

Which of them belong to which question is the editors' choice (`follow` in `tool-2-links.yaml`); the words are the
tools' own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from silk_rag.assessment.links import LINKS_FILE
from silk_rag.assessment.questionnaire import read_mapping
from silk_rag.errors import CorpusInvalid

INDICATORS_FILE = "tool-3.yaml"
STEPS_FILE = "tool-1.yaml"
STRATEGIES_FILE = "tool-5.yaml"
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of Tool 3; `phase` is its heading as printed."""

    id: str
    phase: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of Tool 1 with its prompts; `phase` and `name` are headings as printed."""

    id: str
    phase: str
    name: str
    prompts: tuple[str, ...]

    @property
    def title(self) -> str:
        """Phase and step in one line."""
        return f"{self.phase}: {self.name}"


@dataclass(frozen=True, slots=True)
class Column:
    """What Tool 5 says of one strategy: by table, each principle with the words of its cell."""

    name: str
    definition: str
    tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What belongs to one question."""

    indicators: tuple[Indicator, ...] = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The follow-up of every question, both tools whole, and the columns of Tool 5 by strategy."""

    of_question: Mapping[str, FollowUp] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()
    steps: tuple[Step, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __getitem__(self, question_id: str) -> FollowUp:
        """The follow-up of a question; an empty one where the file names none."""
        return self.of_question.get(question_id, FollowUp())


def load_follow_ups(tools: Path) -> FollowUps:
    """Read the follow-ups from the folder of tools. Raises CorpusInvalid naming what stands in no tool."""
    try:
        indicators = _indicators(read_mapping(tools / INDICATORS_FILE))
        steps = _steps(read_mapping(tools / STEPS_FILE))
        columns = _columns(read_mapping(tools / STRATEGIES_FILE))
    except (KeyError, TypeError) as error:
        raise CorpusInvalid(
            f"{INDICATORS_FILE}, {STEPS_FILE} or {STRATEGIES_FILE} has the wrong shape near {error}."
        ) from error
    by_question: dict[str, FollowUp] = {}
    for group in read_mapping(tools / LINKS_FILE).get("follow", []):
        follow_up = FollowUp(
            tuple(_known(indicators, str(name)) for name in group["indicators"]), _known(steps, str(group["next"]))
        )
        by_question |= dict.fromkeys(map(str, group["questions"]), follow_up)
    return FollowUps(by_question, tuple(indicators.values()), tuple(steps.values()), columns)


def _indicators(tool: Mapping[str, Any]) -> dict[str, Indicator]:
    found = [
        Indicator(f"{phase['id']} {place}", _heading(phase), entry["text"])
        for phase in tool["indicator_phases"]
        for place, entry in enumerate(phase["indicators"], start=1)
    ]
    return {indicator.id: indicator for indicator in found}


def _steps(tool: Mapping[str, Any]) -> dict[str, Step]:
    found = [
        Step(
            f"{phase['id']} {step['id']}",
            _heading(phase),
            step["name"]["text"],
            tuple(prompt["text"] for prompt in step["prompts"]),
        )
        for phase in tool["phases"]
        for step in phase["steps"]
    ]
    return {step.id: step for step in found}


def _columns(tool: Mapping[str, Any]) -> dict[str, Column]:
    """One for each strategy; a principle whose cell is empty in the paper is left out."""
    return {
        each["id"]: Column(
            each["name"]["text"],
            each["definition"]["text"],
            tuple((table["title"]["text"], tuple(_cells(table, each["id"]))) for table in tool["tables"]),
        )
        for each in tool["tables"][0]["strategies"]
    }


def _cells(table: Mapping[str, Any], strategy: str) -> Iterator[tuple[str, str]]:
    for principle in table["principles"]:
        cell = principle["cells"].get(strategy)
        if cell:
            yield principle["name"]["text"], cell["text"]


def _heading(phase: Mapping[str, Any]) -> str:
    """A heading as printed; "Phase 1 : Introspection" loses the space that French typography has before its colon."""
    return str(phase["name"]["text"]).replace(" : ", " – ")


def _known(entries: Mapping[str, Found], name: str) -> Found:
    if name not in entries:
        raise CorpusInvalid(f"{LINKS_FILE}, follow: {name!r} is none of {', '.join(entries)}.")
    return entries[name]
