"""Have a file read by a child process with limits, so that no file can stop or fill this one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.own import blocks, pdf_pages
from ingest.own.blocks import ParsedFile
from ingest.own.kinds import refused
from ingest.own.read_pdf import read_pdf

MOST_FILE_BYTES = 100_000_000
#: How long the child may take for a file, or for some pages of a PDF, whatever else the machine does.
TIMEOUT_S = 120.0
#: How many pages of a PDF one child reads: its limits are for these, so that long files are no harder than short ones.
PAGES_AT_ONCE = 50
_PROJECT = Path(__file__).resolve().parents[2]

PagesRead = Callable[[int, int], None]


def read_safely(path: Path, *, timeout_s: float = TIMEOUT_S, progress: PagesRead | None = None) -> ParsedFile:
    """Read a file in a child process. `progress` is told pages read and pages in all.

    Raises InvalidInput when the file is empty, too large, or cannot be used; its message goes on after the file's name.
    """
    check_size(path)
    first = _run(path, 1, PAGES_AT_ONCE, timeout_s)
    try:
        if "parsed" in first:
            return _with_text(blocks.from_data(first["parsed"]))
        parts = [pdf_pages.from_data(first["pages"])]
        count = parts[0].count
        for start in range(PAGES_AT_ONCE + 1, count + 1, PAGES_AT_ONCE):
            if progress:
                progress(start - 1, count)
            answer = _run(path, start, start + PAGES_AT_ONCE - 1, timeout_s)
            parts.append(pdf_pages.from_data(answer["pages"]))
        if progress:
            progress(count, count)
    except (KeyError, TypeError, ValueError) as error:
        raise refused("cannot be read: its reader gave an answer that makes no sense. Print it to a new PDF") from error
    return _with_text(read_pdf(parts))


def _with_text(parsed: ParsedFile) -> ParsedFile:
    if not any(block.kind != "heading" for block in parsed.blocks):
        raise refused("holds no text. Add a document with text in it")
    return parsed


def check_size(path: Path) -> None:
    """Raises InvalidInput unless there is a file of a size that is read."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise refused(f"cannot be read ({error.strerror}). Check the name and who may read it") from error
    if not path.is_file():
        raise refused("is no file. Name files, or folders of files")
    if size == 0:
        raise refused("is empty. Add a document with text in it")
    if size > MOST_FILE_BYTES:
        allowed = MOST_FILE_BYTES // 1_000_000
        raise refused(
            f"has {size / 1e6:,.0f} MB, more than the {allowed} MB allowed. Divide it, or save it without images"
        )


def _run(path: Path, first: int, last: int, timeout_s: float) -> dict[str, Any]:
    """The child's answer. Raises InvalidInput when it refuses the file, runs out of a limit, or dies."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        # The child runs elsewhere and must find these modules, and no others that happen to lie around (-P).
        "PYTHONPATH": str(_PROJECT),
        "PYTHONIOENCODING": "utf-8",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-P", "-m", "ingest.own.worker", str(path.resolve()), str(first), str(last)]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile(dir=folder) as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment | {"TMPDIR": folder},
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise refused(f"takes longer than {timeout_s:.0f} s to read. Print it to a new PDF and add that") from error
        output.seek(0)
        answer = output.read()
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise refused("needs more than 60 s of computing to read. Print it to a new PDF and add that")
    try:
        result: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise refused("made its reader crash. Print it to a new PDF and add that") from error
    if "refused" in result:
        raise refused(str(result["refused"]).rstrip("."))
    return result
