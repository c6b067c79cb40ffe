"""What every reader makes of a file: a run of headings, paragraphs, list items and table rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from silk_rag.documents import SpanUnit

BlockKind = Literal["heading", "paragraph", "item", "row"]
FileKind = Literal["pdf", "docx", "html", "markdown", "text"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `label` is the heading of its column, where the table has one."""

    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document and where it stands in the file, in the file's unit. Headings have a level from 1."""

    kind: BlockKind
    text: str
    first: int
    last: int
    level: int = 0
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file as read: its title if it states one, what spans count, its pages, and what to tell about it."""

    kind: FileKind
    title: str | None
    unit: SpanUnit
    blocks: tuple[Block, ...]
    pages: int | None = None
    notes: tuple[str, ...] = ()


def row_block(cells: Sequence[Cell], first: int, last: int) -> Block:
    """A table row: its filled cells, one a line."""
    filled = tuple(cell for cell in cells if cell.text)
    return Block("row", "\n".join(cell.text for cell in filled), first, last, cells=filled)


def as_data(parsed: ParsedFile) -> dict[str, Any]:
    """A parsed file as plain data, for JSON."""
    return asdict(parsed)


def from_data(data: Mapping[str, Any]) -> ParsedFile:
    """A parsed file from its plain data. Raises KeyError or TypeError when it is something else."""
    blocks = tuple(
        Block(**{**block, "cells": tuple(Cell(**cell) for cell in block["cells"])}) for block in data["blocks"]
    )
    return ParsedFile(**{**data, "blocks": blocks, "notes": tuple(data["notes"])})
