"""The profile as a bar chart: SVG, drawn by hand, the same picture in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from silk_rag.assessment.report import count_cells
from silk_rag.assessment.report_model import Report, Row

WIDTH, ROW_HEIGHT, BAR_HEIGHT = 720, 34, 22
LABEL_WIDTH, RIGHT = 236, 44
TOP = 56
FONT = "Roboto, 'Noto Sans KR', 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Shade:
    """How a count is drawn. Number on fill has a contrast of at least 4.5 (WCAG 2.2, 1.4.3)."""

    name: str
    fill: str
    ink: str


# Blue against orange is told apart by every kind of colour vision; each segment has its number besides.
SHADES = (
    Shade("Favourable", "#0b5394", "#ffffff"),
    Shade("Mixed", "#6a5a8c", "#ffffff"),
    Shade("Unfavourable", "#a84300", "#ffffff"),
    Shade("Described", "#5f6b76", "#ffffff"),
    Shade("Open", "#d5dbe1", "#1c2733"),
    Shade("Not applicable", "#f4f5f7", "#1c2733"),
)


def chart_svg(report: Report) -> str:
    """The picture: one bar a category, its length the number of questions, its parts how they stand."""
    rows = report.categories
    height = TOP + ROW_HEIGHT * len(rows) + 8
    longest = max((row.counts.total for row in rows), default=1)
    body = "".join([*_legend(), *(part for place, row in enumerate(rows) for part in _bar(place, row, longest))])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="chart-title chart-text" font-family="{FONT}" font-size="13">'
        f'<title id="chart-title">Profile by category</title>'
        f'<desc id="chart-text">{escape(chart_text(rows))}</desc>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>{body}</svg>'
    )


def chart_text(rows: Sequence[Row]) -> str:
    """The picture in words."""
    return "Bar chart of answers by category. " + " ".join(f"{row.name}: {_in_words(row)}." for row in rows)


def _in_words(row: Row) -> str:
    counted = zip(SHADES, count_cells(row.counts), strict=True)
    found = [f"{count} {shade.name.lower()}" for shade, count in counted if count]
    return f"{row.counts.total} questions, " + ", ".join(found)


def _legend() -> Iterator[str]:
    step = WIDTH / len(SHADES)
    for place, shade in enumerate(SHADES):
        x = place * step
        yield (
            f'<rect x="{x + 1:.1f}" y="9" width="16" height="16" rx="3" fill="{shade.fill}" stroke="#5f6b76"/>'
            f'<text x="{x + 23:.1f}" y="22" fill="#1c2733">{shade.name}</text>'
        )


def _bar(place: int, row: Row, longest: int) -> Iterator[str]:
    y = TOP + place * ROW_HEIGHT
    middle = y + BAR_HEIGHT / 2 + 4.5
    unit = (WIDTH - LABEL_WIDTH - RIGHT) / longest
    x = float(LABEL_WIDTH)
    yield f'<text x="0" y="{middle}" fill="#1c2733">{escape(row.name)}</text>'
    for shade, count in zip(SHADES, count_cells(row.counts), strict=True):
        if not count:
            continue
        width = unit * count
        yield (
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR_HEIGHT}" fill="{shade.fill}" '
            f'stroke="#5f6b76" stroke-width="0.75"/>'
            f'<text x="{x + width / 2:.1f}" y="{middle}" fill="{shade.ink}" text-anchor="middle">{count}</text>'
        )
        x += width
    yield f'<text x="{x + 8:.1f}" y="{middle}" fill="#1c2733">{row.counts.total}</text>'
