"""The command line: `silk-rag ingest | serve | ask | add | list | remove`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from silk_rag.errors import Busy, SilkError
from silk_rag.settings import Settings

if TYPE_CHECKING:
    from silk_rag.bootstrap import Embedders


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Errors that a person can mend are one line, without a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # What follows `eval` is read by evals, in the order given.
    own = given[:1] if given[:1] == ["eval"] else given
    options = _parser().parse_args(own)
    options.rest = given[len(own) :]
    try:
        settings = Settings.from_environment()
        _log_at(settings.log_level)
        command: str = options.command
        return _COMMANDS[command](settings, options)
    except SilkError as error:
        print(f"silk-rag: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _log_at(level: str) -> None:
    """Our own messages from this level on, those of libraries only when something is wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for package in ("silk_rag", "ingest", "ui"):
        logging.getLogger(package).setLevel(level.upper())
    if level == "debug":
        logging.getLogger().setLevel(logging.DEBUG)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="silk-rag",
        description="Grounded answers from the SILK papers, and a guided self-assessment. Settings are read from "
        "SILK_* environment variables; see docs/settings.md.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ingest = commands.add_parser("ingest", help="build the index from the corpus, if anything changed")
    ingest.add_argument("--fresh", action="store_true", help="embed everything again, trusting no stored vector")
    serve = commands.add_parser("serve", help="serve the chat and the API, building the index first if needed")
    serve.add_argument("--host", help="address to listen on (default: SILK_HOST or 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: SILK_PORT or 8000)")
    ask = commands.add_parser("ask", help="answer one question on the terminal")
    ask.add_argument("question", help="the question, in quotation marks")
    ask.add_argument("-k", type=int, default=8, help="how many passages to retrieve (default: 8)")
    ask.add_argument("--json", action="store_true", help="print the answer as the API gives it")
    add = commands.add_parser("add", help="add own documents: PDF, Word (.docx), HTML, Markdown, plain text")
    add.add_argument("files", nargs="+", type=Path, metavar="FILE|DIR", help="files, or folders of files")
    commands.add_parser("list", help="list the own documents with their ids")
    remove = commands.add_parser("remove", help="remove own documents; nothing of them is kept")
    remove.add_argument("ids", nargs="+", metavar="ID", help="ids as `silk-rag list` shows them")
    commands.add_parser("eval", help="ask the evaluation questions and print the figures; `silk-rag eval --help`")
    return parser


def _ingest(settings: Settings, options: argparse.Namespace) -> int:
    report = make_index(settings, fresh=options.fresh)
    print(report)
    return 0


def make_index(settings: Settings, *, fresh: bool = False) -> str:
    """Bring the index up to date, showing progress on the terminal; returns a sentence on what was done."""
    from ingest.update import update_index

    report = update_index(settings, _all_cores(settings), fresh=fresh, progress=_Progress().show)
    if report.up_to_date:
        return f"The index is up to date: {report.passages} passages."
    return (
        f"Index built: {report.passages} passages, {report.embedded} texts embedded, {report.reused} reused, "
        f"{report.seconds:.1f} s."
    )


def _all_cores(settings: Settings) -> Embedders:
    """The models, with all cores at their disposal: nobody waits for an answer while an index is built."""
    from silk_rag.bootstrap import build_embedders

    return build_embedders(replace(settings, threads=max(settings.threads, os.cpu_count() or 1)))


class _Progress:
    """Shows on a terminal, in one line a step, how far the work is and how long the rest will take."""

    def __init__(self) -> None:
        self._step = ""
        self._started = 0.0
        self._shown = 0.0

    def show(self, step: str, done: int, total: int) -> None:
        """Called after each piece of work. Elsewhere than on a terminal nothing is shown."""
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if step != self._step:
            self._step, self._started = step, now
        elif done < total and now - self._shown < 0.2:
            return
        self._shown = now
        left = _time_left(now - self._started, done, total)
        end = "\n" if done >= total else ""
        print(f"\r      {step} {done}/{total}{left}\x1b[K", end=end, file=sys.stderr, flush=True)


def _time_left(elapsed_s: float, done: int, total: int) -> str:
    """The time left, in words, once there is something to go by."""
    if done >= total or not done or elapsed_s < 1:
        return ""
    left_s = round(elapsed_s / done * (total - done))
    return f", {left_s // 60}:{left_s % 60:02d} left"


def _add(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.own.add import add_files

    results = add_files(options.files, settings, _all_cores(settings), _Progress().show)
    for result in results:
        print(result.message, file=sys.stderr if result.document is None else sys.stdout)
    counts = Counter(result.status for result in results)
    print(f"{counts['added']} added, {counts['known']} there already, {counts['refused']} refused.")
    return 0 if results and not counts["refused"] else 1


def _list(settings: Settings, _: argparse.Namespace) -> int:
    from ingest.own.add import list_documents

    documents = list_documents(settings)
    for document in documents:
        pages = f", {document.pages} pages" if document.pages else ""
        about = f"{document.kind}{pages}, {document.language}, added {document.added[:10]}"
        print(f"{document.id}  {document.title}  ({document.name}; {about})")
    if not documents:
        print("There are no own documents. `silk-rag add FILE` adds one.")
    return 0


def _remove(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.own.add import remove_documents

    for document in remove_documents(options.ids, settings, _all_cores(settings), _Progress().show):
        print(f"{document.id}: removed ({document.name}).")
    return 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    settings = replace(settings, host=options.host or settings.host)
    settings = settings if options.port is None else replace(settings, port=options.port)
    started = time.monotonic()
    listener = _listen(settings.host, settings.port)
    print("[1/3] index", flush=True)
    print(f"      {make_index(settings)}", flush=True)
    print("[2/3] models", flush=True)
    run_folder = settings.data / "run"
    run_folder.mkdir(parents=True, exist_ok=True)
    # Gradio serves files below its working directory and its temp folder: both are empty folders of our own.
    os.environ["GRADIO_TEMP_DIR"] = str((run_folder / "gradio").resolve())
    settings = replace(settings, corpus=settings.corpus.resolve(), data=settings.data.resolve())

    from ingest.own.add import OwnDocuments
    from silk_rag.bootstrap import build, build_embedders, warm_up

    embedders = build_embedders(settings)
    services = build(settings, embedders=embedders, follow=True)
    warm_up(services)
    print("[3/3] chat and API", flush=True)
    import uvicorn

    from silk_rag.api.app import create_app
    from ui.app import mount_ui

    os.chdir(run_folder)
    own_documents = OwnDocuments(settings, embedders) if settings.upload else None
    app = mount_ui(create_app(services), services, own_documents)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(
        f"Ready in {time.monotonic() - started:.1f} s. Open http://{shown}:{port} (API: /docs; stop with Ctrl+C)",
        flush=True,
    )
    # Nothing after the line that says where to click, unless something goes wrong.
    quiet = "warning" if settings.log_level == "info" else settings.log_level
    config = uvicorn.Config(app, log_level=quiet, access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before the slow work, so that a busy one is known at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Busy(
            f"Port {port} on {host} cannot be used ({error.strerror}). Choose another one: make run PORT={port + 1}"
        ) from error
    listener.listen(128)
    return listener


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.index import needs_building
    from silk_rag.answering.answer import Answer
    from silk_rag.answering.attribution import place_name
    from silk_rag.answering.view import reply_view
    from silk_rag.bootstrap import build

    if needs_building(settings.index_folder):
        print(make_index(settings), file=sys.stderr)
    reply = build(settings).assistant.ask(options.question, k=options.k)
    if options.json:
        print(json.dumps(reply_view(reply), ensure_ascii=False, indent=1))
        return 0
    print(reply.markdown)
    for citation in reply.citations if isinstance(reply, Answer) else ():
        span = citation.passage.source
        print(f"\n[{citation.number}] {place_name(citation.passage)} ({span.file_name}, {span.place})")
        print(f"    “{citation.quote}”")
    return 0


def _eval(_: Settings, options: argparse.Namespace) -> int:
    from evals.__main__ import main as evaluate

    return evaluate(options.rest)


_COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    "ingest": _ingest,
    "serve": _serve,
    "ask": _ask,
    "add": _add,
    "list": _list,
    "remove": _remove,
    "eval": _eval,
}

if __name__ == "__main__":
    sys.exit(main())
