"""Make headings and paragraphs of a PDF's lines: a PDF says where letters stand, and nothing of what they mean.

Running heads and feet, page numbers and lists of contents go; words divided at a line's end are joined; paragraphs go
on over columns and pages. Headings are told by the bookmarks where they match the text, else by the size and weight of
their letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.own.blocks import Block, ParsedFile
from ingest.own.clean import clean
from ingest.own.kinds import refused
from ingest.own.pdf_pages import Line, PdfPart, Table
from ingest.own.read_text import join_lines
from ingest.own.tables import headings_of, rows_of
from ingest.sentences import starts_as_item

#: The share of a page's height at its top and bottom where running heads and feet stand.
_MARGIN = 0.1
#: A line is a running head when it stands in the margin of this many pages, and of this share of all pages.
_RUNNING_PAGES = 3
_RUNNING_SHARE = 0.2
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|pagina)?\s*[-–|]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–|]?(?:\s*(?:of|/|de|von)\s*\d{1,4})?",
    re.IGNORECASE,
)
_CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*(?:\d+|[ivxlc]+)$")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
#: Letters this much larger than the text's are a heading's.
_LARGER = 1.12
_HEADING_WORDS = 25
#: Fewer letters a page than this, on average, and the pages are pictures.
_FEWEST_LETTERS = 25
_MEANINGLESS_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint) - .*|untitled.*|document\d*|slide 1|.*\.(?:docx?|pdf|indd|pptx?|qxd|tex|dvi))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines that belong together, and the words they make."""

    lines: tuple[Line, ...]
    text: str

    @property
    def size(self) -> float:
        return max(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


def read_pdf(parts: Sequence[PdfPart]) -> ParsedFile:
    """The blocks of all pages; spans are pages. Raises InvalidInput when the pages hold no usable text."""
    count = parts[0].count
    items = [item for part in parts for item in part.items]
    if any(part.unmapped for part in parts):
        raise refused("does not say which letters its fonts show. Put it through text recognition (OCR) and add that")
    letters = Counter(line.page for line in _lines(items) for letter in line.text if letter.isalnum())
    if sum(letters.values()) < _FEWEST_LETTERS * count:
        raise refused("has no text: its pages are pictures. Put it through text recognition (OCR) and add the result")
    empty = [page for page in range(1, count + 1) if letters[page] < _FEWEST_LETTERS]
    note = f"No text on {len(empty)} of {count} pages (first: page {empty[0]})." if empty else ""
    kept = _without_margins(items, count)
    title = parts[0].title
    usable = title if title and len(title) > 3 and not _MEANINGLESS_TITLE.match(title) else None
    blocks = tuple(_blocks(kept, parts[0].outline))
    return ParsedFile("pdf", usable or _printed_title(blocks), "page", blocks, count, (note,) if note else ())


def _lines(items: Iterable[Line | Table]) -> Iterator[Line]:
    return (item for item in items if isinstance(item, Line))


def _printed_title(blocks: Sequence[Block]) -> str | None:
    """The first heading of the first page, if it is of the highest level."""
    highest = min((block.level for block in blocks if block.kind == "heading"), default=0)
    on_first = (
        block.text for block in blocks if block.kind == "heading" and block.first == 1 and block.level == highest
    )
    return next(on_first, None)


def _without_margins(items: Sequence[Line | Table], pages: int) -> list[Line | Table]:
    """All but running heads and feet, page numbers and the lines of a list of contents."""
    places = Counter(key for key in {(line.page, _running_key(line)) for line in _lines(items) if _in_margin(line)})
    repeated = Counter(key for _, key in places)
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * pages)

    def is_kept(line: Line) -> bool:
        if _CONTENTS_LINE.search(line.text):
            return False
        if not _in_margin(line):
            return True
        return not _PAGE_NUMBER.fullmatch(line.text) and repeated[_running_key(line)] < least

    return [item for item in items if isinstance(item, Table) or is_kept(item)]


def _in_margin(line: Line) -> bool:
    return line.bottom < _MARGIN or line.top > 1 - _MARGIN


def _running_key(line: Line) -> tuple[str, bool]:
    """What a running head has in common from page to page: all but its numbers, and which margin it stands in."""
    return re.sub(r"\d+", "#", line.text.casefold()), line.top < 0.5


def _blocks(items: Sequence[Line | Table], outline: Sequence[tuple[int, str]]) -> Iterator[Block]:
    sizes = Counter[float]()
    for line in _lines(items):
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    bold_body = sum(len(line.text) for line in _lines(items) if line.bold) * 2 > sum(sizes.values())
    groups = list(_paragraphs(items, _hyphenated(_lines(items))))
    levels = _heading_levels(groups, outline, lambda paragraph: _is_heading(paragraph, body, bold_body=bold_body))
    labels: tuple[str, ...] | None = None
    for at, group in enumerate(groups):
        if isinstance(group, Table):
            # A table that goes on over a page is headed as it was begun.
            own = headings_of(group.rows)
            goes_on = labels is not None and len(labels) == len(group.rows[0])
            labels = labels if goes_on else own
            yield from rows_of(group.rows, labels, first=group.page, last=group.page)
            continue
        labels = None
        first, last = group.lines[0].page, group.lines[-1].page
        if at in levels:
            yield Block("heading", group.text, first, last, level=levels[at])
        else:
            yield Block("item" if starts_as_item(group.text) else "paragraph", group.text, first, last)


def _heading_levels(
    groups: Sequence[_Paragraph | Table],
    outline: Sequence[tuple[int, str]],
    is_heading: Callable[[_Paragraph], bool],
) -> dict[int, int]:
    """Levels of the headings among the groups, by position: those that bookmarks name, then the others by look."""
    paragraphs = {at: group for at, group in enumerate(groups) if isinstance(group, _Paragraph)}
    marked = _outlined(paragraphs, outline)
    others = {at: _look(each) for at, each in paragraphs.items() if at not in marked and is_heading(each)}
    deepest = max(marked.values(), default=0)
    ranks = {look: rank for rank, look in enumerate(sorted(set(others.values())), 1)}
    return marked | {at: min(6, deepest + ranks[look]) for at, look in others.items()}


def _hyphenated(lines: Iterable[Line]) -> frozenset[str]:
    """Words that stand with a hyphen within a line: it belongs to them at a line's end too."""
    return frozenset(
        word.casefold() for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)+(?=\W)", line.text + " ")
    )


def _paragraphs(items: Sequence[Line | Table], hyphenated: frozenset[str]) -> Iterator[_Paragraph | Table]:
    current: list[Line] = []
    for item in items:
        if isinstance(item, Table) or (current and _begins(item, current)):
            if current:
                yield _joined(current, hyphenated)
            current = []
        if isinstance(item, Table):
            yield item
        else:
            current.append(item)
    if current:
        yield _joined(current, hyphenated)


def _begins(line: Line, current: Sequence[Line]) -> bool:
    """Whether a line begins a paragraph after the lines before it."""
    before = current[-1]
    if abs(line.size - before.size) > 0.08 * before.size or starts_as_item(line.text):
        return True
    goes_on = not _SENTENCE_END.search(before.text) and line.text[:1].islower()
    if (line.page, line.box) != (before.page, before.box):
        return not goes_on
    if line.bold != before.bold and not goes_on:
        return True
    ended = _SENTENCE_END.search(before.text) is not None
    right = max(other.right for other in current)
    left = min(other.left for other in current[-3:])
    indented = line.left > left + 0.012 and before.left <= left + 0.004
    short = before.right < right - 0.15 * (right - left) if len(current) > 1 else False
    return ended and (indented or short)


def _joined(lines: Sequence[Line], hyphenated: frozenset[str]) -> _Paragraph:
    text = clean(lines[0].text)
    for line in lines[1:]:
        text = join_lines(text, clean(line.text), hyphenated=hyphenated)
    return _Paragraph(tuple(lines), text)


def _is_heading(paragraph: _Paragraph, body: float, *, bold_body: bool) -> bool:
    words = paragraph.text.split()
    if len(words) > _HEADING_WORDS or not any(map(str.isalpha, paragraph.text)):
        return False
    if paragraph.size >= _LARGER * body:
        return True
    stands_out = paragraph.bold and not bold_body and paragraph.size >= 0.95 * body
    return stands_out and paragraph.text[-1] not in ".,;:" and len(paragraph.lines) <= 3


def _look(paragraph: _Paragraph) -> tuple[float, bool]:
    """What headings of one level share: the size of their letters to half a point, and their weight."""
    return -round(paragraph.size * 2) / 2, not paragraph.bold


def _outlined(paragraphs: Mapping[int, _Paragraph], outline: Sequence[tuple[int, str]]) -> dict[int, int]:
    """Levels of the paragraphs that bookmarks name, by position; none unless most bookmarks are found, in order."""
    by_text: dict[str, list[int]] = {}
    for at, paragraph in paragraphs.items():
        by_text.setdefault(_letters(paragraph.text), []).append(at)
    found: dict[int, int] = {}
    position = -1
    for level, title in outline:
        place = next((at for at in by_text.get(_letters(title), ()) if at > position), None)
        if place is not None:
            position = place
            found[place] = max(1, min(level, 5))
    return found if len(outline) >= 3 and len(found) >= 0.6 * len(outline) else {}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
