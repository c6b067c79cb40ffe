"""The report as Markdown. The person's words are escaped: they are shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterable

from silk_rag.assessment.markdown import escaped
from silk_rag.assessment.report import counts_table
from silk_rag.assessment.report_model import (
    COPYRIGHT,
    DISCLAIMER,
    LIMITS,
    METHOD,
    SOURCE,
    TITLE,
    Cited,
    Entry,
    Finding,
    Part,
    Report,
    balance_in_words,
)


def report_markdown(report: Report) -> str:
    """The whole report."""
    return "\n\n".join(part for part in _parts(report) if part) + "\n"


def _parts(report: Report) -> Iterable[str]:
    yield f"# {TITLE}"
    yield "\n".join(f"- {label}: {escaped(value)}" for label, value in report.facts)
    if report.questionnaire_changed:
        yield "Note: the questionnaire has changed since this assessment began; wordings may differ."
    yield from ("## Summary", report.coverage)
    yield counts_table((row.name, row.counts) for row in (*report.categories, report.overall))
    if report.balance:
        yield "## Balance between mission, strategy, economy and finance"
        yield counts_table(((row.name, row.counts) for row in report.balance), "Part")
        yield "\n".join(f"- {balance_in_words(row)}" for row in report.balance)
        yield from map(_cited, report.balance_cited)
    if report.strengths:
        yield "## Strengths"
        yield from map(_finding, report.strengths)
    if report.attention:
        yield "## Points of attention"
        yield from map(_finding, report.attention)
    yield from _follow_up(report)
    yield from _other_tools(report)
    if report.open:
        yield "## Open questions"
        yield "\n".join(f"- **{entry.question.id}** {entry.wording} *{entry.answer}*" for entry in report.open)
    for part in report.parts:
        yield from _answers(part)
    yield from ("## Method", _bullets(METHOD), "## Limits", _bullets(LIMITS))
    if report.sources:
        yield "## Sources"
        yield "\n".join(f"- [{each.number}] {escaped(each.shown.place)} ({_where(each)})" for each in report.sources)
    yield from ("## Copyright and disclaimer", f"{SOURCE}. {COPYRIGHT}.", DISCLAIMER)
    if report.imprint:
        yield "As printed in the papers:"
        yield from (f"> {escaped(paragraph)}" for paragraph in report.imprint)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _cited(cited: Cited) -> str:
    shown = cited.shown
    return f"{escaped(shown.why)}\n\n> “{escaped(shown.quote)}” [{cited.number}]"


def _where(cited: Cited) -> str:
    source = cited.shown.passage.source
    return f"{source.file_name}, {source.place}"


def _finding(finding: Finding) -> str:
    entry = finding.entry
    parts = [f"### {entry.question.id} {entry.wording}", f"**{escaped(entry.answer)}** ({entry.reads})"]
    if entry.note:
        parts.append(f"> In your words: {escaped(entry.note)}")
    parts += map(_cited, finding.cited)
    if finding.indicators:
        parts.append("Indicators to follow (Tool 3): " + "; ".join(each.text for each in finding.indicators) + ".")
    if finding.step:
        parts.append(f"Next questions (Tool 1): {finding.step.title}.")
    return "\n\n".join(parts)


def _follow_up(report: Report) -> Iterable[str]:
    if report.indicators:
        yield "## Indicators to follow (Tool 3)"
        for phase, found in report.indicators:
            yield f"### {phase}"
            yield "\n".join(f"- {text} ({ids})" for text, ids in found)
    if report.next_steps:
        yield "## Next questions (Tool 1)"
        for step, ids in report.next_steps:
            yield f"### {step.title}"
            yield f"For {ids}.\n\n" + _bullets(step.prompts)


def _other_tools(report: Report) -> Iterable[str]:
    if report.strategy:
        yield from (f"## {report.strategy.title}", report.strategy.definition)
        for title, cited in report.strategy.tables:
            yield f"### {title}"
            yield from map(_cited, cited)
    for title, marks in report.checklists:
        yield f"## {title}"
        yield "\n".join(f"- {text} **{escaped(said)}**" for text, said in marks)


def _answers(part: Part) -> Iterable[str]:
    yield f"## {part.title}"
    yield from map(_answer, part.entries)


def _answer(entry: Entry) -> str:
    printed = f" (printed as “{entry.printed}”)" if entry.printed else ""
    answered = entry.standing not in {"skipped", "remaining"}
    shown = f"**{escaped(entry.answer)}**" if answered else f"*{entry.answer}*"
    reads = f" ({entry.reads})" if entry.reads not in {entry.answer, "open"} else ""
    lines = [f"**{entry.question.id}** {entry.wording}{printed}", f"{shown}{reads}"]
    if entry.note:
        lines.append(f"> {escaped(entry.note)}")
    return "\n\n".join(lines)
