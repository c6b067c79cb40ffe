"""Read plain text: paragraphs between blank lines, and the short lines that stand alone above them as headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.own.blocks import Block, ParsedFile
from ingest.own.clean import clean
from ingest.sentences import starts_as_item

#: A line longer than this was not wrapped by hand: each is a paragraph of its own.
_WRAPPED_AT = 110
_HEADING_WORDS = 12
#: The first half of a word that a line end divides, and the second.
_WORD_AT_END = re.compile(r"\w[\w-]*-$")
_WORD_AT_START = re.compile(r"(?=[^\W\d_])(?![A-Z])[\w-]*\w")
_NUMBERED = re.compile(r"(?:chapter\s+|section\s+|part\s+)?(\d+(?:\.\d+)*)\.?\s+\S", re.IGNORECASE)


def read_text(text: str) -> ParsedFile:
    """The blocks of a plain text; spans are lines."""
    groups = list(_groups(text.splitlines()))
    blocks = [block for at, group in enumerate(groups) for block in _blocks(group, alone=at + 1 < len(groups))]
    return ParsedFile("text", None, "line", tuple(blocks))


def _groups(lines: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Lines with their numbers, divided at blank ones."""
    group: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        text = clean(line)
        if text:
            group.append((number, text))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _blocks(group: Sequence[tuple[int, str]], *, alone: bool) -> Iterator[Block]:
    first, text = group[0]
    if len(group) == 1 and alone and _is_heading(text):
        yield Block("heading", text, first, first, level=_level(text))
        return
    long_lines = sum(len(line) > _WRAPPED_AT for _, line in group) * 2 > len(group)
    part: list[tuple[int, str]] = []
    for line in group:
        if part and (long_lines or starts_as_item(line[1])):
            yield _joined(part)
            part = []
        part.append(line)
    yield _joined(part)


def _joined(part: Sequence[tuple[int, str]]) -> Block:
    text = part[0][1]
    for _, line in part[1:]:
        text = join_lines(text, line)
    return Block("item" if starts_as_item(text) else "paragraph", text, part[0][0], part[-1][0])


def join_lines(text: str, line: str, *, hyphenated: frozenset[str] = frozenset()) -> str:
    """Text and the line after it. A hyphen at the line's end goes, unless the word stands with it in `hyphenated`."""
    start, end = _WORD_AT_START.match(line), _WORD_AT_END.search(text)
    if start is None or end is None:
        return f"{text} {line}"
    word = (end.group() + start.group()).casefold()
    return text + line if word in hyphenated else text[:-1] + line


def _is_heading(text: str) -> bool:
    starts_high = text[0].isupper() or text[0].isdigit()
    return (
        starts_high
        and text[-1] not in ".,;:!?…"
        and len(text.split()) <= _HEADING_WORDS
        and any(map(str.isalpha, text))
    )


def _level(text: str) -> int:
    numbered = _NUMBERED.match(text)
    return min(6, numbered.group(1).count(".") + 2) if numbered else 2
