"""The index outlives whatever happens to the process that builds it, and to the disk."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.index import needs_building
from silk_rag.adapters.index_folder import current_snapshot, only_writer, open_index
from silk_rag.errors import Busy, IndexUnusable
from silk_rag.retrieval.words import words_of
from silk_rag.testing import HashingTokenEmbedder
from tests.ingest.builder import PASSAGES, build, documents

ROOT = Path(__file__).resolve().parents[2]
EMBEDDER = HashingTokenEmbedder(dimensions=128)


class Builder:
    """A process that builds, and is killed while it does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.builder"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._read() == "ready"

    def order(self, folder: Path, version: str, mode: str, amount: float = 0) -> None:
        """Have a version built, in a mode of builder.py."""
        assert self._process.stdin is not None
        print(folder, version, mode, amount, file=self._process.stdin, flush=True)

    def result(self) -> str:
        """Wait for the child: "died", or its exit code."""
        return self._read()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    """One builder for all tests: it takes seconds to start."""
    builder = Builder()
    yield builder
    builder.close()


def answering_version(folder: Path) -> str:
    """The version that the index holds; fails when it holds a mixture, too little, or does not answer."""
    opened = open_index(folder)
    assert opened.degraded is None
    versions = {passage.id.split("-")[1] for passage in opened.snapshot.passages}
    assert len(versions) == 1, "never a mixture"
    assert len(opened.snapshot.passages) == PASSAGES
    (version,) = versions
    wanted = documents(version)[0].passages[7]
    (best, _), *_ = opened.vectors.nearest(EMBEDDER.embed_query(f"A document {wanted.text}"), 3)
    assert best == wanted.id
    scores = opened.keywords.scores(words_of("row 7"))
    assert opened.snapshot.passages[int(scores.argmax())].id == wanted.id
    assert len(opened.snapshot.units["sentences"].rows) == 2 * PASSAGES
    assert opened.snapshot.tokens is not None
    assert len(opened.snapshot.tokens.starts) == PASSAGES + 1
    return version


def build_seconds(builder: Builder, folder: Path) -> float:
    """How long a build takes here and now."""
    started = time.monotonic()
    builder.order(folder, "measured", "run")
    assert builder.result() == "0"
    return time.monotonic() - started


def test_kill_minus_nine_at_any_moment_leaves_the_old_or_the_new_index(builder: Builder, tmp_path: Path) -> None:
    """Killed at 50 random moments, half of them by time, half at a step it takes: the old or the new index answers."""
    chosen = random.Random(11)  # noqa: S311 (no secret)
    folder = tmp_path / "index"
    seconds = build_seconds(builder, folder)
    present = answering_version(folder)
    died = 0
    outcomes = []
    for number in range(50):
        new = f"v{number}"
        if number % 2:
            builder.order(folder, new, "wait", chosen.uniform(0, 1.1 * seconds))
        else:
            builder.order(folder, new, "event", chosen.randint(1, 160))
        died += builder.result() == "died"
        found = answering_version(folder)
        outcomes.append(found == new)
        assert found in {present, new}
        present = found
    assert died >= 25, "most of the kills have to hit"
    assert not all(outcomes)
    build(folder, "last")
    assert answering_version(folder) == "last"
    assert len([place for place in folder.iterdir() if place.is_dir()]) <= 2, "what killed builds left is removed"


def test_the_first_build_killed_leaves_nothing_that_claims_to_be_an_index(builder: Builder, tmp_path: Path) -> None:
    """Without an index before, a killed build leaves none, or a whole one."""
    chosen = random.Random(5)  # noqa: S311 (no secret)
    for number in range(8):
        folder = tmp_path / f"index{number}"
        builder.order(folder, "first", "event", chosen.randint(1, 140))
        builder.result()
        if current_snapshot(folder) is None:
            with pytest.raises(IndexUnusable, match="silk-rag ingest"):
                open_index(folder)
        else:
            assert answering_version(folder) == "first"


def test_a_second_writer_is_refused_at_once(builder: Builder, tmp_path: Path) -> None:
    """Of two processes one builds; the other is told the first one's process id, and changes nothing."""
    folder = tmp_path / "index"
    build(folder, "old")
    with only_writer(folder):
        started = time.monotonic()
        builder.order(folder, "new", "run")
        assert builder.result() == "3"
        assert time.monotonic() - started < 5
        with pytest.raises(Busy, match=r"pid \d+"), only_writer(folder):
            pass
    assert answering_version(folder) == "old"
    builder.order(folder, "new", "run")
    assert builder.result() == "0"
    assert answering_version(folder) == "new"


def test_a_running_reader_survives_rebuilds(builder: Builder, tmp_path: Path) -> None:
    """An open index answers as before while, and after, another process replaces it twice and removes its files."""
    folder = tmp_path / "index"
    build(folder, "old")
    place = current_snapshot(folder)
    opened = open_index(folder)
    query = EMBEDDER.embed_query(documents("old")[0].passages[3].text)
    before = [identity for identity, _ in opened.vectors.nearest(query, 5)]
    for version in ("new", "newer"):
        builder.order(folder, version, "run")
        while builder_is_busy(folder):
            assert [identity for identity, _ in opened.vectors.nearest(query, 5)] == before
        assert builder.result() == "0"
        assert [identity for identity, _ in opened.vectors.nearest(query, 5)] == before
    assert place is not None
    assert not place.exists()
    assert answering_version(folder) == "newer"


def builder_is_busy(folder: Path) -> bool:
    """Whether another process holds the lock."""
    try:
        with only_writer(folder):
            return False
    except Busy:
        return True


@pytest.mark.parametrize("limit", [0, 1_000, 10_000, 40_000, 100_000, 200_000])
def test_a_full_disk_leaves_the_old_index(builder: Builder, tmp_path: Path, limit: int) -> None:
    """When nothing more can be written the build says so, the old index answers, and no half-built one is left."""
    folder = tmp_path / "index"
    build(folder, "old")
    builder.order(folder, "new", "limit", limit)
    assert builder.result() == "3"
    assert answering_version(folder) == "old"
    assert len([place for place in folder.iterdir() if place.is_dir()]) == 1
    build(folder, "new")
    assert answering_version(folder) == "new"


def test_an_index_of_another_version_is_rebuilt(tmp_path: Path) -> None:
    """It is not read, it is known to need building, and the next build replaces it."""
    folder = tmp_path / "index"
    build(folder, "old")
    place = current_snapshot(folder)
    assert place is not None
    manifest = json.loads((place / "manifest.json").read_text())
    (place / "manifest.json").write_text(json.dumps(manifest | {"version": 0, "fingerprint": "of old"}))
    with pytest.raises(IndexUnusable, match="another version"):
        open_index(folder)
    assert needs_building(folder)
    build(folder, "old")
    assert not needs_building(folder)
    assert answering_version(folder) == "old"


def damage(path: Path, how: str) -> None:
    """Remove a file, cut it in half, empty it, or change some of its bytes."""
    data = path.read_bytes()
    if how == "removed":
        path.unlink()
    elif how == "halved":
        path.write_bytes(data[: len(data) // 2])
    elif how == "zeroed":
        path.write_bytes(bytes(len(data)))
    else:
        middle = len(data) // 2
        path.write_bytes(
            data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 64]) + data[middle + 64 :]
        )


@pytest.mark.parametrize("how", ["removed", "halved", "zeroed", "changed"])
def test_a_damaged_store_is_noticed_and_built_again(tmp_path: Path, how: str) -> None:
    """Nothing is answered from a store that is not as it was written; the next build does not trust its vectors."""
    folder = tmp_path / "index"
    build(folder, "old")
    place = current_snapshot(folder)
    assert place is not None
    damage(place / "index.sqlite", how)
    with pytest.raises(IndexUnusable, match="silk-rag ingest"):
        open_index(folder)
    build(folder, "old")
    assert answering_version(folder) == "old"


@pytest.mark.parametrize("how", ["removed", "halved", "zeroed", "changed"])
@pytest.mark.parametrize("part", ["chroma", "keyword"])
def test_damaged_search_files_are_replaced_or_done_without(tmp_path: Path, part: str, how: str) -> None:
    """Each file of Chroma and of the keyword index may be damaged: the right passages are found all the same."""
    folder = tmp_path / "index"
    build(folder, "old")
    place = current_snapshot(folder)
    assert place is not None
    names = [path.relative_to(place) for path in sorted((place / part).rglob("*")) if path.is_file()]
    wanted = documents("old")[0].passages[7]
    for number, name in enumerate(names):
        damaged = tmp_path / f"copy{number}"
        shutil.copytree(folder, damaged)
        damage(damaged / place.name / name, how)
        opened = open_index(damaged)
        (best, _), *_ = opened.vectors.nearest(EMBEDDER.embed_query(f"A document {wanted.text}"), 3)
        assert best == wanted.id, name
        assert len(opened.keywords.scores(words_of("row 7"))) == PASSAGES, name
