"""What python-docx leaves to its users: styles of our own, header rows, text alternatives, page numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

INK, SOFT, DEEP = RGBColor(0x1C, 0x27, 0x33), RGBColor(0x4D, 0x5A, 0x66), RGBColor(0x0B, 0x53, 0x94)
_LATIN, _KOREAN = "Calibri", "Malgun Gothic"


def styled_document(*, title: str, author: str, made: datetime) -> Document:
    """An empty A4 document with the report's styles and properties."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author[:255], "en"
    properties.created = properties.modified = made.replace(tzinfo=None)
    properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(2.0)
    _set_fonts(document)
    _add_styles(document)
    return document


def _set_fonts(document: Document) -> None:
    for name, size, colour in (
        ("Normal", 10, INK),
        ("Title", 24, DEEP),
        ("Heading 1", 15, DEEP),
        ("Heading 2", 11, INK),
        ("Quote", 10, INK),
        ("Caption", 9, SOFT),
        ("List Bullet", 10, INK),
    ):
        _shape(document.styles[name], size, colour)
    styles: Any = document.styles
    styles["Normal"].paragraph_format.space_after = Pt(4)
    styles["Heading 1"].paragraph_format.space_before = Pt(20)
    styles["Heading 1"].paragraph_format.space_after = Pt(6)
    styles["Heading 2"].paragraph_format.space_before = Pt(12)
    styles["Heading 2"].paragraph_format.space_after = Pt(2)
    styles["Quote"].font.italic = False
    styles["Quote"].paragraph_format.left_indent = Cm(0.6)
    styles["Quote"].paragraph_format.space_after = Pt(6)
    styles["Caption"].font.bold = False
    styles["List Bullet"].paragraph_format.space_after = Pt(2)


def _shape(style: Any, size: float, colour: RGBColor) -> None:  # noqa: ANN401 (python-docx types styles loosely)
    style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    fonts.set(qn("w:ascii"), _LATIN)
    fonts.set(qn("w:hAnsi"), _LATIN)
    fonts.set(qn("w:eastAsia"), _KOREAN)


def _add_styles(document: Document) -> None:
    def paragraph(name: str, base: str = "Normal") -> ParagraphStyle:
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        made: ParagraphStyle = style
        return made

    paragraph("Fact").paragraph_format.space_after = Pt(0)
    reason = paragraph("Reason")
    reason.font.color.rgb = SOFT
    reason.paragraph_format.keep_with_next = True
    reason.paragraph_format.space_after = Pt(1)
    own = paragraph("Own words", "Quote")
    own.font.italic = True
    source = paragraph("Source")
    source.font.size = Pt(9)
    source.paragraph_format.left_indent, source.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
    source.paragraph_format.space_after = Pt(2)
    cell = paragraph("Cell")
    cell.font.size = Pt(8.5)
    cell.paragraph_format.space_before, cell.paragraph_format.space_after = Pt(1), Pt(2)
    soft: Any = document.styles.add_style("Soft", WD_STYLE_TYPE.CHARACTER)
    soft.font.color.rgb, soft.font.size = SOFT, Pt(9.5)


class Page:
    """Writes into a document. Styles are looked up once: python-docx goes through all of them for each paragraph."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._ids = {style.name: style.style_id for style in document.styles}

    def paragraph(self, text: str = "", style: str = "Normal") -> Paragraph:
        """A paragraph in a style."""
        paragraph = self._document.add_paragraph()
        return self._styled(paragraph, text, style)

    def heading(self, text: str, level: int) -> Paragraph:
        """A heading, so that it stands in the outline."""
        return self.paragraph(text, f"Heading {level}")

    def run(self, paragraph: Paragraph, text: str, *, soft: bool = False, bold: bool = False) -> None:
        """More words in a paragraph."""
        run = paragraph.add_run(text)
        run.bold = bold or None
        if soft:
            run._r.style = self._ids["Soft"]  # noqa: SLF001 (its setter is the slow look-up)

    def picture(self, png: bytes, alternative: str, width_cm: float) -> None:
        """A picture with its text alternative, for screen readers."""
        paragraph = self.paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
        properties = shape._inline.docPr  # noqa: SLF001 (python-docx has no text alternatives)
        properties.set("descr", alternative)
        properties.set("title", "Profile by category")

    def page_number(self, text: str) -> None:
        """A footer with a text and "page / pages"."""
        paragraph = self._styled(self._document.sections[0].footer.paragraphs[0], f"{text} · ", "Caption")
        _add_field(paragraph, "PAGE")
        paragraph.add_run(" / ")
        _add_field(paragraph, "NUMPAGES")

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths_cm: Sequence[float],
        *,
        numbers_from: int | None = None,
        emphasised: int = 0,
    ) -> None:
        """A table whose header row is marked and repeated on each page, and whose rows do not break across pages.

        Numbers stand to the right; in the `emphasised` column the first line of each cell is bold.
        """
        table = self._document.add_table(rows=0, cols=len(head))
        table.style = self._document.styles["Table Grid"]
        table.autofit = False
        _draw_lines(table)
        for place, texts in enumerate((head, *rows)):
            # Each look-up of a row walks the table: it is asked for once, when it is made.
            row = table.add_row()
            _add_property(row, "w:cantSplit")
            if place == 0:
                _add_property(row, "w:tblHeader")
            for column, (cell, text, width) in enumerate(zip(row.cells, texts, widths_cm, strict=True)):
                cell.width = Cm(width)
                is_number = numbers_from is not None and column >= numbers_from
                self._fill(cell, text, bold=place == 0 or column in {0, emphasised}, right=is_number)
                if place == 0:
                    _shade(cell)
        for column, width in zip(table.columns, widths_cm, strict=True):
            column._gridCol.w = Cm(width)  # noqa: SLF001 (its setter goes through every cell of the column)

    def _fill(self, cell: _Cell, text: str, *, bold: bool, right: bool) -> None:
        for place, line in enumerate(text.split("\n")):
            paragraph = self._styled(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), "", "Cell")
            self.run(paragraph, line, bold=bold and place == 0)
            if right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _styled(self, paragraph: Paragraph, text: str, style: str) -> Paragraph:
        paragraph._p.style = self._ids[style]  # noqa: SLF001 (its setter is the slow look-up)
        if text:
            paragraph.add_run(text)
        return paragraph


def _add_field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 (python-docx has no fields)


def _draw_lines(table: Table) -> None:
    """Thin lines between rows, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side, kind in (
        ("top", "single"),
        ("left", "nil"),
        ("bottom", "single"),
        ("right", "nil"),
        ("insideH", "single"),
        ("insideV", "nil"),
    ):
        line = OxmlElement(f"w:{side}")
        for attribute, value in (("w:val", kind), ("w:sz", "4"), ("w:space", "0"), ("w:color", "A9B5BF")):
            line.set(qn(attribute), value)
        borders.append(line)
    properties = table._tbl.tblPr  # noqa: SLF001 (python-docx has no borders)
    layout = properties.find(qn("w:tblLayout"))
    properties.insert(list(properties).index(layout), borders)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for attribute, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "E4EDF6")):
        shade.set(qn(attribute), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 (python-docx has no shading)


def _add_property(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 (nor header rows)
