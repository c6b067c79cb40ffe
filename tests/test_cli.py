"""The command line, run as people run it: in a process of its own where that matters."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from silk_rag.bootstrap import Services
from silk_rag.cli import main

QUESTION = "What is inward internationalisation?"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests stay out."""
    for name in [name for name in os.environ if name.startswith("SILK_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], ["ingest", "serve", "ask", "docs/settings.md"]),
        (["ingest", "--help"], ["--fresh"]),
        (["serve", "--help"], ["--host", "--port", "8000"]),
        (["ask", "--help"], ["question", "-k", "--json"]),
    ],
)
def test_help_says_what_there_is(arguments: list[str], said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each command explains itself."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 0
    text = capsys.readouterr().out
    assert all(word in text for word in said)


@pytest.mark.parametrize("arguments", [[], ["dance"], ["ask"], ["serve", "--port", "many"]])
def test_what_is_no_command_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong command line ends with code 2 and the usage."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: silk-rag" in capsys.readouterr().err


@pytest.mark.usefixtures("services")
def test_a_question_is_answered_as_the_api_answers_it(capsys: pytest.CaptureFixture[str]) -> None:
    """`ask --json` prints one JSON object in the shape of the HTTP contract, and nothing else."""
    assert main(["ask", QUESTION, "--json", "-k", "3"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert {"answer", "citations", "sentences", "passages", "abstained"} <= set(reply)
    assert len(reply["passages"]) == 3
    assert not reply["abstained"]


@pytest.mark.usefixtures("services")
def test_a_question_is_answered_for_reading(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json come the answer and its quotations, each with its place in the source."""
    assert main(["ask", QUESTION]) == 0
    text = capsys.readouterr().out
    assert "[1]" in text
    assert "silk-2022.txt, line" in text
    assert "“" in text


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", ""], "The question is empty"),
        (["ask", "What?", "-k", "0"], "k is 0"),
    ],
)
def test_a_question_that_cannot_be_read_is_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors that a person can mend come without a traceback."""
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"silk-rag: {said}")
    assert error.count("\n") == 1


def test_ingest_says_that_there_is_nothing_to_do(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    """An index that is up to date is left alone."""
    assert main(["ingest"]) == 0
    assert capsys.readouterr().out == f"The index is up to date: {len(services.snapshot.passages)} passages.\n"


def test_a_busy_port_is_named_before_anything_slow(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody else has the port: the message comes at once and says how to choose another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    printed = capsys.readouterr()
    assert f"Port {port} on 127.0.0.1 cannot be used" in printed.err
    assert f"PORT={port + 1}" in printed.err
    assert printed.out == ""


def test_an_unknown_setting_ends_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt variable is told, not ignored."""
    monkeypatch.setenv("SILK_PROT", "80")
    assert main(["ingest"]) == 1
    assert "SILK_PROT is not a setting" in capsys.readouterr().err


def test_a_missing_corpus_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong SILK_CORPUS says which folder was looked into."""
    monkeypatch.setenv("SILK_CORPUS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("SILK_DATA", str(tmp_path / "data"))
    assert main(["ingest"]) == 1
    assert f"silk-rag: {tmp_path / 'nowhere'}" in capsys.readouterr().err


def test_the_command_is_installed_and_runs_anywhere(tmp_path: Path) -> None:
    """`silk-rag` starts from any folder and needs no heavy library to say how it is used."""
    command = Path(sys.executable).with_name("silk-rag")
    result = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("usage: silk-rag")
    assert list(tmp_path.iterdir()) == []
