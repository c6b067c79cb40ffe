"""Building, publishing, opening and mending an index."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ingest.index import needs_building
from silk_rag.adapters.index_folder import current_snapshot, only_writer, open_index
from silk_rag.errors import Busy, IndexUnusable
from silk_rag.retrieval.words import words_of

if TYPE_CHECKING:
    from .conftest import SmallIndex

INGEST = "Run `silk-rag ingest` to build it"


def flip_a_byte(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_an_index_holds_the_documents_it_was_made_from(small_index: SmallIndex) -> None:
    """Documents, passages and a vector for each come back as they went in."""
    opened = open_index(small_index.folder)
    assert list(opened.snapshot.documents) == ["box-scotland", "foreword"]
    passages = opened.snapshot.passages
    assert passages == tuple(p for document in opened.snapshot.documents.values() for p in document.passages)
    assert opened.degraded is None
    for passage in passages:
        vector = small_index.embedder.embed_query(f"{passage.document_title}\n{passage.text}")
        assert len(opened.vectors.nearest(vector, 3)) == 3
    assert opened.keywords.scores(words_of("Scotland")).shape == (len(passages),)


def test_building_twice_embeds_nothing(small_index: SmallIndex) -> None:
    """An index that is up to date is left alone."""
    before, snapshots = small_index.embedder.embedded, small_index.snapshots
    report = small_index.build()
    assert report.up_to_date
    assert (report.embedded, small_index.embedder.embedded, small_index.snapshots) == (0, before, snapshots)


def test_only_what_changed_is_embedded_again(small_index: SmallIndex) -> None:
    """A passage that changes costs itself; the others keep their vectors."""
    total = small_index.embedder.embedded
    small_index.edit("Social Enterprise", "Social  Enterprise")
    report = small_index.build()
    assert not report.up_to_date
    assert 0 < report.embedded < total / 2
    assert report.reused > 0


def test_a_fresh_build_trusts_no_stored_vector(small_index: SmallIndex) -> None:
    """On demand everything is embedded again."""
    first = small_index.embedder.embedded
    report = small_index.build(fresh=True)
    assert report.reused == 0
    assert small_index.embedder.embedded == 2 * first


def test_a_changed_model_embeds_everything_again(small_index: SmallIndex) -> None:
    """Vectors of one model are never taken for another's."""
    small_index.embedder.name = "another"
    report = small_index.build()
    assert (report.up_to_date, report.reused) == (False, 0)


def test_a_second_writer_is_refused_at_once(small_index: SmallIndex) -> None:
    """While one process builds, another is told which one, instead of waiting or damaging anything."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from silk_rag.adapters.index_folder import only_writer\n"
        "from silk_rag.errors import Busy\n"
        "try:\n"
        "    with only_writer(Path(sys.argv[1])): print('allowed')\n"
        "except Busy as error: print(error.message)\n"
    )
    command = [sys.executable, "-c", script, str(small_index.folder)]
    with only_writer(small_index.folder), pytest.raises(Busy, match=f"pid {os.getpid()}"):
        small_index.build(fresh=True)
    with only_writer(small_index.folder):
        refused = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    allowed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"(pid {os.getpid()})" in refused
    assert allowed == "allowed\n"


def test_a_reader_sees_the_old_index_until_the_new_one_is_whole(small_index: SmallIndex) -> None:
    """While a new snapshot is made, the one in use is opened; it is replaced in one step."""
    old = current_snapshot(small_index.folder)
    seen: list[Path | None] = []
    small_index.edit("Scotland", "Alba")

    def look(*_: object) -> None:
        seen.append(current_snapshot(small_index.folder))
        assert "Scotland" in open_index(small_index.folder).snapshot.documents["box-scotland"].text

    small_index.build(progress=look)
    assert seen
    assert set(seen) == {old}
    assert current_snapshot(small_index.folder) not in {None, old}
    assert "Alba" in open_index(small_index.folder).snapshot.documents["box-scotland"].text


def test_a_build_that_fails_leaves_the_old_index(small_index: SmallIndex) -> None:
    """Whatever goes wrong on the way, the index in use stays, and nothing half-made is left behind."""
    old, snapshots = current_snapshot(small_index.folder), small_index.snapshots

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        small_index.build(fresh=True, progress=fail)
    assert (current_snapshot(small_index.folder), small_index.snapshots) == (old, snapshots)
    assert open_index(small_index.folder).degraded is None


def test_a_build_that_is_killed_leaves_the_old_index(small_index: SmallIndex) -> None:
    """A process that dies while it builds leaves the old index in use; the next build clears up after it."""
    old, dead = current_snapshot(small_index.folder), small_index.folder / "0000000000000000-dead"
    dead.mkdir()
    (dead / "index.sqlite").write_bytes(b"half of a file")
    assert open_index(small_index.folder).degraded is None
    assert current_snapshot(small_index.folder) == old
    small_index.build()
    assert not dead.exists()


def test_an_older_snapshot_stays_for_those_who_read_it(small_index: SmallIndex) -> None:
    """The last one is kept for a server that has it open; those before are removed."""
    for number in range(3):
        previous = current_snapshot(small_index.folder)
        small_index.edit("Scotland", f"Scotland{number}")
        small_index.build()
        assert previous is not None
        assert set(small_index.snapshots) == {previous, current_snapshot(small_index.folder)}


def test_no_index_says_which_command_makes_one(tmp_path: Path) -> None:
    """Nothing has been built yet: the message says how."""
    assert needs_building(tmp_path / "index")
    with pytest.raises(IndexUnusable, match=INGEST):
        open_index(tmp_path / "index")


def _remove(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garble(path: Path) -> None:
    path.write_bytes(os.urandom(10_000))


@pytest.mark.parametrize("damage", [_remove, _truncate, _empty, _garble, flip_a_byte])
def test_a_damaged_store_says_which_command_mends_it(small_index: SmallIndex, damage: Callable[[Path], None]) -> None:
    """Missing, cut off, empty, garbled or changed in a single bit: refused with the command, which then mends it."""
    (snapshot,) = small_index.snapshots
    damage(snapshot / "index.sqlite")
    with pytest.raises(IndexUnusable, match=r"Run `silk-rag ingest`"):
        open_index(small_index.folder)
    assert not small_index.build().up_to_date
    assert open_index(small_index.folder).degraded is None


@pytest.mark.parametrize("manifest", ["", "{", "[]", "null", "{}"])
def test_a_damaged_manifest_says_which_command_mends_it(small_index: SmallIndex, manifest: str) -> None:
    """What a snapshot says of itself cannot be read: refused with the command, which then mends it."""
    (snapshot,) = small_index.snapshots
    (snapshot / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(IndexUnusable, match=r"Run `silk-rag ingest`"):
        open_index(small_index.folder)
    small_index.build()
    assert open_index(small_index.folder).degraded is None


def test_an_index_of_another_version_is_built_again(small_index: SmallIndex) -> None:
    """What another version of the program made is refused when opened, and replaced when built."""
    (snapshot,) = small_index.snapshots
    path = snapshot / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "version": 0, "fingerprint": "of another version"}), encoding="utf-8")
    assert needs_building(small_index.folder)
    with pytest.raises(IndexUnusable, match=r"made by another version.*Run `silk-rag ingest`"):
        open_index(small_index.folder)
    assert not small_index.build().up_to_date
    assert not needs_building(small_index.folder)
    assert open_index(small_index.folder).degraded is None


def _lose_chroma(folder: Path) -> None:
    shutil.rmtree(folder)


def _empty_chroma(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"")


def _garble_chroma(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(os.urandom(50_000))


@pytest.mark.parametrize("damage", [_lose_chroma, _empty_chroma, _garble_chroma])
def test_a_damaged_chroma_folder_is_written_again(
    small_index: SmallIndex, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """Chroma's folder is a cache: lost or damaged, it is made again from the stored vectors; nothing is embedded."""
    expected = open_index(small_index.folder)
    index = small_index.elsewhere(tmp_path / "elsewhere")
    (snapshot,) = index.snapshots
    damage(snapshot / "chroma")
    embedded = index.embedder.embedded
    opened = open_index(index.folder)
    assert opened.degraded is None
    assert index.embedder.embedded == embedded
    probe = index.embedder.embed_query("Scotland supports social enterprises")
    found, wanted = opened.vectors.nearest(probe, 5), expected.vectors.nearest(probe, 5)
    assert [identity for identity, _ in found] == [identity for identity, _ in wanted]


def test_while_another_process_holds_the_folder_exact_search_answers(small_index: SmallIndex, tmp_path: Path) -> None:
    """A damaged Chroma folder that cannot be mended now costs speed, not the answer, and the index says so."""
    index = small_index.elsewhere(tmp_path / "elsewhere")
    (snapshot,) = index.snapshots
    shutil.rmtree(snapshot / "chroma")
    with only_writer(index.folder):
        opened = open_index(index.folder)
    assert opened.degraded is not None
    assert f"pid {os.getpid()}" in opened.degraded
    assert len(opened.vectors.nearest(index.embedder.embed_query("Scotland"), 5)) == 5


def _lose_keywords(folder: Path) -> None:
    shutil.rmtree(folder)


def _empty_keywords(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_lose_keywords, _empty_keywords])
def test_a_damaged_keyword_folder_is_made_again(small_index: SmallIndex, damage: Callable[[Path], None]) -> None:
    """The keyword index is made from the passages when its files cannot be read, with the same scores."""
    words = words_of("social enterprises in Scotland")
    before = open_index(small_index.folder).keywords.scores(words)
    (snapshot,) = small_index.snapshots
    damage(snapshot / "keyword")
    opened = open_index(small_index.folder)
    assert opened.degraded is None
    assert np.allclose(opened.keywords.scores(words), before)
