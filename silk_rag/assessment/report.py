"""The report as data, and its short form in the conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from silk_rag.assessment.links import citation_data
from silk_rag.assessment.profile import Counts, profile_of, standing
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.report_model import (
    COPYRIGHT,
    DISCLAIMER,
    LIMITS,
    METHOD,
    SOURCE,
    Cited,
    Entry,
    Finding,
    Report,
    Strategy,
)
from silk_rag.assessment.state import State
from silk_rag.assessment.values import describe

MOST_IN_SUMMARY = 8


def report_data(report: Report, state: State, grid: Questionnaire) -> dict[str, Any]:
    """The whole report as JSON-able data."""
    profile = profile_of(state, grid)
    return {
        "generated_at": report.generated_at,
        "organisation": state.organisation,
        "respondent": state.respondent,
        "mode": state.mode,
        "scope": list(state.scope),
        "language": state.language,
        "questionnaire_version": state.questionnaire_version,
        "questionnaire_changed": report.questionnaire_changed,
        "coverage": coverage(profile.overall),
        "profile": {letter: _counts(counts) for letter, counts in profile.by_category.items()},
        "overall": _counts(profile.overall),
        "balance": [{"part": row.name, **_counts(row.counts)} for row in report.balance],
        "balance_citations": _numbers(report.balance_cited),
        "strengths": [_finding(each) for each in report.strengths],
        "attention": [_finding(each) for each in report.attention],
        "open": [entry.question.id for entry in report.open],
        "answers": [_entry(entry, state) for part in report.parts for entry in part.entries],
        "indicators": [
            {"phase": phase, "indicators": [{"text": text, "questions": ids.split(", ")} for text, ids in found]}
            for phase, found in report.indicators
        ],
        "next_questions": [
            {"step": step.title, "prompts": list(step.prompts), "questions": ids.split(", ")}
            for step, ids in report.next_steps
        ],
        "strategy": _strategy(report.strategy),
        "checklists": [
            {"title": title, "answers": [{"text": text, "said": said} for text, said in marks]}
            for title, marks in report.checklists
        ],
        "citations": [citation_data(cited.number, cited.shown) for cited in report.sources],
        "method": list(METHOD),
        "limits": list(LIMITS),
        "source": SOURCE,
        "copyright": COPYRIGHT,
        "disclaimer": DISCLAIMER,
        "imprint": list(report.imprint),
    }


def coverage(counts: Counts) -> dict[str, Any]:
    """How much of the scope was answered; `share` is between 0 and 1."""
    share = counts.answered / counts.total if counts.total else 0.0
    return {"answered": counts.answered, "total": counts.total, "share": round(share, 3)}


def _counts(counts: Counts) -> dict[str, int]:
    return {**asdict(counts), "open": counts.open, "answered": counts.answered, "total": counts.total}


def _numbers(cited: Iterable[Cited]) -> list[dict[str, Any]]:
    return [{"number": each.number, "why": each.shown.why} for each in cited]


def _strategy(strategy: Strategy | None) -> dict[str, Any] | None:
    if strategy is None:
        return None
    tables = [
        {
            "title": title,
            "cells": [{"principle": each.shown.why, "text": each.shown.quote, "number": each.number} for each in cited],
        }
        for title, cited in strategy.tables
    ]
    return {"name": strategy.name, "definition": strategy.definition, "tables": tables}


def _cell(cited: Cited) -> dict[str, Any]:
    return {"principle": cited.shown.why, "text": cited.shown.quote, "number": cited.number}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "question_id": finding.entry.question.id,
        "standing": finding.entry.standing,
        "citations": _numbers(finding.cited),
        "indicators": [indicator.text for indicator in finding.indicators],
        "next_step": finding.step.title if finding.step else None,
    }


def _entry(entry: Entry, state: State) -> dict[str, Any]:
    question = entry.question
    answer = state.answers.get(question.id)
    return {
        "question_id": question.id,
        "category": question.category,
        "printed_number": question.printed_number,
        "text": question.text,
        "asked_as": entry.wording,
        "standing": entry.standing,
        **(answer.value.to_json() if answer else {"value": None, "unit": None}),
        "value_in_words": entry.answer if answer else None,
        "note": entry.note,
        "sse_specific": question.sse_specific,
        "source": {"file": question.source.file, "lines": [question.source.first_line, question.source.last_line]},
    }


def summary_markdown(state: State, grid: Questionnaire) -> str:
    """The short form that ends the conversation: a table by category, what stands out, the limits in one line."""
    profile = profile_of(state, grid)
    rows = [
        (f"{letter} · {grid.category_by_id[letter].title}", counts) for letter, counts in profile.by_category.items()
    ]
    overall = profile.overall
    parts = [
        f"You answered {overall.answered} of {overall.total} questions.",
        counts_table([*rows, ("All", overall)]),
    ]
    for title, wanted in (("What speaks for it", "favourable"), ("Points of attention", "unfavourable")):
        found = [question for question in _asked(state, grid) if standing(question, state) == wanted]
        if found:
            shown = "\n".join(_standing_out(question, state) for question in found[:MOST_IN_SUMMARY])
            left = len(found) - MOST_IN_SUMMARY
            more = f"\n- and {left} more, in the report" if left > 0 else ""
            parts.append(f"**{title}**\n\n{shown}{more}")
    parts.append(f"*{LIMITS[0]} {COPYRIGHT}.*")
    return "\n\n".join(parts)


def _asked(state: State, grid: Questionnaire) -> Iterator[Question]:
    return (grid.by_id[question_id] for question_id in state.order if question_id in grid.by_id)


def _standing_out(question: Question, state: State) -> str:
    answer = state.answers.get(question.id)
    return f"- {question.id} {question.wording(state.mode)} " + (
        f"**{describe(answer.value, question)}**" if answer else ""
    )


def counts_table(rows: Iterable[tuple[str, Counts]], first: str = "Category") -> str:
    """A Markdown table of counts."""
    head = (
        f"| {first} | Favourable | Mixed | Unfavourable | Described | Open | Not applicable |\n"
        "|---|--:|--:|--:|--:|--:|--:|"
    )
    lines = [f"| {name} | " + " | ".join(map(str, count_cells(counts))) + " |" for name, counts in rows]
    return "\n".join([head, *lines])


def count_cells(counts: Counts) -> tuple[int, ...]:
    """The counts in the order of the table's columns."""
    return (
        counts.favourable,
        counts.mixed,
        counts.unfavourable,
        counts.neutral,
        counts.open,
        counts.not_applicable,
    )
