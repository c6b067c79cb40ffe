"""Score what the peers retrieve with the same measures as our own retrieval.

Two texts: the source as received, which is what a user of those libraries has; and the corpus that was mended from it,
which separates what comes from the text and what from the retrieval.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.ablations import Found, answerable, table_head, table_row
from evals.ranking import DEPTH
from ingest.corpus import read_corpus
from silk_rag.settings import Settings

FOLDER = Path(__file__).parent
PYTHON = FOLDER / ".venv" / "bin" / "python"
NAMES = ("langchain", "llamaindex", "haystack", "txtai")
KINDS = ("source", "mended")
INSTALL = (
    "python3 -m venv evals/peers/.venv && evals/peers/.venv/bin/pip install --upgrade pip && "
    "evals/peers/.venv/bin/pip install -r evals/peers/requirements.txt"
)
#: Without a network, and as still as the libraries can be.
_QUIET = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
_QUIET |= {"HAYSTACK_TELEMETRY_ENABLED": "False", "TOKENIZERS_PARALLELISM": "false"}


def peer_lines(names: Sequence[str] = (), kinds: Sequence[str] = KINDS) -> Iterator[str]:
    """Tables of dev and test as Markdown, then versions and times. Raises ValueError without the peers' environment."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no peer. Known: {', '.join(NAMES)}.")
    if not PYTHON.exists():
        raise ValueError(f"The peers are not installed. Install them with: {INSTALL}")
    corpus = Settings.from_environment().corpus
    texts = {
        "source": (corpus / "source" / "silk-2022.txt").read_text(encoding="utf-8"),
        "mended": "\n\n".join(document.text for document in read_corpus(corpus)),
    }
    samples = {part: answerable(part) for part in ("dev", "test")}
    results = {
        (name, kind): retrieve(name, text, [s.question for part in samples.values() for s in part])
        for name in names or NAMES
        for kind, text in texts.items()
        if kind in kinds
    }
    start = 0
    for part, asked in samples.items():
        yield f"\n{part}, {len(asked)} questions\n"
        yield from table_head("library, text")
        for (name, kind), result in results.items():
            found = [[_passage(text) for text in texts] for texts in result["passages"][start : start + len(asked)]]
            yield table_row(f"{name}, {kind}", Found(asked, found).figures)
        start += len(asked)
    yield ""
    for (name, kind), result in results.items():
        versions = " ".join(f"{library} {number}" for library, number in result["versions"].items())
        times = f"built in {result['build_s']:.1f} s, {result['query_s'] * 1000:.0f} ms a question"
        yield f"- {name}, {kind}: {result['chunks']} chunks, {times} ({versions})"


def retrieve(name: str, text: str, questions: Sequence[str]) -> dict[str, Any]:
    """What a library finds for each question. Raises ValueError with the last of what it printed when it fails."""
    done = subprocess.run(
        [str(PYTHON), str(FOLDER / "retrieve.py"), name],
        input=json.dumps({"text": text, "questions": list(questions), "k": DEPTH}),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **_QUIET},
    )
    if done.returncode:
        raise ValueError(f"{name} failed: {done.stderr.strip()[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _passage(text: str) -> dict[str, Any]:
    return {"text": text, "heading_path": []}
