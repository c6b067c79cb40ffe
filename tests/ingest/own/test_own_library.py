"""Adding, adding again and removing: what is indexed, what is embedded, and what is left on disk."""

from __future__ import annotations

import fcntl
from pathlib import Path

import numpy as np
import pytest

from ingest.own.add import files_in, list_documents, remove_documents
from ingest.update import library_of, update_index
from silk_rag.adapters.index_folder import current_snapshot, open_index
from silk_rag.errors import Busy, NotFound
from silk_rag.retrieval.indexed_text import passage_text
from tests.ingest.own.desk import CANARY, Desk, Write

LAMPS = f"# Lamps\n\nThe {CANARY} sell their lamps in Oman. They began with one order.\n"


def test_own_documents_are_found_beside_the_papers(desk: Desk, report_pdf: Path) -> None:
    """The index holds the papers and the document; a search finds the document's page."""
    desk.add(report_pdf)
    opened = open_index(desk.settings.index_folder)
    kinds = {document.kind for document in opened.snapshot.documents.values()}
    assert "own" in kinds
    assert len(kinds) > 1
    passage = next(p for p in opened.snapshot.passages if CANARY in p.text)
    (best, _), *_ = opened.vectors.nearest(desk.embedder.embed_query(passage_text(passage)), 1)
    assert best == passage.id


def test_adding_again_embeds_nothing(desk: Desk, report_pdf: Path, tmp_path: Path) -> None:
    """The same content under any name is known; neither it nor anything else is embedded again."""
    desk.add(report_pdf)
    embedded = desk.embedder.embedded
    snapshot = current_snapshot(desk.settings.index_folder)
    copy = tmp_path / "copy.bin"
    copy.write_bytes(report_pdf.read_bytes())
    results = desk.add(report_pdf, copy)
    assert [result.status for result in results] == ["known", "known"]
    assert desk.embedder.embedded == embedded
    assert current_snapshot(desk.settings.index_folder) == snapshot
    assert len(list_documents(desk.settings)) == 1


def test_only_what_is_new_is_embedded(desk: Desk, write: Write) -> None:
    """A second document costs its own texts: the papers' and the first one's are reused."""
    desk.add(write("one.md", LAMPS))
    before = desk.embedder.embedded
    desk.add(write("two.txt", "The guild of Muscat weaves carpets.\n"))
    # One passage, once with its tokens, and its one sentence.
    assert desk.embedder.embedded - before == 2


def test_removing_leaves_no_trace(desk: Desk, write: Write) -> None:
    """Afterwards neither a word nor a vector of the document is in any file of the data folder."""
    (result,) = desk.add(write("lamps.md", LAMPS))
    desk.add(write("other.txt", "The guild of Muscat weaves carpets.\n"))
    assert result.document is not None
    snapshot = open_index(desk.settings.index_folder).snapshot
    passage = next(p for p in snapshot.passages if CANARY in p.text)
    vector = desk.embedder.embed_passages([passage_text(passage)])[0]
    traces = [CANARY.encode(), result.document.id.encode(), vector.astype(np.float16).tobytes(), vector.tobytes()]
    assert any(trace in file.read_bytes() for file in desk.files() for trace in traces)

    (removed,) = remove_documents([result.document.id], desk.settings, desk.embedders)
    assert removed.name == "lamps.md"
    assert not [file for file in desk.files() for trace in traces if trace in file.read_bytes()]
    assert [document.name for document in list_documents(desk.settings)] == ["other.txt"]
    assert open_index(desk.settings.index_folder).degraded is None


def test_an_interrupted_removal_is_completed_by_the_next_build(desk: Desk, write: Write) -> None:
    """A document set aside by a process that was then killed is gone from all files after the next build."""
    (result,) = desk.add(write("lamps.md", LAMPS))
    assert result.document is not None
    library_of(desk.settings).set_aside(result.document.id)
    update_index(desk.settings, desk.embedders)
    assert not [file for file in desk.files() if CANARY.encode() in file.read_bytes()]


def test_an_interrupted_addition_is_completed_by_adding_again(desk: Desk, write: Write) -> None:
    """A document that is in the library but in no index is indexed when it is added again."""
    path = write("lamps.md", LAMPS)
    desk.add(write("other.txt", "The guild of Muscat weaves carpets.\n"))
    library = library_of(desk.settings)
    (document,) = library.documents()
    snapshot = current_snapshot(desk.settings.index_folder)
    desk.add(path)
    assert snapshot is not None
    (desk.settings.index_folder / "CURRENT").write_text(snapshot.name)
    assert desk.add(path)[0].status == "known"
    assert any(CANARY in p.text for p in open_index(desk.settings.index_folder).snapshot.passages)
    assert document in library.documents()


def test_an_unknown_id_removes_nothing(desk: Desk, write: Write) -> None:
    """One wrong id among several, and all stay."""
    (result,) = desk.add(write("lamps.md", LAMPS))
    assert result.document is not None
    with pytest.raises(NotFound, match="silk-rag list"):
        remove_documents([result.document.id, "own-nothing"], desk.settings, desk.embedders)
    assert len(list_documents(desk.settings)) == 1


def test_a_build_that_cannot_be_made_takes_nothing_in_and_out(desk: Desk, write: Write) -> None:
    """While another process builds the index, adding and removing are refused, and the library stays as it was."""
    (result,) = desk.add(write("lamps.md", LAMPS))
    assert result.document is not None
    with (desk.settings.index_folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            desk.add(write("other.txt", "The guild of Muscat weaves carpets.\n"))
        with pytest.raises(Busy):
            remove_documents([result.document.id], desk.settings, desk.embedders)
    assert [document.id for document in list_documents(desk.settings)] == [result.document.id]


def test_folders_are_walked_without_hidden_files_and_links(tmp_path: Path) -> None:
    """A folder stands for the documents in it: not for what is hidden, locked by Word, or elsewhere."""
    (tmp_path / "a" / ".git").mkdir(parents=True)
    for name in ("a/one.md", "a/.git/config", "a/.hidden", "a/~$letter.docx", "elsewhere.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / "a" / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert [path.name for path in files_in([tmp_path / "a", tmp_path / "elsewhere.txt"])] == ["one.md", "elsewhere.txt"]


def test_a_damaged_document_does_not_stop_the_others(desk: Desk, write: Write) -> None:
    """A folder of the library that cannot be read is left out; the index is built without it."""
    (result,) = desk.add(write("lamps.md", LAMPS))
    assert result.document is not None
    (desk.settings.data / "library" / result.document.id / "document.json").write_text("{")
    desk.add(write("other.txt", "The guild of Muscat weaves carpets.\n"))
    assert [document.name for document in list_documents(desk.settings)] == ["other.txt"]
