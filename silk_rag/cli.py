"""The command line: `silk-rag ingest | serve | ask`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from silk_rag.errors import Busy, SilkError
from silk_rag.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Errors that a person can mend are one line, without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        command: str = options.command
        return {"ingest": _ingest, "serve": _serve, "ask": _ask}[command](settings, options)
    except SilkError as error:
        print(f"silk-rag: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="silk-rag",
        description="Grounded answers from the SILK papers, and a guided self-assessment. Settings are read from SILK_* "
        "environment variables; see docs/settings.md.",
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
    return parser


def _ingest(settings: Settings, options: argparse.Namespace) -> int:
    report = make_index(settings, fresh=options.fresh)
    print(report)
    return 0


def make_index(settings: Settings, *, fresh: bool = False) -> str:
    """Bring the index up to date, showing progress on the terminal; returns a sentence on what was done."""
    from ingest.corpus import corpus_hash, read_corpus
    from ingest.index import build_index, questions_for
    from ingest.prebuilt import PrebuiltVectors
    from silk_rag.bootstrap import build_embedders

    embedders = build_embedders(replace(settings, threads=max(settings.threads, os.cpu_count() or 1)))
    report = build_index(
        read_corpus(settings.corpus),
        settings.index_folder,
        embedder=embedders.main,
        multilingual=embedders.multilingual,
        questions=questions_for(settings.corpus),
        corpus_hash=corpus_hash(settings.corpus),
        known=[] if fresh else [PrebuiltVectors()],
        fresh=fresh,
        progress=_show_progress,
    )
    if report.up_to_date:
        return f"The index is up to date: {report.passages} passages."
    return (
        f"Index built: {report.passages} passages, {report.embedded} texts embedded, {report.reused} reused, "
        f"{report.seconds:.1f} s."
    )


def _show_progress(step: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r      {step} {done}/{total}", end=end, file=sys.stderr, flush=True)


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

    from silk_rag.bootstrap import build, warm_up

    services = build(settings)
    warm_up(services)
    print("[3/3] chat and API", flush=True)
    import uvicorn

    from silk_rag.api.app import create_app
    from ui.app import mount_ui

    os.chdir(run_folder)
    app = mount_ui(create_app(services), services)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"Ready in {time.monotonic() - started:.1f} s. Open http://{shown}:{port} (API: /docs; stop with Ctrl+C)", flush=True)
    config = uvicorn.Config(app, log_level=settings.log_level, access_log=False, server_header=False)
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
    from silk_rag.adapters.index_folder import current_snapshot
    from silk_rag.answering.answer import Answer
    from silk_rag.answering.attribution import place_name
    from silk_rag.answering.view import reply_view
    from silk_rag.bootstrap import build

    if current_snapshot(settings.index_folder) is None:
        print(make_index(settings), file=sys.stderr)
    reply = build(settings).assistant.ask(options.question, k=options.k)
    if options.json:
        print(json.dumps(reply_view(reply), ensure_ascii=False, indent=1))
        return 0
    print(reply.markdown)
    for citation in reply.citations if isinstance(reply, Answer) else ():
        span = citation.passage.source
        print(f"\n[{citation.number}] {place_name(citation.passage)} ({span.file}.txt, lines {span.first_line}-{span.last_line})")
        print(f"    “{citation.quote}”")
    return 0


if __name__ == "__main__":
    sys.exit(main())
