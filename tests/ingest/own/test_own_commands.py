"""`silk-rag add`, `list` and `remove` as a person meets them: sentences, exit codes, no tracebacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from silk_rag.cli import _time_left, main
from tests.ingest.own.desk import Write


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SILK_DATA", str(tmp_path / "data"))


def test_an_empty_library_says_how_to_fill_it(capsys: pytest.CaptureFixture[str]) -> None:
    """`list` without documents names the command that adds one."""
    assert main(["list"]) == 0
    assert "silk-rag add FILE" in capsys.readouterr().out


def test_refused_files_are_named_and_counted(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """Each refused file is a line on standard error; the exit code is 1; no index is built for nothing."""
    path = write("empty.txt", b"")
    assert main(["add", str(path), str(path.parent / "gone.pdf")]) == 1
    printed = capsys.readouterr()
    assert "empty.txt: is empty." in printed.err
    assert "gone.pdf: cannot be read (No such file or directory)." in printed.err
    assert printed.out == "0 added, 0 there already, 2 refused.\n"


def test_removing_what_is_not_there_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown id is one line without a traceback."""
    assert main(["remove", "own-nothing"]) == 1
    assert "There is no own document 'own-nothing'" in capsys.readouterr().err


def test_time_left_is_told_once_there_is_something_to_go_by() -> None:
    """Nothing at the beginning and at the end; between them minutes and seconds."""
    assert _time_left(0.5, 10, 100) == ""
    assert _time_left(10, 10, 100) == ", 1:30 left"
    assert _time_left(10, 100, 100) == ""
