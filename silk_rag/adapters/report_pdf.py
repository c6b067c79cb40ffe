"""The report as a tagged PDF with outline and embedded fonts, and the chart as a picture: Typst sets both.

Typst comes as a wheel with everything in it; no system library is needed. Roboto and Noto Sans KR come as packages,
too, so that accents and Korean look the same everywhere; other scripts take a font of the system, if it has one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from silk_rag.assessment.chart import SHADES, chart_svg, chart_text
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
    Strategy,
    balance_in_words,
)

if TYPE_CHECKING:
    import typst

_TEMPLATES = Path(__file__).parent / "templates"
_CHART = b"""#set page(width: auto, height: auto, margin: 0pt)
#set text(font: ("Roboto", "Noto Sans KR"))
#image(bytes(sys.inputs.chart), format: "svg")"""
CHART_PPI = 200.0


class PdfRenderer:
    """Sets the template. The report enters as data, so that no sign in it is taken for Typst's own."""

    def __call__(self, report: Report, /) -> bytes:
        """The PDF, in the standard for accessible documents (PDF/UA-1).

        The standard refuses a text of which no font at hand has a letter, an emoji for instance. The PDF is then as
        tagged as ever, only it claims no standard.
        """
        import typst

        data = json.dumps(_data(report), ensure_ascii=False)
        try:
            return _compiled(data, "ua-1")
        except typst.TypstError:
            return _compiled(data, "1.7")


def _compiled(data: str, standard: Literal["ua-1", "1.7"]) -> bytes:
    import typst

    pdf: bytes = typst.compile(
        _TEMPLATES / "report.typ", sys_inputs={"report": data}, font_paths=_fonts(), pdf_standards=standard
    )
    return pdf


def chart_png(report: Report) -> bytes:
    """The chart as a picture, for formats that know no SVG."""
    import typst

    png: bytes = typst.compile(
        _CHART, sys_inputs={"chart": chart_svg(report)}, font_paths=_fonts(), format="png", ppi=CHART_PPI
    )
    return png


@cache
def _fonts() -> typst.Fonts:
    import font_roboto
    import pylopdf_fonts_ko
    import typst

    return typst.Fonts(font_paths=[Path(font_roboto.font_directory), pylopdf_fonts_ko.sans_path().parent])


def _data(report: Report) -> dict[str, Any]:
    return {
        "title": TITLE,
        "organisation": dict(report.facts).get("Organisation", ""),
        "facts": [*report.facts, ("Made on", report.generated_at[:10])],
        "questionnaire_changed": report.questionnaire_changed,
        "coverage": report.coverage,
        "chart": chart_svg(report),
        "chart_text": chart_text(report.categories),
        "columns": [shade.name for shade in SHADES],
        "categories": [_row(row) for row in report.categories],
        "overall": _row(report.overall),
        "balance": [_row(row) for row in report.balance],
        "balance_cited": [_cited(each) for each in report.balance_cited],
        "strengths": [_finding(each) for each in report.strengths],
        "attention": [_finding(each) for each in report.attention],
        "indicators": report.indicators,
        "next_steps": [
            {"title": step.title, "questions": ids, "prompts": step.prompts} for step, ids in report.next_steps
        ],
        "strategy": _strategy(report.strategy),
        "checklists": report.checklists,
        "open": [_entry(entry) for entry in report.open],
        "parts": [{"title": part.title, "entries": [_entry(each) for each in part.entries]} for part in report.parts],
        "sources": [{**_cited(each), "lines": _lines(each)} for each in report.sources],
        "method": METHOD,
        "limits": LIMITS,
        "source": SOURCE,
        "copyright": COPYRIGHT,
        "disclaimer": DISCLAIMER,
        "imprint": report.imprint,
    }


def _strategy(strategy: Strategy | None) -> dict[str, Any] | None:
    if strategy is None:
        return None
    tables = [(title, [_cited(each) for each in cited]) for title, cited in strategy.tables]
    return {"title": strategy.title, "definition": strategy.definition, "tables": tables}


def _row(row: Row) -> dict[str, Any]:
    return {"name": row.name, "counts": count_cells(row.counts), "words": balance_in_words(row)}


def _cited(cited: Cited) -> dict[str, Any]:
    shown = cited.shown
    return {"number": cited.number, "why": shown.why, "quote": shown.quote, "place": shown.place}


def _lines(cited: Cited) -> str:
    source = cited.shown.passage.source
    return f"{source.file_name}, {source.place}"


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.question.id,
        "wording": entry.wording,
        "printed": entry.printed,
        "answer": entry.answer,
        "note": entry.note,
        "reads": entry.reads,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **_entry(finding.entry),
        "cited": [_cited(each) for each in finding.cited],
        "indicators": [each.text for each in finding.indicators],
        "step": finding.step.title if finding.step else "",
    }
