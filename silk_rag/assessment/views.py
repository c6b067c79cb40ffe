"""Assessments as plain data, in the names of the HTTP contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from silk_rag.assessment.events import Answered, Undecided
from silk_rag.assessment.ports import StoredAssessment
from silk_rag.assessment.profile import profile_of
from silk_rag.assessment.questionnaire import Mode, Question, Questionnaire, Walk
from silk_rag.assessment.state import State
from silk_rag.assessment.wording import SECONDS_PER_QUESTION


def question_data(question: Question, mode: Mode, language: str = "en") -> dict[str, Any]:
    """A question as the API shows it: `text` as printed, `wording` as it is asked, `translation` where there is one."""
    translation = question.translation(language)
    return {
        "id": question.id,
        "category": question.category,
        "printed_number": question.printed_number,
        "text": question.text,
        "wording": question.wording(mode),
        "kind": question.kind,
        "options": _options(question.answers()),
        "why": question.why,
        "sse_specific": question.sse_specific,
        "translation": None
        if translation is None
        else {
            "text": translation.wording(mode),
            "label": translation.label,
            "options": _options(translation.answers),
        },
    }


def _options(answers: Mapping[str | int, str]) -> list[dict[str, Any]]:
    return [{"key": key, "label": label} for key, label in answers.items()]


def recorded_data(event: Answered) -> dict[str, Any]:
    """A recorded value with the person's words."""
    return {"question_id": event.question_id, **event.value.to_json(), "note": event.note}


def asked_data(state: State, grid: Questionnaire) -> dict[str, Any] | None:
    """The question at hand, None when there is none."""
    question = grid.every.get(state.cursor or "")
    return None if question is None else question_data(question, state.mode, state.language)


def snapshot_data(stored: StoredAssessment, state: State, grid: Questionnaire) -> dict[str, Any]:
    """An assessment as it stands."""
    answered = [question_id for question_id in grid.by_id if question_id in state.answers]
    return {
        "assessment_id": stored.id,
        "mode": None if "mode" in state.undecided else state.mode,
        "scope": None if "scope" in state.undecided else _scope(state),
        "organisation": state.organisation,
        "respondent": state.respondent,
        "language": state.language,
        "questionnaire_version": state.questionnaire_version,
        "created_at": stored.events[0].at if stored.events else None,
        "updated_at": stored.events[-1].at if stored.events else None,
        "answers": [
            recorded_data(Answered(each, state.answers[each].value, state.answers[each].note)) for each in answered
        ],
        "question": asked_data(state, grid),
        "progress": progress_data(state, grid),
        "checklists": [checklist_data(walk, state) for walk in grid.walks],
        "finished": state.of_grid.finished,
        "deciding": deciding(state),
    }


def checklist_data(walk: Walk, state: State) -> dict[str, Any]:
    """A walk with everything said on it; `open` while it is walked through."""
    questions = [question for part in walk.parts for question in part.questions]
    said = {question.id: state.answers[question.id] for question in questions if question.id in state.answers}
    return {
        "id": walk.id,
        "title": walk.title,
        "open": state.walk == walk.id,
        "total": len(questions),
        "items": [
            {"id": each.id, "part": part.title, "text": each.text, "kind": each.kind}
            for part in walk.parts
            for each in part.questions
        ],
        "answers": [recorded_data(Answered(each, answer.value, answer.note)) for each, answer in said.items()],
    }


def deciding(state: State) -> Undecided | None:
    """What the talk asks before the first question, None once it is decided."""
    return state.undecided[0] if state.undecided else None


def _scope(state: State) -> str | list[str]:
    return state.scope[0] if state.scope in {("full",), ("quick",)} else list(state.scope)


def progress_data(state: State, grid: Questionnaire) -> dict[str, Any]:
    """How far the assessment has come, over all and by category."""
    profile = profile_of(state.of_grid, grid)
    by_category = {
        letter: {key: counts[key] for key in ("answered", "skipped", "remaining", "total")}
        for letter, counts in (
            (letter, {**asdict(each), "answered": each.answered, "total": each.total})
            for letter, each in profile.by_category.items()
        )
    }
    return {
        "answered": profile.overall.answered,
        "skipped": profile.overall.skipped,
        "remaining": profile.overall.remaining,
        "total": profile.overall.total,
        "minutes_left": round(profile.overall.remaining * SECONDS_PER_QUESTION / 60),
        "by_category": by_category,
    }
