"""Add and remove own documents. A file that cannot be used is refused by itself; the others go on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.own.clean import clean
from ingest.own.kinds import refused
from ingest.own.library import OwnDocument, OwnLibrary, id_of
from ingest.own.sandbox import MOST_FILE_BYTES, check_size, read_safely
from ingest.update import LIBRARY_WORK, index_library, library_of
from ingest.vectors import Progress
from silk_rag.adapters.index_folder import only_writer
from silk_rag.bootstrap import Embedders
from silk_rag.errors import IndexUnusable, InvalidInput
from silk_rag.settings import Settings


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of a file: `document` is None when it was refused; `message` is a sentence that names the file."""

    path: Path
    status: Literal["added", "known", "refused"]
    message: str
    document: OwnDocument | None = None


def add_files(
    paths: Sequence[Path], settings: Settings, embedders: Embedders, progress: Progress | None = None
) -> list[AddResult]:
    """Add files, and all files in folders, and index them; one result a file, in order.

    Files that are there already, by content, are not added again. When nothing usable was given the index is not
    touched. Raises Busy when another process works on the library, and IndexUnusable when the index cannot be built:
    the library is then as it was before.
    """
    library = library_of(settings)
    with only_writer(library.folder, doing=LIBRARY_WORK):
        before = {document.id for document in library.documents()}
        try:
            results = [_add(path, library, progress) for path in files_in(paths)]
            # Known documents too: the process that added them may have been killed before it could index them.
            if any(result.document for result in results):
                index_library(library, settings, embedders, progress=progress)
        except BaseException:
            for document in library.documents():
                if document.id not in before:
                    library.set_aside(document.id)
            library.clear()
            raise
    return results


def list_documents(settings: Settings) -> list[OwnDocument]:
    """All own documents, in the order they were added."""
    return library_of(settings).documents()


def remove_documents(
    ids: Sequence[str], settings: Settings, embedders: Embedders, progress: Progress | None = None
) -> list[OwnDocument]:
    """Remove documents: afterwards their text and vectors are in no file of the data folder. Returns what they were.

    Raises NotFound, before anything is removed, when an id is unknown. When the index cannot be built without them
    (Busy, IndexUnusable) they stay.
    """
    library = library_of(settings)
    with only_writer(library.folder, doing=LIBRARY_WORK):
        documents = [library.document(identity) for identity in dict.fromkeys(ids)]
        for document in documents:
            library.set_aside(document.id)
        try:
            index_library(library, settings, embedders, progress=progress)
        except Exception:
            for document in documents:
                library.put_back(document.id)
            raise
    return documents


@dataclass(frozen=True)
class OwnDocuments:
    """The same three for a program that runs on: settings and models are given once.

    The models may be those that answer questions; a question then waits for the few texts being embedded, no longer.
    """

    settings: Settings
    embedders: Embedders
    most_file_bytes: int = MOST_FILE_BYTES

    def documents(self) -> list[OwnDocument]:
        """All own documents, in the order they were added."""
        return list_documents(self.settings)

    def add(self, paths: Sequence[Path], progress: Progress | None = None) -> list[AddResult]:
        """As `add_files`."""
        return add_files(paths, self.settings, self.embedders, progress)

    def remove(self, ids: Sequence[str], progress: Progress | None = None) -> list[OwnDocument]:
        """As `remove_documents`."""
        return remove_documents(ids, self.settings, self.embedders, progress)


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named and below; hidden ones, and links to elsewhere, only by name."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for each in sorted(path.rglob("*")):
            hidden = any(part.startswith((".", "~$")) for part in each.relative_to(path).parts)
            if each.is_file() and not each.is_symlink() and not hidden:
                yield each


def _add(path: Path, library: OwnLibrary, progress: Progress | None) -> AddResult:
    name = clean(path.name) or "file"

    def pages_read(done: int, total: int) -> None:
        if progress:
            progress(f"reading {name}", done, total)

    try:
        check_size(path)
        # Looked up before it is read: what is there already need not be read again.
        sha256 = _hash_of(path)
        known = next((each for each in library.documents() if each.id == id_of(sha256)), None)
        if known is not None:
            return AddResult(path, "known", f"{name}: is there already, as {known.id} ({known.name}).", known)
        parsed = read_safely(path, progress=pages_read)
    except InvalidInput as error:
        return AddResult(path, "refused", f"{name}: {error.message}")
    try:
        document = library.add(path, parsed, sha256)
    except OSError as error:
        raise IndexUnusable(f"{name} cannot be kept in the library ({error}). Is the disk full?") from error
    pages = f", {document.pages} pages" if document.pages else ""
    notes = "".join(f" {note}" for note in document.notes)
    return AddResult(path, "added", f"{name}: added as {document.id} ({document.kind}{pages}).{notes}", document)


def _hash_of(path: Path) -> str:
    """The content's SHA-256. Raises InvalidInput when the file cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refused(f"cannot be read ({error.strerror}). Check who may read it") from error
