"""A process that builds indexes and is killed while it does: started by test_durability.py.

It imports everything once and then forks for each build, for imports take longer than the builds. On each line of
standard input, `FOLDER VERSION MODE`, it forks a child that builds, and prints how the child ended. Modes:

    run           build to the end
    wait SECONDS  kill -9 after this time
    event NUMBER  kill -9 at the n-th file, folder, renaming or database that the child opens, makes or removes
    limit BYTES   write no file longer than this, as on a disk that is full
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from pathlib import Path

from ingest.index import build_index
from silk_rag.documents import Document, Passage, Sentence, SourceSpan
from silk_rag.errors import SilkError
from silk_rag.testing import HashingTokenEmbedder

PASSAGES = 24
_WATCHED = ("open", "os.", "shutil.", "sqlite3.")


def documents(version: str) -> list[Document]:
    """A document of some passages, each of which names the version."""
    texts = [f"Passage {number} of version {version}. It stands in row {number}." for number in range(PASSAGES)]
    passages = tuple(
        Passage(
            id=f"p{number}-{version}",
            document_id="d",
            document_title="A document",
            kind="paper",
            heading_path=(),
            text=text,
            start=0,
            sentences=(Sentence(0, text.index(".") + 1), Sentence(text.index("It"), len(text))),
            source=SourceSpan("d", 1, 1),
        )
        for number, text in enumerate(texts)
    )
    return [Document("d", "A document", "paper", "", passages, "d")]


def build(folder: Path, version: str) -> None:
    """Build the index of a version."""
    build_index(
        documents(version),
        folder,
        embedder=HashingTokenEmbedder(dimensions=128),
        multilingual=None,
        questions={},
        corpus_hash=version,
    )


def prepare(mode: str, amount: float) -> None:
    """Make this process die, or run out of space, as the mode says."""
    if mode == "wait":
        threading.Timer(amount, os.kill, (os.getpid(), signal.SIGKILL)).start()
    elif mode == "event":
        left = [int(amount)]

        def count(event: str, _: tuple[object, ...]) -> None:
            if event.startswith(_WATCHED):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
    elif mode == "limit":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(amount), int(amount)))


def child(folder: Path, version: str, mode: str, amount: float) -> None:
    """Build in this process and leave it, with exit code 3 when the index said that it cannot be built."""
    prepare(mode, amount)
    try:
        build(folder, version)
    except SilkError:
        os._exit(3)
    os._exit(0)


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a child for each line; print `died` or its exit code."""
    import bm25s
    import langchain_chroma

    assert bm25s
    assert langchain_chroma
    say("ready")
    for line in sys.stdin:
        folder, version, mode, amount = line.split()
        process = os.fork()
        if process == 0:
            child(Path(folder), version, mode, float(amount))
        _, status = os.waitpid(process, 0)
        say("died" if os.WIFSIGNALED(status) else str(os.WEXITSTATUS(status)))


if __name__ == "__main__":
    main()
