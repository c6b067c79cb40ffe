"""The report as a Word document: real styles, headings, tables with header rows, a picture with a text alternative."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from silk_rag.adapters.docx_parts import Page, styled_document
from silk_rag.adapters.report_pdf import chart_png
from silk_rag.assessment.chart import SHADES, chart_text
from silk_rag.assessment.report import count_cells
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
    Report,
    Row,
    balance_in_words,
)

CHART_WIDTH_CM = 17.4
_COUNT_WIDTHS_CM = (4.2, 2.5, 1.6, 2.7, 2.2, 1.6, 2.5)
_ANSWER_WIDTHS_CM = (1.2, 7.0, 6.4, 2.8)


class DocxRenderer:
    """Writes the document with python-docx."""

    def __call__(self, report: Report, /) -> bytes:
        """The file, as Word and LibreOffice open it without repair."""
        document = styled_document(
            title=TITLE,
            author=dict(report.facts).get("Organisation", ""),
            made=datetime.fromisoformat(report.generated_at),
        )
        page = Page(document)
        page.page_number(f"{TITLE} · {COPYRIGHT}")
        _opening(page, report)
        _balance(page, report)
        for title, findings in (("Strengths", report.strengths), ("Points of attention", report.attention)):
            if findings:
                page.heading(title, 1)
                for finding in findings:
                    _finding(page, finding)
        _follow_up(page, report)
        _answers(page, report)
        _closing(page, report)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _opening(page: Page, report: Report) -> None:
    page.paragraph(TITLE, "Title")
    for label, value in (*report.facts, ("Made on", report.generated_at[:10])):
        paragraph = page.paragraph("", "Fact")
        page.run(paragraph, f"{label}: ", soft=True)
        page.run(paragraph, value)
    if report.questionnaire_changed:
        page.paragraph(
            "The questionnaire has changed since this assessment began; wordings may differ.", "Intense Quote"
        )
    page.heading("Summary", 1)
    page.paragraph(report.coverage)
    page.picture(chart_png(report), chart_text(report.categories), CHART_WIDTH_CM)
    page.paragraph("Profile by category. The table below holds the same figures.", "Caption")
    _counts(page, "Category", (*report.categories, report.overall))


def _counts(page: Page, first: str, rows: Sequence[Row]) -> None:
    head = (first, *(shade.name for shade in SHADES))
    cells = [(row.name, *map(str, count_cells(row.counts))) for row in rows]
    page.table(head, cells, _COUNT_WIDTHS_CM, numbers_from=1)


def _balance(page: Page, report: Report) -> None:
    if not report.balance:
        return
    page.heading("Balance between mission, strategy, economy and finance", 1)
    _counts(page, "Part", report.balance)
    page.paragraph("", "Fact")
    _bullets(page, map(balance_in_words, report.balance))
    for cited in report.balance_cited:
        _cited(page, cited)


def _bullets(page: Page, lines: Iterable[str]) -> None:
    for line in lines:
        page.paragraph(line, "List Bullet")


def _cited(page: Page, cited: Cited) -> None:
    page.paragraph(cited.shown.why, "Reason")
    page.paragraph(f"“{cited.shown.quote}” [{cited.number}]", "Quote")


def _finding(page: Page, finding: Finding) -> None:
    entry = finding.entry
    page.heading(f"{entry.question.id} {entry.wording}", 2)
    paragraph = page.paragraph()
    paragraph.paragraph_format.keep_with_next = bool(finding.cited)
    page.run(paragraph, entry.answer, bold=True)
    page.run(paragraph, f" ({entry.reads})", soft=True)
    if entry.note:
        page.paragraph(f"In your words: {entry.note}", "Own words")
    for cited in finding.cited:
        _cited(page, cited)
    if finding.indicators:
        named = "; ".join(indicator.text for indicator in finding.indicators)
        paragraph = page.paragraph()
        paragraph.paragraph_format.keep_with_next = finding.step is not None
        page.run(paragraph, f"Indicators to follow (Tool 3): {named}.", soft=True)
    if finding.step:
        page.run(page.paragraph(), f"Next questions (Tool 1): {finding.step.title}.", soft=True)


def _follow_up(page: Page, report: Report) -> None:
    if report.indicators:
        page.heading("Indicators to follow (Tool 3)", 1)
        for phase, found in report.indicators:
            page.heading(phase, 2)
            _bullets(page, (f"{text} ({ids})" for text, ids in found))
    if report.next_steps:
        page.heading("Next questions (Tool 1)", 1)
        for step, ids in report.next_steps:
            page.heading(step.title, 2)
            page.paragraph(f"For {ids}.", "Reason")
            _bullets(page, step.prompts)
    if report.strategy:
        page.heading(report.strategy.title, 1)
        page.paragraph(report.strategy.definition)
        for title, cited in report.strategy.tables:
            page.heading(title, 2)
            for each in cited:
                _cited(page, each)
    for name, marks in report.checklists:
        page.heading(name, 1)
        _bullets(page, (f"{text} – {said}" for text, said in marks))
    if report.open:
        page.heading("Open questions", 1)
        _bullets(page, (f"{each.question.id} {each.wording} ({each.answer})" for each in report.open))


def _answers(page: Page, report: Report) -> None:
    page.heading("All answers", 1)
    for part in report.parts:
        page.heading(part.title, 2)
        rows = [(each.question.id, _question(each), _answer(each), each.reads) for each in part.entries]
        page.table(("No.", "Question", "Answer", "Reads"), rows, _ANSWER_WIDTHS_CM, emphasised=2)


def _question(entry: Entry) -> str:
    return f"{entry.wording}\nPrinted as “{entry.printed}”" if entry.printed else entry.wording


def _answer(entry: Entry) -> str:
    return f"{entry.answer}\n{entry.note}" if entry.note else entry.answer


def _closing(page: Page, report: Report) -> None:
    page.heading("Method and its limits", 1)
    _bullets(page, METHOD)
    page.heading("Limits", 2)
    _bullets(page, LIMITS)
    if report.sources:
        page.heading("Sources", 1)
        for cited in report.sources:
            source = cited.shown.passage.source
            paragraph = page.paragraph(f"[{cited.number}] {cited.shown.place} ", "Source")
            page.run(paragraph, f"({source.file_name}, {source.place})", soft=True)
    page.heading("Copyright and disclaimer", 1)
    page.paragraph(f"{SOURCE}. {COPYRIGHT}.")
    page.paragraph(DISCLAIMER)
    if report.imprint:
        page.paragraph("As printed in the papers:", "Reason")
        for text in report.imprint:
            page.paragraph(text, "Quote")
