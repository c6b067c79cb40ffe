"""Read one file, in a process of its own that may not use much: `python -m ingest.own.worker FILE FIRST LAST`.

Whatever a file does to a parsing library (endless loops, memory, a crash) ends this process and no other. It prints
JSON: `{"parsed": ...}`, `{"pages": ...}` for some pages of a PDF, or `{"refused": "why, and what to do"}`.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

ADDRESS_SPACE_BYTES = 1 << 30
CPU_S = 60
WRITTEN_BYTES = 100_000_000
#: More text than this is no document that one asks questions of.
MOST_LETTERS = 10_000_000


def limit_resources() -> None:
    """Bound this process: memory, computing time, what it may write, files open at once; no core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_file(path: Path, first: int, last: int) -> dict[str, Any]:
    """What a file holds, as plain data; of a PDF pages `first` to `last`. Raises InvalidInput, saying what to do."""
    from ingest.own import blocks, pdf_pages
    from ingest.own.decoding import decode
    from ingest.own.kinds import HEAD, binary_kind, refused, text_kind
    from ingest.own.read_docx import read_docx
    from ingest.own.read_html import read_html
    from ingest.own.read_markdown import read_markdown
    from ingest.own.read_text import read_text

    with path.open("rb") as file:
        head = file.read(HEAD)
        kind = binary_kind(head)
        data = b"" if kind else head + file.read()
    if kind == "pdf":
        return {"pages": pdf_pages.as_data(pdf_pages.read_pages(path, first, last))}
    if kind == "docx":
        parsed = read_docx(path)
    else:
        text = decode(data)
        if len(text) > MOST_LETTERS:
            raise refused(f"holds {len(text) / 1e6:.0f} million letters, more than the 10 allowed. Divide it")
        parsed = {"html": read_html, "markdown": read_markdown}.get(text_kind(text), read_text)(text)
    if sum(len(block.text) for block in parsed.blocks) > MOST_LETTERS:
        raise refused("holds more than 10 million letters. Divide it and add the parts")
    return {"parsed": blocks.as_data(parsed)}


def main(arguments: list[str]) -> int:
    """Print what the file holds; returns the exit code."""
    path, first, last = arguments
    limit_resources()
    from silk_rag.errors import InvalidInput

    try:
        answer = read_file(Path(path), int(first), int(last))
    except InvalidInput as error:
        answer = {"refused": error.message}
    except MemoryError:
        answer = {"refused": "needs more than 1 GB of memory to read. Print it to a new PDF and add that."}
    except RecursionError:
        answer = {"refused": "is nested too deeply to be read. Print it to a PDF and add that."}
    except Exception as error:  # noqa: BLE001 (the border to libraries that meet any file with any error)
        kind = type(error).__name__
        answer = {"refused": f"is damaged or unusual ({kind}). Print it to a new PDF and add that."}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
