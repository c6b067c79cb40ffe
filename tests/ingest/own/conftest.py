"""Files of every kind, good and bad, made anew for each test; a library and an index over a corpus of two papers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from ingest.update import update_index
from silk_rag.settings import Settings
from silk_rag.testing import HashingTokenEmbedder
from tests.ingest.own.desk import CANARY, Desk


@pytest.fixture(scope="session")
def two_papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two papers with an index over it, to be copied."""
    folder = tmp_path_factory.mktemp("two-papers")
    real = Settings.from_environment({}).corpus
    shutil.copytree(real / "source", folder / "corpus" / "source")
    (folder / "corpus" / "documents").mkdir(parents=True)
    for name in ("foreword.md", "box-scotland.md"):
        shutil.copyfile(real / "documents" / name, folder / "corpus" / "documents" / name)
    shutil.copyfile(real / "cases.yaml", folder / "corpus" / "cases.yaml")
    desk = Desk(_settings_in(folder), HashingTokenEmbedder())
    update_index(desk.settings, desk.embedders)
    return folder


@pytest.fixture
def desk(two_papers: Path, tmp_path: Path) -> Desk:
    """A data folder of the test's own, over two of the papers."""
    shutil.copytree(two_papers, tmp_path / "desk")
    return Desk(_settings_in(tmp_path / "desk"), HashingTokenEmbedder())


def _settings_in(folder: Path) -> Settings:
    return replace(Settings(), corpus=folder / "corpus", data=folder / "data")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """Writes a file into a folder of its own."""

    def write_file(name: str, content: bytes | str) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def report_pdf(tmp_path: Path) -> Path:
    """Four pages with running heads, page numbers, headings of two sizes, a ruled table and words divided by hand."""
    path = tmp_path / "report.pdf"
    styles = getSampleStyleSheet()
    body = ParagraphStyle("own", parent=styles["BodyText"], fontSize=10, leading=13)
    text = (
        f"The {CANARY} sell their work in eleven countries. They began in 2014 with one partner in Mombasa, and "
        "learnt that a partner who knows the rules of import saves a year. Every new market was tried with one order "
        "first. Where it was paid on time, a second followed. Quality is checked at home before anything is shipped."
    )
    table = Table(
        [["Country", "Partner", "First year"], ["Kenya", "Mombasa co-op", "2014"], ["Oman", "Muscat guild", "2017"]]
    )
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    divided = (
        "The weavers call this inter-<br/>nationalisation by steps, and their long-term aim is a label of their own."
    )
    story = [
        Paragraph("Weaving abroad", styles["Title"]),
        Paragraph("How it began", styles["Heading1"]),
        Paragraph(text, body),
        Paragraph(divided, body),
        Paragraph("Markets", styles["Heading1"]),
        Paragraph(text.replace("sell", "showed"), body),
        Paragraph("Partners by country", styles["Heading2"]),
        table,
        Spacer(1, 12),
        PageBreak(),
        *(
            flowable
            for number in range(3)
            for flowable in (
                Paragraph(f"Lesson {number + 1}: patience", styles["Heading2"]),
                Paragraph(f"In lesson {number + 1} " + text, body),
                PageBreak(),
            )
        ),
    ]

    def running(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, A4[1] - 30, f"Annual report of the weavers {document.page}")
        canvas.drawCentredString(A4[0] / 2, 25, f"- {document.page} -")

    SimpleDocTemplate(str(path), pagesize=A4, title="").build(story, onFirstPage=running, onLaterPages=running)
    return path


@pytest.fixture
def blank_pdf(tmp_path: Path) -> Path:
    """Two pages with a drawing and no letter, as a scanner makes them."""
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path))
    for _ in range(2):
        canvas.rect(100, 100, 300, 400, fill=1)
        canvas.showPage()
    canvas.save()
    return path
