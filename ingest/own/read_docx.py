"""Read a Word file through python-docx.

Styles tell headings, tables keep their rows, deleted and hidden words stay out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.own.archive import check_word_archive
from ingest.own.blocks import Block, ParsedFile
from ingest.own.clean import clean
from ingest.own.kinds import refused
from ingest.own.tables import headings_of, rows_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"heading (\d)$", re.IGNORECASE)


def read_docx(path: Path) -> ParsedFile:
    """The blocks of a Word file; spans count paragraphs and table rows.

    Raises InvalidInput when the archive is unsafe or damaged, or its XML declares entities, which Word never does.
    """
    check_word_archive(path)
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    try:
        document = docx.Document(str(path))
        body = document.element.body
        if body.getroottree().docinfo.doctype:
            raise refused("declares entities of its own, which Word never does. Do not use it")
        blocks = tuple(_Reader(document).blocks(body))
    except (PackageNotFoundError, etree.XMLSyntaxError, KeyError, ValueError, AttributeError) as error:
        raise refused(f"is damaged ({type(error).__name__}). Open it in Word, save it again and add that") from error
    return ParsedFile("docx", clean(document.core_properties.title or "") or None, "paragraph", blocks)


class _Reader:
    """Counts paragraphs and rows while it reads."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 (python-docx's elements have no types)
        self._document = document
        self._at = 0

    def blocks(self, parent: Any) -> Iterator[Block]:  # noqa: ANN401 (as above)
        for element in parent:
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                yield from self._table(element)
            elif element.tag == f"{_W}sdt" and not _is_contents_list(element):
                yield from self.blocks(element.find(f"{_W}sdtContent"))
            elif element.tag in {f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"}:
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Block]:  # noqa: ANN401 (as above)
        from docx.text.paragraph import Paragraph

        self._at += 1
        text = clean(_words(element))
        style = Paragraph(element, self._document).style
        level = _level(element, style)
        if text and not (style is not None and (style.name or "").lower().startswith("toc")):
            kind = "heading" if level else "item" if _is_item(element, style) else "paragraph"
            yield Block(kind, text, self._at, self._at, level=level)  # type: ignore[arg-type] # one of the three
        for box in element.iter(f"{_W}txbxContent"):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.blocks(box)

    def _table(self, element: Any) -> Iterator[Block]:  # noqa: ANN401 (as above)
        from docx.table import Table

        first = self._at + 1
        rows = [[cell._tc for cell in row.cells] for row in Table(element, self._document).rows]  # noqa: SLF001 (no other way)
        self._at += len(rows)
        if len(rows) == 1 or all(len(set(row)) == 1 for row in rows):
            # A frame around text rather than a table.
            for cell in dict.fromkeys(cell for row in rows for cell in row):
                yield from self.blocks(cell)
            return
        grid = [[_cell_words(cell, row[:at]) for at, cell in enumerate(row)] for row in rows]
        yield from rows_of(grid, headings_of(grid), first=first, last=first, numbered=True)


def _words(paragraph: Any) -> str:  # noqa: ANN401 (as above)
    """The words of a paragraph as they show: insertions in, deletions, hidden words and text boxes out."""
    words: list[str] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        run = node.getparent()
        own = next((above for above in node.iterancestors() if above.tag in {f"{_W}p", f"{_W}del"}), None)
        hidden = run.find(f"{_W}rPr/{_W}vanish") is not None
        if own is paragraph and run.tag == f"{_W}r" and not hidden:
            words.append({f"{_W}t": node.text or "", f"{_W}noBreakHyphen": "-"}.get(node.tag, " "))
    return "".join(words)


def _cell_words(cell: Any, before: list[Any]) -> str:  # noqa: ANN401 (as above)
    """A cell's words; none for the columns that a wide cell covers after its first."""
    return "" if cell in before else " ".join(_words(paragraph) for paragraph in cell.iter(f"{_W}p"))


def _level(paragraph: Any, style: Any) -> int:  # noqa: ANN401 (as above)
    """The heading level of a paragraph: by its style or those it is based on, or its outline level; 0 for text."""
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    while style is not None and outline is None:
        name = style.name or ""
        if name == "Title":
            return 1
        named = _HEADING_STYLE.match(name)
        if named:
            return min(6, int(named.group(1)))
        outline = style.element.find(f"{_W}pPr/{_W}outlineLvl")
        style = style.base_style
    number = int(outline.get(f"{_W}val", "9")) if outline is not None else 9
    return number + 1 if number < 6 else 0


def _is_item(paragraph: Any, style: Any) -> bool:  # noqa: ANN401 (as above)
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    return listed or (style is not None and (style.name or "").startswith("List"))


def _is_contents_list(element: Any) -> bool:  # noqa: ANN401 (as above)
    kind = element.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
    return kind is not None and kind.get(f"{_W}val") == "Table of Contents"
