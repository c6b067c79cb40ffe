"""Turn a table, as a grid of texts, into rows whose cells know the heading of their column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.own.blocks import Block, Cell, row_block
from ingest.own.clean import clean

#: A first row with longer cells than this holds text, not headings.
_LONGEST_HEADING_WORDS = 12

Grid = Sequence[Sequence[str | None]]


def headings_of(grid: Grid, *, marked: bool = False) -> tuple[str, ...] | None:
    """The column headings: the first row, if it is `marked` as such, or looks it: every column named, and briefly."""
    if len(grid) < 2 or len(grid[0]) < 2:
        return None
    first = [clean(cell or "") for cell in grid[0]]
    brief = all(len(cell.split()) <= _LONGEST_HEADING_WORDS for cell in first)
    named = sum(map(bool, first[1:])) == len(first) - 1
    text = any(any(letter.isalpha() for letter in cell) for cell in first)
    return tuple(first) if marked or (brief and named and text) else None


def rows_of(
    grid: Grid, headings: Sequence[str] | None, *, first: int, last: int, numbered: bool = False
) -> Iterator[Block]:
    """The rows below the headings as blocks. With `numbered` each row is one further on than the one before."""
    at = first
    for index, row in enumerate(grid):
        is_heading = index == 0 and headings is not None and [clean(cell or "") for cell in row] == list(headings)
        labels = headings if headings and len(headings) == len(row) else [None] * len(row)
        cells = [Cell(clean(text or ""), label or None) for text, label in zip(row, labels, strict=True)]
        block = row_block(cells, at, at if numbered else last)
        if block.text and not is_heading:
            yield block
        at += int(numbered)
