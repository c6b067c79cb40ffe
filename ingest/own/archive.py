"""Look into a ZIP container before anything in it is unpacked: Word files are ZIP archives, and so are many traps."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from ingest.own.kinds import refused

MOST_MEMBERS = 1_000
MOST_BYTES = 200_000_000
#: Text in XML shrinks to about a tenth, much repeated tables to a fiftieth.
MOST_SHRUNK = 100
_WORD = "word/document.xml"
_OTHER_KINDS = (
    ("xl/", "is a spreadsheet. Save the part you need as PDF or HTML"),
    ("ppt/", "is a presentation. Save it as PDF"),
    ("META-INF/container.xml", "is an e-book. Save it as PDF or HTML"),
    ("content.xml", "is an OpenDocument file. Save it as .docx or PDF"),
)


def check_word_archive(path: Path) -> None:
    """Raises InvalidInput, saying what is wrong, unless the file is a Word document that is safe to unpack."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise refused(f"is damaged ({error}). Open it in Word, save it again and add that") from error
    _check_sizes(members)
    names = [member.filename for member in members]
    unsafe = next((name for name in names if _is_unsafe(name)), None)
    if unsafe is not None:
        raise refused(f"holds a file that wants to be unpacked outside its folder ({unsafe[:60]!r}). Do not use it")
    if any(member.flag_bits & 1 for member in members):
        raise refused("is protected by a password. Save a copy without the password and add that")
    if _WORD not in names:
        other = next((advice for mark, advice in _OTHER_KINDS if any(name.startswith(mark) for name in names)), None)
        raise refused(other or "is an archive. Unpack it and add the documents in it")


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise refused(f"holds {len(members):,} files, more than the {MOST_MEMBERS:,} allowed. It is no Word document")
    if unpacked > MOST_BYTES or unpacked > MOST_SHRUNK * max(packed, 10_000):
        raise refused(
            f"would unpack to {unpacked / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB, which no Word document does. "
            "Open it in Word, save it as PDF and add that"
        )


def _is_unsafe(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":") or "\0" in name
