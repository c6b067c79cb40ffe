"""The folder of index snapshots: which one is in use, who may write, and opening it.

    index/
      CURRENT              the name of the snapshot in use, replaced in one step
      lock                 held by the one process that builds
      <name>/              a snapshot: manifest.json, index.sqlite, chroma/, keyword/

A snapshot is built aside under another name, verified, and published by replacing CURRENT. A reader that has opened
one keeps it; a crash at any moment leaves the old one in use.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from silk_rag.adapters.chroma import open_chroma, write_chroma
from silk_rag.adapters.index_store import REBUILD, read_snapshot
from silk_rag.adapters.keyword import build_bm25, open_bm25
from silk_rag.errors import Busy, IndexUnusable
from silk_rag.retrieval.exact import ExactSearch
from silk_rag.retrieval.indexed_text import keyword_text
from silk_rag.retrieval.ports import KeywordSearch, Matrix, VectorSearch
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.retrieval.words import words_of

#: Raised by one when what is stored, or how it is computed, changes: older snapshots are then built again.
INDEX_VERSION = 1
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
        manifest: dict[str, Any] = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises Busy at once, naming the holder's process id, when another process builds."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise Busy(f"Another process (pid {holder}) is building this index. Wait until it has finished.") from error
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def publish(folder: Path, built: Path) -> None:
    """Put a built snapshot in use, in one step that survives a crash.

    The one before it stays, for a running server reads from it; older ones and what a killed build left are removed.
    """
    previous = current_snapshot(folder)
    _sync(built)
    pointer = folder / "CURRENT.new"
    pointer.write_text(built.name, encoding="utf-8")
    _sync(pointer)
    pointer.replace(folder / "CURRENT")
    _sync(folder)
    for other in folder.iterdir():
        if other.is_dir() and other not in (built, previous):
            shutil.rmtree(other, ignore_errors=True)


def open_index(folder: Path) -> OpenIndex:
    """Open the snapshot in use. Raises IndexUnusable when there is none or its SQLite file is damaged.

    A damaged Chroma folder is written again from the stored vectors; where that fails too, exact search answers.
    """
    place = current_snapshot(folder)
    if place is None:
        raise IndexUnusable("There is no index yet. Run `silk-rag ingest` to build it.")
    manifest = manifest_of(place)
    if manifest.get("version") != INDEX_VERSION:
        raise IndexUnusable(f"The index was made by another version of this program. {REBUILD}")
    snapshot, vectors = read_snapshot(place / "index.sqlite", str(manifest["fingerprint"]))
    dense, degraded = _open_vectors(place, snapshot, vectors)
    return OpenIndex(snapshot, dense, _open_keywords(place, snapshot), degraded)


def _open_vectors(place: Path, snapshot: Snapshot, vectors: Matrix) -> tuple[VectorSearch, str | None]:
    ids = [passage.id for passage in snapshot.passages]
    if not ids:
        return ExactSearch(ids, vectors), None
    try:
        return open_chroma(place / "chroma", expected=len(ids), probe=vectors[0]), None
    except IndexUnusable as error:
        _log.warning("chroma folder unusable, writing it again: %s", error.message)
    try:
        with only_writer(place.parent):
            # Another name: the broken folder's files may still be open in this process.
            fresh = place / f"chroma-{os.getpid()}"
            shutil.rmtree(fresh, ignore_errors=True)
            write_chroma(fresh, ids, [passage.text for passage in snapshot.passages], vectors)
            return open_chroma(fresh, expected=len(ids), probe=vectors[0]), None
    except (IndexUnusable, Busy, OSError) as error:
        _log.warning("chroma could not be written again, searching exactly: %s", error)
        return ExactSearch(ids, vectors), f"Chroma is unusable ({error}); exact search answers instead."


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
