"""Several assessments side by side: people of one organisation, or one organisation over time.

Agreement is shown answer by answer, not as a mean: a mean of yes and no is nobody's answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from silk_rag.assessment.profile import Standing, standing
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.report_model import COPYRIGHT, READS
from silk_rag.assessment.state import State
from silk_rag.assessment.values import describe
from silk_rag.errors import InvalidInput

Kind = Literal["people", "time"]
Agreement = Literal["agreed", "mostly agreed", "divided", "one voice", "no voice"]
Change = Literal["better", "worse", "changed", "same", "newly answered", "no longer answered", "not answered"]
MOST_COMPARED = 100
# Fewer would let a facilitator guess who said what.
SMALLEST_GROUP = 5
_RANK: Mapping[Standing, int] = {"unfavourable": 0, "mixed": 1, "favourable": 2}
# Who does not know has no opinion to agree or disagree with.
_NO_VOICE: frozenset[Standing] = frozenset({"dont_know", "skipped", "remaining"})


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the assessments; `at` is when it was last changed (ISO 8601)."""

    state: State
    at: str


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one respondent said to a question."""

    name: str
    answer: str
    standing: Standing

    @property
    def heard(self) -> bool:
        return self.standing not in _NO_VOICE


def compare_people(compared: Sequence[Compared], grid: Questionnaire, *, anonymous: bool = False) -> dict[str, Any]:
    """Agreement and disagreement by question.

    With `anonymous` only counts are given, none of a question that fewer than five answered; a group smaller than
    five is refused. Raises InvalidInput.
    """
    if anonymous and len(compared) < SMALLEST_GROUP:
        raise InvalidInput(f"An anonymous summary needs at least {SMALLEST_GROUP} assessments.", field="assessments")
    names = _names(compared)
    questions = [_people_entry(question, compared, names, anonymous=anonymous) for question in _asked(compared, grid)]
    return {
        "kind": "people",
        "anonymous": anonymous,
        "assessments": len(compared),
        "respondents": None if anonymous else names,
        "warnings": _warnings(compared, grid),
        "agreed": _ids(questions, "agreement", {"agreed", "mostly agreed"}),
        "divided": _ids(questions, "agreement", {"divided"}),
        "opposed": [entry["question_id"] for entry in questions if entry["opposed"]],
        "questions": questions,
        "copyright": COPYRIGHT,
    }


def compare_over_time(compared: Sequence[Compared], grid: Questionnaire) -> dict[str, Any]:
    """What changed between the earliest and the latest; those between are listed with their answers."""
    ordered = sorted(compared, key=lambda each: each.at)
    questions = [_time_entry(question, ordered) for question in _asked(ordered, grid)]
    return {
        "kind": "time",
        "times": [each.at for each in ordered],
        "warnings": _warnings(ordered, grid),
        "better": _ids(questions, "change", {"better"}),
        "worse": _ids(questions, "change", {"worse"}),
        "changed": _ids(questions, "change", {"changed"}),
        "newly_answered": _ids(questions, "change", {"newly answered"}),
        "questions": questions,
        "copyright": COPYRIGHT,
    }


def _asked(compared: Sequence[Compared], grid: Questionnaire) -> list[Question]:
    asked = {question_id for each in compared for question_id in each.state.order}
    return [question for question in grid.by_id.values() if question.id in asked]


def _names(compared: Sequence[Compared]) -> list[str]:
    """The respondents' names; those without one, or with another's, are told apart by a number."""
    given = [each.state.respondent for each in compared]
    return [
        name if name and given.count(name) == 1 else f"{name or 'Respondent'} {place}"
        for place, name in enumerate(given, start=1)
    ]


def _voice(question: Question, state: State, name: str) -> _Voice:
    answer = state.answers.get(question.id)
    return _Voice(name, describe(answer.value, question) if answer else "", standing(question, state))


def _people_entry(
    question: Question, compared: Sequence[Compared], names: Sequence[str], *, anonymous: bool
) -> dict[str, Any]:
    voices = [_voice(question, each.state, name) for each, name in zip(compared, names, strict=True)]
    heard = [voice for voice in voices if voice.heard]
    head = {"question_id": question.id, "category": question.category, "text": question.text, "heard": len(heard)}
    if anonymous and len(heard) < SMALLEST_GROUP:
        withheld = {"withheld": True, "agreement": None, "opposed": False, "reads": None, "answers": None}
        return {**head, "heard": None, **withheld}
    standings = {voice.standing for voice in heard}
    named = [{"respondent": each.name, "answer": each.answer, "reads": READS[each.standing]} for each in voices]
    return {
        **head,
        "withheld": False,
        "agreement": _agreement([voice.answer for voice in heard]),
        "opposed": {"favourable", "unfavourable"} <= standings,
        "reads": dict(Counter(READS[voice.standing] for voice in (heard if anonymous else voices))),
        "answers": None if anonymous else named,
    }


def _agreement(answers: Sequence[str]) -> Agreement:
    if not answers:
        return "no voice"
    if len(answers) == 1:
        return "one voice"
    ((_, most),) = Counter(answers).most_common(1)
    if most == len(answers):
        return "agreed"
    return "mostly agreed" if most > len(answers) / 2 else "divided"


def _time_entry(question: Question, ordered: Sequence[Compared]) -> dict[str, Any]:
    voices = [_voice(question, each.state, each.at) for each in ordered]
    return {
        "question_id": question.id,
        "category": question.category,
        "text": question.text,
        "change": _change(voices[0], voices[-1]),
        "answers": [{"at": each.name, "answer": each.answer, "reads": READS[each.standing]} for each in voices],
    }


def _change(before: _Voice, after: _Voice) -> Change:
    if not before.answer or not after.answer:
        if before.answer == after.answer:
            return "not answered"
        return "newly answered" if after.answer else "no longer answered"
    if before.standing in _RANK and after.standing in _RANK and before.standing != after.standing:
        return "better" if _RANK[after.standing] > _RANK[before.standing] else "worse"
    return "same" if before.answer == after.answer else "changed"


def _ids(entries: Sequence[Mapping[str, Any]], key: str, wanted: set[str]) -> list[str]:
    return [entry["question_id"] for entry in entries if entry[key] in wanted]


def _warnings(compared: Sequence[Compared], grid: Questionnaire) -> list[str]:
    """What makes the comparison less than it seems."""
    states = [each.state for each in compared]
    found: list[str] = []
    if {state.questionnaire_version for state in states} != {grid.version}:
        found.append("The questionnaire has changed between or since these assessments; some wordings may differ.")
    if len({state.mode for state in states}) > 1:
        found.append("Some look back and some plan ahead: expectations are compared with experience.")
    if len({state.order for state in states}) > 1:
        found.append("They do not cover the same questions.")
    if len({state.organisation.casefold().strip() for state in states if state.organisation}) > 1:
        found.append("They name different organisations.")
    return found
