"""Take the lines and tables of a PDF's pages, with what layout needs to know of them, through pdfplumber.

pdfplumber (MIT) stands on pdfminer.six, which puts columns into reading order and says each letter's font and place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Protocol, TypeVar

from ingest.own.clean import UNMAPPED, clean
from ingest.own.kinds import refused

MOST_PAGES = 2_000
#: A page with fewer drawn lines and boxes than this has no ruled table worth looking for.
_RULES_OF_A_TABLE = 6
#: Drawings with thousands of lines are maps and charts; looking for tables in them takes minutes.
_RULES_OF_A_DRAWING = 1_500
#: Smaller letters are not meant to be read.
_SMALLEST_SIZE = 3.0
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
#: Letters whose meaning the fonts do not give, as a share of all, from which a page's text is of no use.
_MOST_UNMAPPED = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its page, text, place from the page's left and top as shares of the page, and its letters."""

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    box: int


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table of a page, as a grid of texts."""

    page: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PdfPart:
    """Some pages of a PDF: `count` is how many it has in all. Outline entries are (level, title)."""

    count: int
    title: str | None
    outline: tuple[tuple[int, str], ...]
    items: tuple[Line | Table, ...]
    unmapped: bool = False


def read_pages(path: Path, first: int, last: int) -> PdfPart:
    """Pages `first` to `last`, from 1. Raises InvalidInput when the file is protected, damaged or too long."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path, laparams={"line_margin": 0.4}) as pdf:
            count = len(pdf.pages)
            if count > MOST_PAGES:
                raise refused(f"has {count:,} pages, more than the {MOST_PAGES:,} allowed. Split it and add the parts")
            items: list[Line | Table] = []
            unmapped = letters = 0
            for page in pdf.pages[first - 1 : last]:
                lines, tables = _page(page)
                unmapped += sum(len(UNMAPPED.findall(line.text)) for line in lines)
                letters += sum(len(UNMAPPED.sub("x", line.text)) for line in lines)
                items += _in_order(lines, tables)
                page.close()
            title = clean(str((pdf.metadata or {}).get("Title") or "")) if first == 1 else ""
            outline = tuple(_outline(pdf)) if first == 1 else ()
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect):
            raise refused("is protected by a password. Save a copy without the password and add that") from error
        raise refused(
            f"is damaged ({_name(error)}). Open it in a PDF reader, print it to a new PDF, add that"
        ) from error
    return PdfPart(count, title or None, outline, tuple(items), unmapped > _MOST_UNMAPPED * max(letters, 1))


def as_data(part: PdfPart) -> dict[str, Any]:
    """Pages as plain data, for JSON."""
    return asdict(part)


def from_data(data: Mapping[str, Any]) -> PdfPart:
    """Pages from their plain data. Raises KeyError or TypeError when it is something else."""
    items = tuple(
        Table(item["page"], tuple(tuple(map(str, row)) for row in item["rows"])) if "rows" in item else Line(**item)
        for item in data["items"]
    )
    outline = tuple((int(level), str(title)) for level, title in data["outline"])
    return PdfPart(**{**data, "items": items, "outline": outline})


def _name(error: BaseException) -> str:
    inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else error
    return type(inner).__name__


def _outline(pdf: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401 (pdfplumber's pages have no types)
    """The bookmarks; none when the file has none, or a broken tree of them."""
    from pdfminer.pdfdocument import PDFNoOutlines
    from pdfminer.pdfexceptions import PDFException

    try:
        for at, (level, title, *_) in enumerate(pdf.doc.get_outlines()):
            if at >= 5_000:  # a circle in the tree has no end
                return
            yield int(level), clean(str(title))
    except (PDFNoOutlines, PDFException, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        return


def _page(page: Any) -> tuple[list[Line], list[tuple[Any, Table]]]:  # noqa: ANN401 (as above)
    from pdfminer.layout import LTCurve, LTTextBox, LTTextLine

    layout = page.layout
    boxes = in_reading_order([element for element in layout if isinstance(element, LTTextBox)])
    rules = sum(isinstance(element, LTCurve) for element in layout)
    tables = _tables(page) if _RULES_OF_A_TABLE <= rules <= _RULES_OF_A_DRAWING else []
    lines = [
        line
        for number, box in enumerate(boxes)
        for element in box
        if isinstance(element, LTTextLine) and (line := _line(element, page, layout, number)) is not None
    ]
    return lines, tables


class Box(Protocol):
    """A block of text; its place in points, from the page's left and bottom."""

    x0: float
    x1: float
    y0: float
    y1: float


AnyBox = TypeVar("AnyBox", bound=Box)


def in_reading_order(boxes: Sequence[AnyBox]) -> Sequence[AnyBox]:
    """Boxes in two columns from the top of the left to the foot of the right one, between those that span both.

    pdfminer, whose order is kept for every other layout, goes wrong where one column is much shorter than the other.
    """
    if not boxes:
        return boxes
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    middle, tolerance = (left + right) / 2, 0.02 * (right - left)
    spanning = [box for box in boxes if box.x0 < middle - tolerance and box.x1 > middle + tolerance]
    sides = [box for box in boxes if not any(box is other for other in spanning)]
    beside = any(one.y0 < other.y1 and other.y0 < one.y1 for one in spanning for other in sides)
    starts_right = [box.x0 >= middle - tolerance for box in sides]
    if beside or not any(starts_right) or all(starts_right):
        return boxes
    borders = sorted(((one.y0 + one.y1) / 2 for one in spanning), reverse=True)

    def place(box: AnyBox) -> tuple[int, int, float]:
        spans = any(box is other for other in spanning)
        height = (box.y0 + box.y1) / 2
        band = sum(2 for border in borders if border > height) + (0 if not spans else 1)
        return band, int(not spans and box.x0 >= middle - tolerance), -box.y1

    return sorted(boxes, key=place)


def _line(element: Any, page: Any, layout: Any, box: int) -> Line | None:  # noqa: ANN401 (as above)
    from pdfminer.layout import LTChar

    letters = [letter for letter in element if isinstance(letter, LTChar) and not letter.get_text().isspace()]
    upright = [letter for letter in letters if letter.upright and letter.size >= _SMALLEST_SIZE]
    text = " ".join(element.get_text().split())
    if len(upright) * 2 <= len(letters) or not text:
        return None
    width, height = max(layout.width, 1.0), max(layout.height, 1.0)
    bold = sum(_BOLD.search(letter.fontname) is not None for letter in upright) * 2 > len(upright)
    return Line(
        page=page.page_number,
        text=text,
        left=round((element.x0 - layout.x0) / width, 4),
        right=round((element.x1 - layout.x0) / width, 4),
        top=round((layout.y1 - element.y1) / height, 4),
        bottom=round((layout.y1 - element.y0) / height, 4),
        size=round(median(letter.size for letter in upright), 1),
        bold=bold,
        box=box,
    )


def _tables(page: Any) -> list[tuple[Any, Table]]:  # noqa: ANN401 (as above)
    found: list[tuple[Any, Table]] = []
    for table in page.find_tables():
        rows = tuple(tuple(" ".join((cell or "").split()) for cell in row) for row in table.extract())
        filled = sum(bool(cell) for row in rows for cell in row)
        if len(rows) >= 2 and max(map(len, rows)) >= 2 and filled * 2 >= sum(map(len, rows)):
            x0, top, x1, bottom = table.bbox
            place = (x0 / page.width, top / page.height, x1 / page.width, bottom / page.height)
            found.append((place, Table(page.page_number, rows)))
    return found


def _in_order(lines: Sequence[Line], tables: Sequence[tuple[Any, Table]]) -> list[Line | Table]:
    """Lines in reading order, each table in the place of the first of the lines it holds."""
    items: list[Line | Table] = []
    for line in lines:
        holder = next((table for place, table in tables if _holds(place, line)), None)
        if holder is None:
            items.append(line)
        elif not any(item is holder for item in items):
            items.append(holder)
    return items


def _holds(place: tuple[float, float, float, float], line: Line) -> bool:
    x0, top, x1, bottom = place
    return x0 <= (line.left + line.right) / 2 <= x1 and top <= (line.top + line.bottom) / 2 <= bottom
