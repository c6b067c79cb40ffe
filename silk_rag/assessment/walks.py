"""Tools 1 and 3 as guided walks: their prompts and indicators asked one at a time by the same dialogue.

The texts are the papers'. What is the editors': that an indicator is asked as "Do you follow it?", why, and the last
question of Tool 1, which picks one of Tool 5's strategies out of what was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from silk_rag.assessment.follow_up import INDICATORS_FILE, STEPS_FILE, STRATEGIES_FILE
from silk_rag.assessment.normalise import normalise
from silk_rag.assessment.questionnaire import (
    SOURCE_FILE,
    AnswerKind,
    Category,
    Option,
    Question,
    Walk,
    read_mapping,
)
from silk_rag.documents import SourceSpan
from silk_rag.errors import CorpusInvalid

PROMPTS, INDICATORS = "tool-1", "tool-3"
#: The editors' question for a strategy, the last of Tool 1.
STRATEGY_QUESTION = "P29"
STRATEGY_WHY = (
    "The editors ask this to find the strategy's column in Tool 5, which names what to watch and what to measure. "
    "Take the one that comes closest; the report then shows it."
)
_PROMPT_WHY = (
    "It is a prompt of Tool 1, which prepares an internationalisation step by step: why, what, when, where, who, how."
)
_INDICATOR_WHY = (
    "It is an indicator of Tool 3, which shows where an organisation stands with its internationalisation and what "
    "needs to be addressed. Not every indicator suits every organisation."
)


def load_walks(tools: Path) -> tuple[Walk, ...]:
    """Both walks, read from the folder of tools. Raises CorpusInvalid naming the tool that cannot be read."""
    try:
        prompts = _prompts(read_mapping(tools / STEPS_FILE), read_mapping(tools / STRATEGIES_FILE))
        indicators = _indicators(read_mapping(tools / INDICATORS_FILE))
    except (KeyError, TypeError, IndexError) as error:
        files = f"{STEPS_FILE}, {INDICATORS_FILE} or {STRATEGIES_FILE}"
        raise CorpusInvalid(f"{files} has the wrong shape near {error}.") from error
    return prompts, indicators


def _prompts(tool: Mapping[str, Any], strategies: Mapping[str, Any]) -> Walk:
    groups = [
        (f"{_heading(phase)}: {step['name']['text']}", step["prompts"])
        for phase in tool["phases"]
        for step in phase["steps"]
    ]
    parts = list(_parts("P", groups, kind="text", why=_PROMPT_WHY))
    last = parts[-1]
    place = sum(len(part.questions) for part in parts) + 1
    parts[-1] = replace(last, questions=(*last.questions, _strategy_question(f"P{place}", place, last.id, strategies)))
    return Walk(PROMPTS, "Tool 1: questions in preparation for an internationalisation", tuple(parts))


def _indicators(tool: Mapping[str, Any]) -> Walk:
    groups = [(_heading(phase), phase["indicators"]) for phase in tool["indicator_phases"]]
    parts = tuple(_parts("I", groups, kind="yes_no", why=_INDICATOR_WHY))
    return Walk(INDICATORS, "Tool 3: indicators to follow", parts)


def _parts(
    letter: str,
    groups: Iterable[tuple[str, list[dict[str, Any]]]],
    *,
    kind: AnswerKind,
    why: str,
) -> Iterator[Category]:
    place = 0
    for number, (title, entries) in enumerate(groups, start=1):
        questions = []
        for entry in entries:
            place += 1
            text, (first, last) = str(entry["text"]), entry["lines"]
            questions.append(
                Question(
                    id=f"{letter}{place}",
                    category=f"{letter}:{number}",
                    printed_number=place,
                    text=text,
                    source=SourceSpan(SOURCE_FILE, int(first), int(last)),
                    sse_specific=None,
                    kind=kind,
                    favourable="neutral",
                    why=why,
                    planning=f"Will you follow this: “{text}”?" if kind == "yes_no" else text,
                    as_question=f"Do you follow this: “{text}”?" if kind == "yes_no" else None,
                )
            )
        yield Category(f"{letter}:{number}", title, tuple(questions))


def _strategy_question(question_id: str, place: int, part: str, tool: Mapping[str, Any]) -> Question:
    text = "Which strategy of Tool 5 comes closest to yours?"
    options = tuple(
        Option(str(each["id"]), str(each["name"]["text"]), tuple(_names(each)))
        for each in tool["tables"][0]["strategies"]
    )
    first, last = tool["lines"][0]
    return Question(
        id=question_id,
        category=part,
        printed_number=place,
        text=text,
        source=SourceSpan(SOURCE_FILE, int(first), int(last)),
        sse_specific=None,
        kind="choice",
        favourable="neutral",
        why=STRATEGY_WHY,
        planning=text,
        options=options,
    )


def _names(strategy: Mapping[str, Any]) -> Iterator[str]:
    name = normalise(str(strategy["name"]["text"]))
    yield from {
        name,
        normalise(str(strategy["id"])),
        *name.split(" or "),
        name.replace("-", " "),
        name.replace("-", ""),
    }


def _heading(phase: Mapping[str, Any]) -> str:
    return str(phase["name"]["text"]).replace(" : ", " – ")
