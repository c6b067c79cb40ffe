"""Tell what a file is by its content; its name is not asked."""

from __future__ import annotations

import re

from ingest.own.blocks import FileKind
from silk_rag.errors import InvalidInput

#: How much of a file is looked at.
HEAD = 16_384
_SUPPORTED = "PDF, Word (.docx), HTML, Markdown or plain text"
#: Other kinds by their first bytes, and what to do about them.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "is a rich text (.rtf) file. Save it as .docx or PDF"),
    (
        b"\x89PNG",
        "is an image. Add a document with text; scanned pages have to go through text recognition (OCR) first",
    ),
    (b"\xff\xd8\xff", "is an image. Add a document with text; scanned pages have to go through text recognition first"),
    (b"GIF8", "is an image. Add a document with text"),
    (b"II*\0", "is an image. Scanned pages have to go through text recognition (OCR) first"),
    (b"MM\0*", "is an image. Scanned pages have to go through text recognition (OCR) first"),
    (b"\x1f\x8b", "is a compressed archive. Unpack it and add the documents in it"),
    (b"7z\xbc\xaf", "is a compressed archive. Unpack it and add the documents in it"),
    (b"Rar!", "is a compressed archive. Unpack it and add the documents in it"),
    (b"\x7fELF", f"is a program. Add {_SUPPORTED}"),
    (b"MZ", f"is a program. Add {_SUPPORTED}"),
    (b"SQLite format 3", f"is a database. Add {_SUPPORTED}"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"\s*<\?xml\b")
_TAGS = re.compile(r"<(?:p|div|h[1-6]|table|ul|ol|article|section)\b[^>]*>", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^(?:\#{1,6}[ \t]+\S|(?:```|~~~)|\|?[ \t]*:?-{3,}:?[ \t]*\|[-|: \t]*$|[^\s].*\n(?:={3,}|-{3,})[ \t]*$)"
    r"|\[[^\]\n]+\]\([^)\s]+\)|\*\*\S[^*\n]*\*\*",
    re.MULTILINE,
)


def binary_kind(head: bytes) -> FileKind | None:
    """What a file is by its first bytes; None for text. Raises InvalidInput, saying what to do, for other kinds."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if head.startswith(_OLE):
        # A protected .docx is an old container around the encrypted file, whose name is written in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise refused("is protected by a password. Save a copy without the password and add that")
        raise refused("is a file of an old Office version (.doc, .xls, .ppt). Save it as .docx or PDF")
    for mark, advice in _OTHERS:
        if head.startswith(mark):
            raise refused(advice)
    return None


def text_kind(text: str) -> FileKind:
    """What a text is. Raises InvalidInput for XML that is not HTML."""
    head = text[:HEAD]
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        raise refused(f"is an XML file. Add {_SUPPORTED}")
    if len(_TAGS.findall(head)) >= 3 and head.lstrip().startswith("<"):
        return "html"
    return "markdown" if _MARKDOWN.search(text) else "text"


def refused(what: str) -> InvalidInput:
    """The error for a file that cannot be used; `what` continues a sentence that begins with its name."""
    return InvalidInput(f"{what}.", field="file")
