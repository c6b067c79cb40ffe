"""Read HTML through lxml: headings, paragraphs, list items and tables of the main part; nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.own.blocks import Block, BlockKind, ParsedFile
from ingest.own.clean import clean
from ingest.own.kinds import refused
from ingest.own.tables import headings_of, rows_of

#: Elements whose words are no part of the text: code, navigation, forms.
_LEFT_OUT = frozenset(
    "script style noscript template head nav aside form button select textarea svg math iframe object canvas "
    "video audio dialog menu".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ITEMS = frozenset({"li", "dd", "dt"})
_BLOCKS = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure footer header hr "
    "html li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
) | frozenset(_HEADINGS)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])")


def read_html(text: str) -> ParsedFile:
    """The blocks of an HTML text; spans are lines."""
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        # Bytes in a known encoding: a text that states another encoding would be refused.
        root = html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refused(f"cannot be read as HTML ({error}). Open it in a browser and save it as PDF") from error
    title = root.findtext(".//title")
    mains, articles = root.xpath("//main"), root.xpath("//article")
    reader = _Reader()
    reader.read(mains[0] if mains else articles[0] if len(articles) == 1 else root)
    reader.flush()
    return ParsedFile("html", clean(title) or None if title else None, "line", tuple(reader.blocks))


class _Reader:
    """Collects words until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._first = 1
        self._last = 1

    def read(self, element: Any) -> None:  # noqa: ANN401 (lxml has no types of its own)
        """Take in an element and all below it; not what follows it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _LEFT_OUT or _is_hidden(element):
            return
        if tag == "br":
            self._words.append(" ")
        elif tag == "table" and _is_data(element):
            self.flush()
            self.blocks.extend(_table(element))
        elif tag in _BLOCKS:
            before = (self._kind, self._level)
            self.flush()
            self._kind, self._level = _kind_of(tag, before)
            self._inside(element)
            self.flush()
            self._kind, self._level = before
        else:
            self._inside(element)

    def _inside(self, element: Any) -> None:  # noqa: ANN401 (as above)
        self._add(element.text, element)
        for child in element:
            self.read(child)
            self._add(child.tail, child)

    def _add(self, words: str | None, element: Any) -> None:  # noqa: ANN401 (as above)
        if words and words.strip():
            if not "".join(self._words).strip():
                self._first = element.sourceline or self._last
            self._last = max(self._first, element.sourceline or self._first)
        if words:
            self._words.append(words)

    def flush(self) -> None:
        """End the block."""
        text = clean("".join(self._words))
        if text:
            self.blocks.append(Block(self._kind, text, self._first, self._last, level=self._level))
        self._words = []


def _kind_of(tag: str, outside: tuple[BlockKind, int]) -> tuple[BlockKind, int]:
    if tag in _HEADINGS:
        return "heading", _HEADINGS[tag]
    if tag in _ITEMS:
        return "item", 0
    return outside if outside[0] == "item" else ("paragraph", 0)


def _is_hidden(element: Any) -> bool:  # noqa: ANN401 (as above)
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search((element.get("style") or "").lower()) is not None
    )


def _is_data(table: Any) -> bool:  # noqa: ANN401 (as above)
    """Whether a table holds data; others only place things on the page."""
    rows = table.xpath("./tr | ./*/tr")
    columns = max((len(row.xpath("./td | ./th")) for row in rows), default=0)
    holds_blocks = table.xpath(".//table | .//h1 | .//h2 | .//h3")
    return columns >= 2 and len(rows) >= 2 and not holds_blocks and table.get("role") != "presentation"


def _table(table: Any) -> Iterator[Block]:  # noqa: ANN401 (as above)
    caption = table.find("caption")
    if caption is not None and clean(caption.text_content()):
        yield Block("paragraph", clean(caption.text_content()), caption.sourceline, caption.sourceline)
    rows = [row for row in table.xpath("./tr | ./*/tr") if not _is_hidden(row)]
    grid = [_cells(row) for row in rows]
    marked = bool(rows) and not rows[0].xpath("./td") and bool(rows[0].xpath("./th"))
    headings = headings_of(grid, marked=marked)
    for row, texts in list(zip(rows, grid, strict=True))[1 if headings else 0 :]:
        yield from rows_of([texts], headings, first=row.sourceline, last=row.sourceline)


def _cells(row: Any) -> Sequence[str]:  # noqa: ANN401 (as above)
    cells: list[str] = []
    for cell in row.xpath("./td | ./th"):
        span = cell.get("colspan", "1")
        cells.append(" ".join(cell.itertext()))
        cells.extend([""] * (min(int(span), 50) - 1 if span.isdigit() else 0))
    return cells
