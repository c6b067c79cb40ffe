"""The folder of index snapshots: which one is in use, who may write, and opening it.

    index/
      CURRENT              the name of the snapshot in use, replaced in one step
      lock                 held by the one process that builds
      <name>/              a snapshot: manifest.json, index.sqlite, chroma/, keyword/

A snapshot is built aside under another name, verified, and published by replacing CURRENT. A reader that has opened
one keeps it; a crash at any moment leaves the old one in use. What was written is compared with its hash when it is
opened: SQLite itself does not notice that a byte of a text or a vector has changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from silk_rag.adapters.chroma import open_chroma, write_chroma
from silk_rag.adapters.index_store import REBUILD, read_snapshot
from silk_rag.adapters.keyword import build_bm25, open_bm25
from silk_rag.errors import Busy, IndexUnusable
from silk_rag.retrieval.exact import ExactSearch
from silk_rag.retrieval.indexed_text import keyword_text
from silk_rag.retrieval.ports import KeywordSearch, Matrix, Vector, VectorSearch
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.retrieval.words import words_of

#: Raised by one when what is stored, or how it is computed, changes: older snapshots are then built again.
INDEX_VERSION = 5
#: The snapshot's own file, from which everything else in it can be made again.
STORE = "index.sqlite"
#: A reader that finds its snapshot gone, because it was replaced while being opened, opens the next one.
_TRIES = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenIndex:
    """A snapshot with its searches. `degraded` says what had to be replaced by a slower, exact way, if anything."""

    snapshot: Snapshot
    vectors: VectorSearch
    keywords: KeywordSearch
    degraded: str | None = None


def current_snapshot(folder: Path) -> Path | None:
    """The folder of the snapshot in use, or None when nothing has been built."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return folder / name if name and (folder / name).is_dir() else None


def manifest_of(snapshot: Path) -> dict[str, Any]:
    """What a snapshot says of itself; empty when it cannot be read."""
    try:
        manifest: object = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def is_of_this_version(snapshot: Path) -> bool:
    """Whether a snapshot was made by this version of the program, and can be read by it."""
    return manifest_of(snapshot).get("version") == INDEX_VERSION


def is_as_written(snapshot: Path) -> bool:
    """Whether a snapshot's own file still has the hash that its manifest states."""
    try:
        return hash_of(snapshot / STORE) == manifest_of(snapshot).get("sha256")
    except OSError:
        return False


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def only_writer(folder: Path, doing: str = "building this index") -> Iterator[None]:
    """Hold the folder's lock. Raises Busy at once, naming the holder's process id, when another process has it.

    Raises IndexUnusable when the folder cannot be written at all.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise IndexUnusable(
            f"{folder} cannot be written ({error.strerror}). Set SILK_DATA to a folder that can."
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
            raise Busy(f"Another process (pid {holder}) is {doing}. Wait until it has finished.") from error
        # The note of who holds it is a courtesy: a full disk must not make it fail.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def publish(folder: Path, built: Path) -> None:
    """Put a built snapshot in use, in one step that survives a crash. Call it as the only writer.

    The one before it stays, for a running server reads from it; older ones and what a killed build left are removed.
    """
    previous = current_snapshot(folder)
    _sync(built)
    pointer = folder / "CURRENT.new"
    pointer.write_text(built.name, encoding="utf-8")
    _sync(pointer)
    pointer.replace(folder / "CURRENT")
    _sync(folder)
    _remove_all_but(folder, {built, previous})


def erase_others(folder: Path) -> None:
    """Remove every snapshot but the one in use, so that nothing of an earlier one is left. Call it as the only writer.

    A server that still reads from one of them goes on with what it has in memory.
    """
    _remove_all_but(folder, {current_snapshot(folder)})


def remove_unfinished(folder: Path) -> None:
    """Remove what killed builds left: a snapshot's manifest is written last. Call it as the only writer."""
    finished = {place for place in folder.iterdir() if (place / "manifest.json").exists()}
    _remove_all_but(folder, {*finished, current_snapshot(folder)})


def _remove_all_but(folder: Path, kept: set[Path | None]) -> None:
    for other in folder.iterdir():
        if other.is_dir() and other not in kept:
            shutil.rmtree(other, ignore_errors=True)


def open_index(folder: Path) -> OpenIndex:
    """Open the snapshot in use. Raises IndexUnusable when there is none or its SQLite file is damaged.

    A damaged Chroma folder is written again from the stored vectors; where that fails too, exact search answers.
    """
    for _ in range(_TRIES):
        place = current_snapshot(folder)
        if place is None:
            raise IndexUnusable("There is no index yet. Run `silk-rag ingest` to build it.")
        try:
            return _open(place)
        except IndexUnusable:
            if current_snapshot(folder) == place:
                raise
    raise IndexUnusable("The index is being replaced all the time. Try again when nobody builds it.")


def _open(place: Path) -> OpenIndex:
    if not is_of_this_version(place):
        raise IndexUnusable(f"The index was made by another version of this program. {REBUILD}")
    if not is_as_written(place):
        raise IndexUnusable(f"The index file {STORE} is damaged or missing. {REBUILD}")
    snapshot, vectors = read_snapshot(place / STORE, str(manifest_of(place)["fingerprint"]))
    dense, degraded = _open_vectors(place, snapshot, vectors)
    return OpenIndex(snapshot, dense, _open_keywords(place, snapshot), degraded)


class ExactWhenBroken:
    """Searches Chroma as long as it answers; from its first failure on, exactly, over the vectors in memory.

    Chroma reads its files while it runs: they may be damaged, or removed with a snapshot that held an erased document.
    """

    def __init__(self, fast: VectorSearch, exact: ExactSearch) -> None:
        self._fast: VectorSearch | None = fast
        self._exact = exact

    def nearest(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """Up to k (passage id, cosine similarity), best first."""
        if self._fast is not None:
            try:
                found = self._fast.nearest(vector, k)
            except IndexUnusable as error:
                _log.warning("chroma stopped answering, searching exactly: %s", error.message)
                found = []
            if found or k < 1:
                return found
            self._fast = None
        return self._exact.nearest(vector, k)


def _open_vectors(place: Path, snapshot: Snapshot, vectors: Matrix) -> tuple[VectorSearch, str | None]:
    ids = [passage.id for passage in snapshot.passages]
    exact = ExactSearch(ids, vectors)
    if not ids:
        return exact, None
    try:
        return ExactWhenBroken(open_chroma(place / "chroma", expected=len(ids), probe=vectors[0]), exact), None
    except IndexUnusable as error:
        _log.warning("chroma folder unusable, writing it again: %s", error.message)
    try:
        with only_writer(place.parent):
            # Another name: the broken folder's files may still be open in this process.
            fresh = place / f"chroma-{os.getpid()}"
            shutil.rmtree(fresh, ignore_errors=True)
            write_chroma(fresh, ids, [passage.text for passage in snapshot.passages], vectors)
            return ExactWhenBroken(open_chroma(fresh, expected=len(ids), probe=vectors[0]), exact), None
    except (IndexUnusable, Busy, OSError) as error:
        _log.warning("chroma could not be written again, searching exactly: %s", error)
        return exact, f"Chroma is unusable ({error}); exact search answers instead."


def _open_keywords(place: Path, snapshot: Snapshot) -> KeywordSearch:
    try:
        return open_bm25(place / "keyword", len(snapshot.passages))
    except IndexUnusable as error:
        _log.warning("keyword index unusable, made again in memory: %s", error.message)
        return build_bm25([words_of(keyword_text(passage)) for passage in snapshot.passages])


def _sync(path: Path) -> None:
    """Make sure that a file, or every file below a folder, is on disk."""
    for each in [path, *path.rglob("*")] if path.is_dir() else [path]:
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
