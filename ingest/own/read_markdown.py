"""Read Markdown (CommonMark with tables) through markdown-it-py; only the words are kept, not the marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.own.blocks import Block, BlockKind, ParsedFile
from ingest.own.clean import clean
from ingest.own.tables import headings_of, rows_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def read_markdown(text: str) -> ParsedFile:
    """The blocks of a Markdown text; spans are lines."""
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    above = front.group().count("\n") if front else 0
    stated = _TITLE.search(front.group(1)) if front else None
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    blocks = tuple(_blocks(tokens, above))
    return ParsedFile("markdown", clean(stated.group(1)) if stated else None, "line", blocks)


def _blocks(tokens: Sequence[Token], above: int) -> Iterator[Block]:
    """Blocks from a flat run of tokens, in which a list, a heading or a table is what lies between two of them."""
    at = 0
    depth = 0
    kind: BlockKind = "paragraph"
    while at < len(tokens):
        token = tokens[at]
        first, last = _lines(token, above)
        if token.type == "table_open":
            end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
            yield from _table(list(_grid(tokens[at:end])), first)
            at = end
        elif token.type in {"fence", "code_block", "html_block"}:
            words = clean(_TAG.sub(" ", token.content) if token.type == "html_block" else token.content)
            if words:
                yield Block("paragraph", words, first, last)
        elif token.type == "inline":
            words = clean(_words(token))
            level = int(tokens[at - 1].tag[1]) if tokens[at - 1].type == "heading_open" else 0
            kind = "heading" if level else "item" if depth else "paragraph"
            if words:
                yield Block(kind, words, first, last, level=level)
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        at += 1


def _lines(token: Token, above: int) -> tuple[int, int]:
    first, end = token.map or (0, 1)
    return first + 1 + above, max(end, first + 1) + above


def _grid(tokens: Sequence[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "inline":
            row.append(clean(_words(token)))
        elif token.type == "tr_close":
            yield row
            row = []


def _table(grid: Sequence[Sequence[str]], first: int) -> Iterator[Block]:
    """Rows of a table; the line of dashes below its headings has a number too."""
    headings = headings_of(grid, marked=True)
    if headings is None:
        yield from rows_of(grid, None, first=first, last=first, numbered=True)
        return
    yield from rows_of(grid[1:], headings, first=first + 2, last=first + 2, numbered=True)


def _words(inline: Token) -> str:
    """The words of a line: of a link what is shown, of an image what describes it."""
    parts: list[str] = []
    for child in inline.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type == "image":
            parts.append(_words(child))
        elif child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
    return "".join(parts)
