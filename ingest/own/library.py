"""The folder of own documents.

library/
  lock                   held by the one process that adds, removes or indexes
  <id>/                  a document: document.json, blocks.json and the file as it was added
  .new-<id>/             being added: renamed when complete, removed when found later
  .gone-<id>/            being removed: its text may still be in an index, which has to be made anew

An id is made from the file's content, so the same file has the same id wherever it lies. Each step is one renaming: a
crash leaves a document in or out.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.own import blocks
from ingest.own.blocks import FileKind, ParsedFile
from ingest.own.clean import clean
from ingest.own.language import language_of
from ingest.own.passages import PASSAGES_VERSION, document_from
from silk_rag.cases import Case, cases_mentioned
from silk_rag.documents import Document
from silk_rag.errors import NotFound

_NEW, _GONE = ".new-", ".gone-"
_ENDINGS: dict[FileKind, str] = {"pdf": ".pdf", "docx": ".docx", "html": ".html", "markdown": ".md", "text": ".txt"}
_LONGEST_NAME = 120
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """What the library knows of a document. `pages` is None where the file has none; `added` is a UTC time."""

    id: str
    name: str
    title: str
    kind: FileKind
    sha256: str
    added: str
    language: str
    pages: int | None
    bytes: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnLibrary:
    """Documents in a folder. All but reading is for the holder of its lock."""

    folder: Path

    def documents(self) -> list[OwnDocument]:
        """All documents, in the order they were added. One whose folder is damaged is left out, with a warning."""
        found = [self._read(place) for place in sorted(self.folder.glob("own-*"))]
        return sorted((each for each in found if each is not None), key=lambda each: (each.added, each.id))

    def document(self, identity: str) -> OwnDocument:
        """A document by id. Raises NotFound, naming the command that lists them."""
        found = next((each for each in self.documents() if each.id == identity), None)
        if found is None:
            raise NotFound(f"There is no own document {identity[:80]!r}. `silk-rag list` shows all with their ids.")
        return found

    def original(self, document: OwnDocument) -> Path:
        """The file as it was added."""
        return self.folder / document.id / f"original{_ENDINGS[document.kind]}"

    def add(self, path: Path, parsed: ParsedFile, sha256: str) -> OwnDocument:
        """Keep a file and what was read in it."""
        document = _described(path, parsed, sha256)
        new = self.folder / f"{_NEW}{document.id}"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True, mode=0o700)
        shutil.copyfile(path, new / f"original{_ENDINGS[document.kind]}")
        _write_json(new / "blocks.json", blocks.as_data(parsed))
        _write_json(new / "document.json", asdict(document))
        new.rename(self.folder / document.id)
        _sync(self.folder)
        return document

    def set_aside(self, identity: str) -> None:
        """Take a document out; what is left of it goes with `clear`, once no index holds it."""
        gone = self.folder / f"{_GONE}{identity}"
        shutil.rmtree(gone, ignore_errors=True)
        (self.folder / identity).rename(gone)
        _sync(self.folder)

    def put_back(self, identity: str) -> None:
        """Undo `set_aside`."""
        (self.folder / f"{_GONE}{identity}").rename(self.folder / identity)
        _sync(self.folder)

    def has_removals(self) -> bool:
        """Whether documents were set aside that an index may still hold, perhaps by a process that was killed."""
        return any(self.folder.glob(f"{_GONE}*"))

    def clear(self) -> None:
        """Delete what was set aside and what was never completed."""
        for place in (*self.folder.glob(f"{_GONE}*"), *self.folder.glob(f"{_NEW}*")):
            shutil.rmtree(place)

    def hash(self) -> str:
        """A hash that changes with the documents and with how they are cut into passages; empty without documents."""
        ids = [document.id for document in self.documents()]
        return hashlib.sha256(json.dumps([PASSAGES_VERSION, ids]).encode()).hexdigest() if ids else ""

    def indexed_documents(self, cases: Sequence[Case]) -> list[Document]:
        """All documents with their passages, each of which knows the cases it speaks of."""
        return [self._indexed(document, cases) for document in self.documents()]

    def _indexed(self, known: OwnDocument, cases: Iterable[Case]) -> Document:
        data = json.loads((self.folder / known.id / "blocks.json").read_text(encoding="utf-8"))
        document = document_from(
            blocks.from_data(data), identity=known.id, name=known.name, title=known.title, language=known.language
        )
        passages = tuple(replace(each, cases=cases_mentioned(each, cases)) for each in document.passages)
        return replace(document, passages=passages)

    def _read(self, place: Path) -> OwnDocument | None:
        try:
            data = json.loads((place / "document.json").read_text(encoding="utf-8"))
            return OwnDocument(**{**data, "notes": tuple(data["notes"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("own document %s is damaged and left out (%s); remove it and add it again", place.name, error)
            return None


def id_of(sha256: str) -> str:
    """The id of the document with this content."""
    return f"own-{sha256[:12]}"


def _described(path: Path, parsed: ParsedFile, sha256: str) -> OwnDocument:
    name = clean(path.name)[-_LONGEST_NAME:] or "document"
    ending = _ENDINGS[parsed.kind]
    return OwnDocument(
        id=id_of(sha256),
        name=name if "." in name else f"{name}{ending}",
        title=_title(path, parsed),
        kind=parsed.kind,
        sha256=sha256,
        added=datetime.now(UTC).isoformat(timespec="microseconds"),
        language=language_of(parsed.blocks),
        pages=parsed.pages,
        bytes=path.stat().st_size,
        notes=parsed.notes,
    )


def _title(path: Path, parsed: ParsedFile) -> str:
    """The title the file states, else its first heading if nothing stands above it as high, else its name."""
    headings = [block for block in parsed.blocks if block.kind == "heading"]
    highest = min((block.level for block in headings), default=0)
    leading = (
        headings[0].text if headings and headings[0].level == highest and parsed.blocks[0] is headings[0] else None
    )
    title = parsed.title or leading or clean(path.stem.replace("_", " ").replace("-", " ")) or path.name
    return title[: _LONGEST_NAME * 2]


def _write_json(path: Path, data: object) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
