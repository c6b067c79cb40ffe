"""What the tab of own documents does, without a browser: over the real library, beside one of the papers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ingest.own.add import OwnDocuments
from ingest.update import update_index
from silk_rag.adapters.index_folder import only_writer, open_index
from silk_rag.bootstrap import Embedders
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.settings import Settings
from silk_rag.testing import HashingTokenEmbedder
from tests.ui.conftest import XSS
from ui import documents

TEXT = "# {title}\n\nThe Zanzibari lamp weavers sell their lamps in eleven countries.\n"


@dataclass(frozen=True)
class _Index:
    """The index in use, opened anew whenever it is looked at."""

    settings: Settings

    @property
    def snapshot(self) -> Snapshot:
        return open_index(self.settings.index_folder).snapshot


@pytest.fixture
def own(tmp_path: Path) -> OwnDocuments:
    """A library without documents, beside one of the papers."""
    real, corpus = Settings().corpus, tmp_path / "corpus"
    shutil.copytree(real / "source", corpus / "source")
    (corpus / "documents").mkdir()
    for name in ("documents/foreword.md", "cases.yaml"):
        shutil.copyfile(real / name, corpus / name)
    settings = replace(Settings(), corpus=corpus, data=tmp_path / "data")
    own = OwnDocuments(settings, Embedders(HashingTokenEmbedder(), None))
    update_index(settings, own.embedders)
    return own


@pytest.fixture
def index(own: OwnDocuments) -> _Index:
    """What the library's documents are indexed in."""
    return _Index(own.settings)


def _uploaded(folder: Path, *files: tuple[str, str]) -> list[Path]:
    """Files as Gradio keeps them: each in a folder of its own."""
    paths = []
    for number, (name, text) in enumerate(files):
        path = folder / "uploads" / str(number) / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def _all_files(folder: Path) -> Sequence[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_each_file_is_told_of_and_the_rest_goes_on(own: OwnDocuments, index: _Index, tmp_path: Path) -> None:
    """A refused file between two good ones is named with the reason; the two are in the list and the index."""
    paths = _uploaded(
        tmp_path, ("one.md", TEXT.format(title="One")), ("empty.pdf", ""), ("two.md", TEXT.format(title="Two"))
    )
    view = documents.add(index, own, paths)
    assert "<strong>Not added.</strong> empty&#46;pdf&#58; is empty" in view.done
    assert view.done.count("<strong>Added.</strong>") == 2
    assert [label for label, _ in view.removable] == ["One (one.md)", "Two (two.md)"]
    assert view.listed.count("1 passage<") == 2
    assert _all_files(tmp_path / "uploads") == [], "the library keeps its own copies: the uploaded ones are gone"
    again = documents.add(index, own, _uploaded(tmp_path / "again", ("three.md", TEXT.format(title="One"))))
    assert "<strong>There already.</strong>" in again.done


def test_progress_is_told_while_files_are_added(own: OwnDocuments, index: _Index, tmp_path: Path) -> None:
    """Whoever waits hears how many texts are done of how many."""
    told: list[tuple[str, int, int]] = []
    paths = _uploaded(tmp_path, ("one.md", TEXT.format(title="One")))
    documents.add(index, own, paths, lambda step, done, total: told.append((step, done, total)))
    assert told[-1][0] == "embedding"
    assert told[-1][1] == told[-1][2] > 0


def test_removing_takes_only_what_was_chosen(own: OwnDocuments, index: _Index, tmp_path: Path) -> None:
    """A document chosen goes from list and index, the other stays; nothing chosen removes nothing."""
    paths = _uploaded(tmp_path, ("one.md", TEXT.format(title="One")), ("two.md", TEXT.format(title="Two")))
    view = documents.add(index, own, paths)
    assert len(documents.remove(index, own, []).removable) == 2
    (_, one), (_, two) = view.removable
    left = documents.remove(index, own, [one])
    assert "one&#46;md&#58; removed" in left.done
    assert left.removable == (("Two (two.md)", two),)
    assert one not in index.snapshot.documents
    late = documents.remove(index, own, [one])
    assert "Nothing was removed. Somebody else may have removed it" in late.done.replace("&#46;", ".")
    assert late.removable == left.removable


def test_a_library_in_use_elsewhere_keeps_everything_and_says_so(
    own: OwnDocuments, index: _Index, tmp_path: Path
) -> None:
    """While `silk-rag add` runs in another process nothing is added; the uploaded file is deleted all the same."""
    with only_writer(own.settings.data / "library"):
        view = documents.add(index, own, _uploaded(tmp_path, ("one.md", TEXT.format(title="One"))))
    assert "Nothing was added" in view.done
    assert "Wait until it has finished" in view.done
    assert view.removable == ()
    assert _all_files(tmp_path / "uploads") == []


@pytest.mark.parametrize("attack", XSS)
def test_words_of_a_document_stay_words(own: OwnDocuments, index: _Index, tmp_path: Path, attack: str) -> None:
    """Titles and names of documents are shown as text, whatever stands in them."""
    name = f"{attack.replace('/', '')[:60]}.txt"
    path = tmp_path / name
    path.write_text(TEXT.format(title=attack), encoding="utf-8")
    view = documents.add(index, own, [path])
    for shown in (view.done, view.listed):
        assert not any(sign in shown for sign in ("<script", "<img", "<svg", "<iframe", "<style", "](", "$$"))


def test_without_documents_the_list_says_so(own: OwnDocuments, index: _Index) -> None:
    """An empty library is a sentence, not an empty table; adding nothing asks for files."""
    assert "No documents have been added yet" in documents.show(index, own).listed
    assert "Choose one or several files first" in documents.add(index, own, []).done.replace("&#46;", ".")


def test_an_unforeseen_fault_shows_no_traceback(own: OwnDocuments, index: _Index, tmp_path: Path) -> None:
    """A fault of ours is an apology with an id; nothing was added, and the list is still shown."""

    def fail(step: str, done: int, total: int) -> None:
        raise ZeroDivisionError(f"{step} {done} {total}")

    view = documents.add(index, own, _uploaded(tmp_path, ("one.md", TEXT.format(title="One"))), fail)
    assert "something went wrong on our side" in view.done
    assert "ZeroDivisionError" not in view.done
    assert "No documents have been added yet" in view.listed
