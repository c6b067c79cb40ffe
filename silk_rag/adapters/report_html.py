"""The report as one HTML page: no script, nothing loaded, readable by screen readers, printable on A4."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from silk_rag.assessment.chart import SHADES, chart_svg
from silk_rag.assessment.report import count_cells
from silk_rag.assessment.report_model import (
    COPYRIGHT,
    DISCLAIMER,
    LIMITS,
    METHOD,
    SOURCE,
    TITLE,
    Report,
    balance_in_words,
)


class HtmlRenderer:
    """Fills the template; every text in it is escaped."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("silk_rag.adapters"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("report.html.j2")

    def __call__(self, report: Report, /) -> bytes:
        """The page in UTF-8."""
        page = self._template.render(
            report=report,
            title=TITLE,
            organisation=dict(report.facts).get("Organisation", ""),
            # Our own drawing: numbers, and names that it escapes itself.
            chart=Markup(chart_svg(report)),  # noqa: S704
            columns=[shade.name for shade in SHADES],
            cells=count_cells,
            in_words=balance_in_words,
            contents=_contents(report),
            method=METHOD,
            limits=LIMITS,
            source=SOURCE,
            copyright=COPYRIGHT,
            disclaimer=DISCLAIMER,
        )
        return page.encode("utf-8")


def _contents(report: Report) -> list[tuple[str, str]]:
    """The sections that this report has: anchor and name."""
    checklists = [(f"checklist-{place}", name) for place, (name, _) in enumerate(report.checklists, start=1)]
    sections = [
        ("summary", "Summary", True),
        ("balance", "Balance", bool(report.balance)),
        ("strengths", "Strengths", bool(report.strengths)),
        ("attention", "Points of attention", bool(report.attention)),
        ("indicators", "Indicators to follow", bool(report.indicators)),
        ("next", "Next questions", bool(report.next_steps)),
        ("strategy", report.strategy.title if report.strategy else "", bool(report.strategy)),
        *((anchor, name, True) for anchor, name in checklists),
        ("open", "Open questions", bool(report.open)),
        ("answers", "All answers", True),
        ("method", "Method and its limits", True),
        ("sources", "Sources", bool(report.sources)),
        ("copyright", "Copyright and disclaimer", True),
    ]
    return [(anchor, name) for anchor, name, there in sections if there]
