"""The same questions, asked of the services here and of a server somewhere: the same figures."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn

from evals.__main__ import main
from evals.runner import Row, run, run_dialogues
from evals.runs import read_run
from evals.samples import load_dialogues, load_samples
from evals.targets import HttpTarget, LocalTarget
from silk_rag.api.app import create_app
from silk_rag.bootstrap import Services


@pytest.fixture(scope="module")
def url(services: Services) -> Iterator[str]:
    """The whole API on a real server."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(services), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)
    listener.close()


def _comparable(rows: list[Row]) -> list[Row]:
    """Rows without what depends on the clock, or on the model that only this machine has at hand."""
    return [replace(row, seconds=0.0, citation_recall=None, citation_precision=None, unsupported=[]) for row in rows]


def test_a_server_is_measured_as_the_services_are(services: Services, url: str) -> None:
    """Every figure of every question and turn, refusals too, and the answers word for word."""
    samples = [*load_samples("dev")[::12], *load_samples("unanswerable")[::12]]
    dialogues = load_dialogues("dev")[:3]
    here, there = LocalTarget(services), HttpTarget(url)
    measured = _comparable(run(samples, there))
    assert measured == _comparable(run(samples, here))
    local_turns, distant_turns = run_dialogues(dialogues, here), run_dialogues(dialogues, there)
    assert _comparable(distant_turns) == _comparable(local_turns)
    assert any(row.abstained for row in measured)


def test_two_runs_give_the_same_figures(services: Services) -> None:
    """Nothing is drawn by chance."""
    samples = load_samples("dev")[::9]
    one, other = (run(samples, LocalTarget(services)) for _ in range(2))
    assert [replace(row, seconds=0.0) for row in one] == [replace(row, seconds=0.0) for row in other]


def test_the_command_measures_a_server(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m evals run --url`: figures are printed, the run is a file that names the server."""
    assert main(["run", "--set", "unanswerable", "--url", url, "--out", str(tmp_path)]) == 0
    assert "refused, unanswerable" in capsys.readouterr().out
    (path,) = tmp_path.glob("*.json")
    assert read_run(path).about["target"] == url


@pytest.mark.parametrize("wrong", ["ftp://127.0.0.1", "127.0.0.1:8000"])
def test_what_is_no_web_address_is_said_to_be_none(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says what to give instead."""
    assert main(["run", "--url", wrong]) == 1
    assert "begins with http" in capsys.readouterr().err


def test_a_server_that_is_down_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """No stack trace: the address, and that nobody answers there."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    assert main(["run", "--url", f"http://127.0.0.1:{port}"]) == 1
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


class _Stranger(BaseHTTPRequestHandler):
    """A server that speaks JSON, but not our contract."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"text": "hello"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_server_that_speaks_otherwise_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """The message says that the contract is not spoken there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert main(["run", "--url", f"http://127.0.0.1:{server.server_port}"]) == 1
        server.shutdown()
    assert "does not speak /api/v1/ask" in capsys.readouterr().err
