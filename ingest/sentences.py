"""Divide a block of text into sentences, keeping offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from silk_rag.documents import Sentence

#: The marks a list item may begin with in print: they are not part of what is quoted.
_ITEM_MARK = re.compile(r"(?:[●►•◦▪–-]|\(?\d{1,2}[.)]|[A-Za-z][.)])\s+")
#: An opening quotation mark or bracket that the splitter left at the end of the sentence before.
_LEFT_BEHIND = re.compile(r"\s+[“‘(\[]+\s*$")


def starts_as_item(block: str) -> bool:
    """Whether a block begins with the mark of a list item."""
    return _ITEM_MARK.match(block) is not None


def sentences_of(block: str, *, offset: int = 0, language: str = "en") -> list[Sentence]:
    """The sentences of one paragraph or list item, without its mark; offsets are moved by `offset`.

    A piece that begins with a small letter or a digit goes on with the sentence before it: the splitter was misled by
    an abbreviation ("appr. 96 000").
    """
    mark = _ITEM_MARK.match(block)
    start = mark.end() if mark else 0
    pieces: list[tuple[int, int]] = []
    for first, last in _pieces(block[start:], language):
        if pieces and not _opens_sentence(block[start + first :]):
            pieces[-1] = (pieces[-1][0], last)
        else:
            pieces.append((first, last))
    return [Sentence(offset + start + first, offset + start + last) for first, last in pieces]


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    first, end = 0, 0
    for piece in sentencex.segment(language, text):
        end += len(piece)
        left_behind = _LEFT_BEHIND.search(text[first:end])
        last = first + left_behind.start() if left_behind and end < len(text) else end
        if text[first:last].strip():
            yield _without_space(text, first, last)
        first = last


def _without_space(text: str, first: int, last: int) -> tuple[int, int]:
    piece = text[first:last]
    return first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())


def _opens_sentence(text: str) -> bool:
    head = text.lstrip("\"'“”‘’([ ")
    return bool(head) and not (head[0].islower() or head[0].isdigit())
