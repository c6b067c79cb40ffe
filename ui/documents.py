"""What the tab of own documents does, without Gradio: list, add, remove, and say what became of each file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ui.handlers import Failure, attempt
from ui.render import as_text

if TYPE_CHECKING:
    from silk_rag.retrieval.snapshot import Snapshot

#: Told what is being done, how many pieces are done, and how many there are; from any thread.
Progress = Callable[[str, int, int], None]
KINDS = {"pdf": "PDF", "docx": "Word", "html": "HTML", "markdown": "Markdown", "text": "text"}
WORDS = {"added": "Added", "known": "There already", "refused": "Not added"}


class OwnDocument(Protocol):
    """A document that somebody added."""

    @property
    def id(self) -> str:
        """The id by which it is removed."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def kind(self) -> str:
        """What kind of file it is, one of `KINDS`."""

    @property
    def language(self) -> str:
        """A language code."""

    @property
    def pages(self) -> int | None:
        """How many, where the file has pages."""

    @property
    def added(self) -> str:
        """The time in UTC, in ISO form."""


class Result(Protocol):
    """What became of a file."""

    @property
    def status(self) -> str:
        """One of "added", "known" and "refused"."""

    @property
    def message(self) -> str:
        """A sentence that begins with the file's name."""


class OwnDocuments(Protocol):
    """Keeps the documents that people add, and the index over them."""

    @property
    def most_file_bytes(self) -> int:
        """The largest file that is read."""

    def documents(self) -> Sequence[OwnDocument]:
        """All of them, in the order they were added."""

    def add(self, paths: Sequence[Path], progress: Progress | None = None) -> Sequence[Result]:
        """Add files and index them; one result a file. When it returns, the index in use holds them."""

    def remove(self, ids: Sequence[str], progress: Progress | None = None) -> Sequence[OwnDocument]:
        """Remove documents. When it returns, the index in use knows nothing of them."""


class Indexed(Protocol):
    """Knows the index in use."""

    @property
    def snapshot(self) -> Snapshot:
        """The documents and passages in use."""


@dataclass(frozen=True, slots=True)
class DocumentsView:
    """All that the tab shows: what was done, the list, and what can be removed as (label, id)."""

    done: str
    listed: str
    removable: tuple[tuple[str, str], ...]


def show(services: Indexed, own: OwnDocuments, done: str = "") -> DocumentsView:
    """The documents there are."""
    documents = attempt(own.documents)
    if isinstance(documents, Failure):
        return DocumentsView(_said([("refused", documents.message)]), "", ())
    indexed = services.snapshot.documents
    passages = {each.id: len(indexed[each.id].passages) for each in documents if each.id in indexed}
    labels = tuple((f"{each.title} ({each.name})", each.id) for each in documents)
    return DocumentsView(done, _table(documents, passages), labels)


def add(services: Indexed, own: OwnDocuments, paths: Sequence[Path], progress: Progress | None = None) -> DocumentsView:
    """Add what was uploaded. The uploaded copies are deleted, whatever becomes of them: the library keeps its own."""
    if not paths:
        return show(services, own, _said([("refused", "Choose one or several files first.")]))
    try:
        results = attempt(lambda: own.add(paths, progress))
    finally:
        for path in paths:
            _delete(path)
    if isinstance(results, Failure):
        return show(services, own, _said([("refused", f"Nothing was added. {results.message}")]))
    return show(services, own, _said([(each.status, each.message) for each in results]))


def remove(services: Indexed, own: OwnDocuments, ids: Sequence[str], progress: Progress | None = None) -> DocumentsView:
    """Remove the documents chosen."""
    if not ids:
        return show(services, own, _said([("refused", "Choose one or several documents first.")]))
    removed = attempt(lambda: own.remove(ids, progress))
    if isinstance(removed, Failure):
        missing = "Somebody else may have removed it. " if removed.not_found else ""
        return show(services, own, _said([("refused", f"Nothing was removed. {missing}{removed.message}")]))
    return show(
        services, own, _said([("removed", f"{each.name}: removed, nothing of it is kept.") for each in removed])
    )


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()  # Gradio makes a folder a file; one with another file in it stays


def _said(lines: Sequence[tuple[str, str]]) -> str:
    """What was done, a line a file. The status is said in words, not by a colour alone."""
    items = "".join(
        f'<li class="silk-{status}"><strong>{WORDS[status]}.</strong> {as_text(message)}</li>'
        if status in WORDS
        else f'<li class="silk-{status}">{as_text(message)}</li>'
        for status, message in lines
    )
    return f'<ul class="silk-done" role="status">{items}</ul>'


def _table(documents: Sequence[OwnDocument], passages: dict[str, int]) -> str:
    if not documents:
        return '<p class="silk-small">No documents have been added yet.</p>'
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Title", "File", "Language", "Size", "Added"))
    rows = "".join(_row(each, passages.get(each.id)) for each in documents)
    return f'<table class="silk-documents"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _row(document: OwnDocument, passages: int | None) -> str:
    pages = f"{_counted(document.pages, 'page')}, " if document.pages else ""
    size = "not in the index yet" if passages is None else _counted(passages, "passage")
    file = f"{document.name} ({KINDS.get(document.kind, document.kind)})"
    cells = (document.title, file, document.language, f"{pages}{size}", document.added[:10])
    return f"<tr>{''.join(f'<td>{as_text(cell)}</td>' for cell in cells)}</tr>"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
