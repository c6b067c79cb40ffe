"""The real server in a process of its own, as `make run` starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

_READY = re.compile(r"Ready in ([\d.]+) s\. Open (http://\S+)")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready: where it answers, its process id, the seconds it took to start, what it printed."""

    address: str
    pid: int
    seconds: float
    output: Sequence[str]


@contextmanager
def running(data: Path) -> Iterator[Server]:
    """A server on a free port over a data folder. Raises RuntimeError when it ends before it is ready."""
    environment = {**os.environ, "SILK_DATA": str(data), "SILK_LOG_LEVEL": "warning", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "silk_rag.cli", "serve", "--port", "0"]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output: list[str] = []
    try:
        for line in process.stdout or ():
            output.append(line.strip())
            ready = _READY.search(line)
            if ready:
                yield Server(ready.group(2), process.pid, time.monotonic() - started, output)
                break
        else:
            raise RuntimeError("the server ended before it was ready: " + " / ".join(output))
    finally:
        process.terminate()
        process.wait(timeout=30)


def spread(milliseconds: Sequence[float]) -> str:
    """Median and 95th percentile, for printing."""
    return f"median {median(milliseconds):.0f} ms, p95 {quantiles(milliseconds, n=20)[-1]:.0f} ms"
