"""A file that cannot be used is refused with its name and advice; the others go on, and nothing ever hangs or falls."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.own.sandbox import read_safely
from silk_rag.adapters.index_folder import current_snapshot
from silk_rag.errors import InvalidInput
from tests.ingest.own.desk import Desk, Write

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_archive(body: str, **more: bytes) -> bytes:
    """A Word file made by hand."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", body)
        for name, data in more.items():
            archive.writestr(name.replace("__", "/"), data)
    return output.getvalue()


def archive_of(*names: str) -> bytes:
    """An archive of empty files."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return output.getvalue()


def plain_body(words: str) -> str:
    """The XML of a document of one paragraph."""
    return f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>'


def with_entities(declared: str) -> str:
    """The XML of a document that uses an entity `x` of its own."""
    return f"<!DOCTYPE d [{declared}]>{plain_body('&x;')}"


def locked_pdf() -> bytes:
    """A PDF that nobody opens without its password."""
    output = io.BytesIO()
    canvas = Canvas(output, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 700, "A text behind a password, long enough to be one.")
    canvas.save()
    return output.getvalue()


def pdf_of(text: str = "Weaving abroad is what the guild has done for years.", pages: int = 1) -> bytes:
    """A PDF with a line a page."""
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=0)
    for _ in range(pages):
        canvas.drawString(100, 700, text)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def laughing_body() -> str:
    """A document whose one entity stands for ten thousand million letters."""
    declared = '<!ENTITY e0 "ha">'
    for level in range(1, 11):
        inner = f"&e{level - 1};" * 10
        declared += f'<!ENTITY e{level} "{inner}">'
    return with_entities(declared + '<!ENTITY x "&e10;">')


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("notes.txt", lambda: b"", "is empty"),
    "only spaces": ("notes.txt", lambda: b" \n\n \t ", "holds no text"),
    "only a heading": ("notes.md", lambda: b"# Title\n", "holds no text"),
    "random bytes": ("notes.txt", lambda: bytes(range(256)) * 40, "is not text"),
    "image called PDF": ("photo.pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), "is an image"),
    "photo called Word": ("photo.docx", lambda: b"\xff\xd8\xff\xe0" + bytes(1000), "is an image"),
    "program called text": ("notes.txt", lambda: b"\x7fELF" + bytes(1000), "is a program"),
    "old Word": ("letter.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old Office version"),
    "locked Word": (
        "letter.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900),
        "protected by a password",
    ),
    "rich text": ("letter.rtf", lambda: b"{\\rtf1 Hello}", "rich text"),
    "gzip": ("notes.txt.gz", lambda: b"\x1f\x8b\x08" + bytes(100), "compressed archive"),
    "plain XML": ("data.xml", lambda: b'<?xml version="1.0"?><rows><row>1</row></rows>', "is an XML file"),
    "spreadsheet": ("table.xlsx", lambda: archive_of("[Content_Types].xml", "xl/workbook.xml"), "is a spreadsheet"),
    "slides": ("talk.pptx", lambda: archive_of("[Content_Types].xml", "ppt/presentation.xml"), "is a presentation"),
    "e-book": ("book.epub", lambda: archive_of("mimetype", "META-INF/container.xml"), "is an e-book"),
    "OpenDocument": ("text.odt", lambda: archive_of("mimetype", "content.xml"), "OpenDocument"),
    "archive": ("all.zip", lambda: archive_of("a.txt", "b.txt"), "is an archive"),
    "archive with many files": (
        "all.docx",
        lambda: archive_of(*(f"word/{n}" for n in range(1_500))),
        "holds 1,500 files",
    ),
    "path out of the archive": (
        "evil.docx",
        lambda: word_archive(plain_body("x"), **{"..__..__etc__passwd": b"x"}),
        "outside its folder",
    ),
    "absolute path in the archive": (
        "evil.docx",
        lambda: word_archive(plain_body("x"), **{"__etc__cron.d__job": b"x"}),
        "outside its folder",
    ),
    "zip bomb": (
        "bomb.docx",
        lambda: word_archive(plain_body("x"), **{"word__media.bin": bytes(50_000_000)}),
        "would unpack to",
    ),
    "external entity": (
        "evil.docx",
        lambda: word_archive(with_entities('<!ENTITY x SYSTEM "file:///etc/passwd">')),
        ".",
    ),
    "entities within entities": ("evil.docx", lambda: word_archive(laughing_body()), "."),
    "damaged archive": ("letter.docx", lambda: word_archive(plain_body("x"))[:-200], "is damaged"),
    "damaged XML": ("letter.docx", lambda: word_archive("<w:document><unclosed"), "is damaged"),
    "locked PDF": ("report.pdf", locked_pdf, "protected by a password"),
    "half a PDF": ("report.pdf", lambda: pdf_of()[:300], "."),
    "PDF in name only": ("report.pdf", lambda: b"%PDF-1.7\nnothing\n%%EOF", "."),
    "PDF without words": ("report.pdf", lambda: pdf_of().replace(b"Tj", b"xx"), "has no text"),
    "page tree in a circle": (
        "report.pdf",
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
            b"trailer<</Root 1 0 R>>\n%%EOF"
        ),
        ".",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_by_name(case: str, write: Write) -> None:
    """Each is refused with a reason that goes on after its name and says what to do; its text never gets through."""
    name, content, expected = BAD[case]
    with pytest.raises(InvalidInput) as refused:
        read_safely(write(name, content()), timeout_s=60)
    assert expected in refused.value.message
    assert "root:" not in refused.value.message
    assert refused.value.message.count(". ") >= 1, "what is wrong, then what to do"


def test_a_batch_goes_on_past_bad_files(desk: Desk, write: Write, blank_pdf: Path) -> None:
    """The good file among bad ones is added; each bad one is named."""
    bad = [
        write("empty.txt", b""),
        write("photo.pdf", b"\x89PNG" + bytes(99)),
        blank_pdf,
        write("x", b"").parent / "gone.md",
    ]
    good = write("good.md", "# Lamps\n\nThe guild weaves lamps and sells them in Oman.\n")
    results = desk.add(bad[0], bad[1], good, bad[2], bad[3])
    assert [result.status for result in results] == ["refused", "refused", "added", "refused", "refused"]
    assert all(result.message.startswith(f"{result.path.name}: ") for result in results)
    assert "text recognition" in results[3].message


def test_the_index_stays_as_it_was_when_nothing_is_usable(desk: Desk, write: Write, blank_pdf: Path) -> None:
    """Refused files change nothing: not even the snapshot's name."""
    desk.add(write("good.md", "# Lamps\n\nThe guild weaves lamps and sells them in Oman.\n"))
    before = current_snapshot(desk.settings.index_folder)
    desk.add(blank_pdf, write("empty.txt", b""))
    assert current_snapshot(desk.settings.index_folder) == before


def test_a_huge_file_is_refused_unread(write: Write) -> None:
    """500 MB are refused by their size alone."""
    path = write("huge.pdf", b"%PDF-1.7")
    os.truncate(path, 500_000_000)
    with pytest.raises(InvalidInput, match=r"has 500 MB, more than the 100 MB allowed"):
        read_safely(path)


def test_a_named_pipe_is_refused(tmp_path: Path) -> None:
    """What is no file is never waited for."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InvalidInput, match="is no file"):
        read_safely(tmp_path / "pipe.txt")


def test_too_many_pages_are_refused(write: Write) -> None:
    """A PDF of more than 2,000 pages is refused by its count."""
    with pytest.raises(InvalidInput, match=r"has 2,100 pages"):
        read_safely(write("long.pdf", pdf_of(pages=2_100)))


def test_a_slow_file_is_given_up(write: Write) -> None:
    """A reader that takes too long is killed; this process goes on."""
    path = write("notes.txt", "We weave lamps and sell them.")
    with pytest.raises(InvalidInput, match="takes longer than"):
        read_safely(path, timeout_s=0.01)


def test_memory_is_bounded(write: Write) -> None:
    """A file that wants more than 1 GB to be read ends its reader only."""
    deep = "<div>" * 400_000 + "x" * 100
    with pytest.raises(InvalidInput):
        read_safely(write("deep.html", f"<html><body>{deep}</body></html>"), timeout_s=100)


def test_a_name_cannot_lead_elsewhere(desk: Desk, write: Write) -> None:
    """Whatever a file is called, it is kept under its id; its name is only shown, without control characters."""
    path = write("..\\..\\evil\x1b[31m.md", "# Lamps\n\nThe guild weaves lamps and sells them in Oman.\n")
    (result,) = desk.add(path)
    assert result.document is not None
    assert "\x1b" not in result.message + result.document.name
    kept = {file.relative_to(desk.settings.data).parts[0] for file in desk.files()}
    assert kept == {"library", "index"}


def test_python_files_beside_a_document_are_never_imported(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a `docx.py` in it does not run it."""
    write("docx.py", "raise SystemExit('imported')")
    file = docx.Document()
    file.add_paragraph("We weave lamps and sell them.")
    output = io.BytesIO()
    file.save(output)
    path = write("letter.docx", output.getvalue())
    monkeypatch.chdir(path.parent)
    assert read_safely(path).blocks[0].text == "We weave lamps and sell them."
