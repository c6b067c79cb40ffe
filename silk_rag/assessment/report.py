"""The report: what was answered, by category, in the person's own words, with the method and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from silk_rag.assessment.markdown import escaped
from silk_rag.assessment.profile import Counts, profile_of, standing
from silk_rag.assessment.questionnaire import Category, Question, Questionnaire
from silk_rag.assessment.state import State
from silk_rag.assessment.values import describe

COPYRIGHT = "© OECD 2022"
SOURCE = (
    "Tool 2, Internationalisation evaluation grid, SILK papers on the internationalisation of the social and "
    "solidarity economy"
)
DISCLAIMER = (
    "The questions are quoted from the SILK papers. This report is not an official OECD assessment; its summaries and "
    "explanations do not necessarily reflect the official views of the OECD or of its member countries."
)
LIMITS = (
    "The grid has no official scoring: answers are counted, not weighted, and no total is drawn from them.",
    "Which answer counts as favourable is the editors' reading of each question, not the papers'.",
    (
        "Only five questions (C1, C2, D2, D3, E3) are known to be specific to the social and solidarity economy; "
        "the marks on the others were lost before this copy of the papers."
    ),
    "It is a self-assessment: it shows what the respondent said, and nothing was checked.",
)
_GLYPHS = {"favourable": "favourable", "unfavourable": "unfavourable", "mixed": "mixed", "neutral": "described"}


def report_data(state: State, grid: Questionnaire) -> dict[str, Any]:
    """The whole report as JSON-able data."""
    profile = profile_of(state, grid)
    return {
        "organisation": state.organisation,
        "respondent": state.respondent,
        "mode": state.mode,
        "scope": list(state.scope),
        "language": state.language,
        "questionnaire_version": state.questionnaire_version,
        "questionnaire_changed": state.questionnaire_version != grid.version,
        "coverage": coverage(profile.overall),
        "profile": {letter: _counts(counts) for letter, counts in profile.by_category.items()},
        "overall": _counts(profile.overall),
        "answers": [_entry(question, state) for question in _asked(state, grid)],
        "limits": list(LIMITS),
        "source": SOURCE,
        "copyright": COPYRIGHT,
        "disclaimer": DISCLAIMER,
    }


def coverage(counts: Counts) -> dict[str, Any]:
    """How much of the scope was answered; `share` is between 0 and 1."""
    share = counts.answered / counts.total if counts.total else 0.0
    return {"answered": counts.answered, "total": counts.total, "share": round(share, 3)}


def _counts(counts: Counts) -> dict[str, int]:
    return {**asdict(counts), "open": counts.open, "answered": counts.answered, "total": counts.total}


def _asked(state: State, grid: Questionnaire) -> Iterator[Question]:
    return (grid.by_id[question_id] for question_id in state.order if question_id in grid.by_id)


def _entry(question: Question, state: State) -> dict[str, Any]:
    answer = state.answers.get(question.id)
    return {
        "question_id": question.id,
        "category": question.category,
        "printed_number": question.printed_number,
        "text": question.text,
        "asked_as": question.wording(state.mode),
        "standing": standing(question, state),
        **(answer.value.to_json() if answer else {"value": None, "unit": None}),
        "value_in_words": describe(answer.value, question) if answer else None,
        "note": answer.note if answer else "",
        "sse_specific": question.sse_specific,
        "source": {"file": question.source.file, "lines": [question.source.first_line, question.source.last_line]},
    }


def summary_markdown(state: State, grid: Questionnaire) -> str:
    """The short form that ends the conversation: a table by category, what stands out, the limits in one line."""
    parts = [_coverage_line(state, grid), _table(state, grid)]
    for title, wanted in (("What speaks for it", "favourable"), ("Points of attention", "unfavourable")):
        found = [question for question in _asked(state, grid) if standing(question, state) == wanted]
        if found:
            shown = "\n".join(_standing_out(question, state) for question in found[:8])
            more = f"\n- and {len(found) - 8} more, in the report" if len(found) > 8 else ""
            parts.append(f"**{title}**\n\n{shown}{more}")
    parts.append(f"*{LIMITS[0]} {COPYRIGHT}.*")
    return "\n\n".join(parts)


def _standing_out(question: Question, state: State) -> str:
    answer = state.answers.get(question.id)
    return f"- {question.id} {question.wording(state.mode)} " + (
        f"**{describe(answer.value, question)}**" if answer else ""
    )


def report_markdown(state: State, grid: Questionnaire) -> str:
    """The whole report. The person's words are escaped: they are shown, never obeyed."""
    view = "planning ahead" if state.mode == "planning" else "looking back"
    about = [("Organisation", state.organisation), ("Respondent", state.respondent)]
    lines = [f"- {label}: {escaped(value)}" for label, value in about if value]
    lines += [f"- View: {view}", f"- Scope: {_scope(state)}"]
    parts = ["# Internationalisation self-assessment", "\n".join(lines)]
    if state.questionnaire_version != grid.version:
        parts.append("Note: the questionnaire has changed since this assessment began; wordings may differ.")
    parts += ["## Summary", _coverage_line(state, grid), _table(state, grid)]
    parts += [_category(category, state) for category in grid.categories if _has_any(category, state)]
    parts += ["## Method and its limits", "\n".join(f"- {limit}" for limit in LIMITS)]
    parts += ["## Source", f"{SOURCE}. {COPYRIGHT}.", DISCLAIMER]
    return "\n\n".join(parts) + "\n"


def _scope(state: State) -> str:
    named: Mapping[tuple[str, ...], str] = {
        ("full",): "all questions",
        ("quick",): "quick scan (editors' choice of questions)",
    }
    return named.get(state.scope, f"categories {', '.join(state.scope)}")


def _has_any(category: Category, state: State) -> bool:
    return any(question.id in state.order for question in category.questions)


def _coverage_line(state: State, grid: Questionnaire) -> str:
    counts = profile_of(state, grid).overall
    return f"You answered {counts.answered} of {counts.total} questions."


def _table(state: State, grid: Questionnaire) -> str:
    head = (
        "| Category | Favourable | Mixed | Unfavourable | Described | Open | Not applicable |\n"
        "|---|--:|--:|--:|--:|--:|--:|"
    )
    profile = profile_of(state, grid)
    rows = [_row(f"{each} · {grid.category_by_id[each].title}", counts) for each, counts in profile.by_category.items()]
    return "\n".join([head, *rows, _row("All", profile.overall)])


def _row(name: str, counts: Counts) -> str:
    cells = (counts.favourable, counts.mixed, counts.unfavourable, counts.neutral, counts.open, counts.not_applicable)
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def _category(category: Category, state: State) -> str:
    asked = [question for question in category.questions if question.id in state.order]
    return "\n\n".join([f"## {category.id} · {category.title}", *(_answer(question, state) for question in asked)])


def _answer(question: Question, state: State) -> str:
    answer = state.answers.get(question.id)
    where = standing(question, state)
    shown = f"**{escaped(describe(answer.value, question))}**" if answer else f"*{_open(where)}*"
    reads = f" ({_GLYPHS[where]})" if where in _GLYPHS else ""
    wording = question.wording(state.mode)
    printed = f" (printed as “{question.text}”)" if wording != question.text else ""
    lines = [f"**{question.id}** {wording}{printed}", f"{shown}{reads}"]
    if answer and answer.note:
        lines.append(f"> {escaped(answer.note)}")
    return "\n\n".join(lines)


def _open(where: str) -> str:
    names: Mapping[str, str] = {"skipped": "skipped", "remaining": "not answered"}
    return names.get(where, where)
