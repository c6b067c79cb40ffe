"""Measure the service as a user meets it: `make bench`.

Starts the real server twice on an empty data folder: the first start builds the index, the second finds it. Then all
development questions are asked over HTTP, one after the other, after a warm-up. Prints seconds to ready, milliseconds
per question, and the resident memory of the process.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.server import running, spread
from evals.samples import load_samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="how often all questions are asked (default: 2)")
    options = parser.parse_args(arguments)
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as data:
        with running(Path(data)) as first:
            print(f"first start, index built: ready in {first.seconds:.1f} s ({_index_line(first.output)})")
        with running(Path(data)) as second:
            print(f"second start: ready in {second.seconds:.1f} s")
            totals, inside = _latencies(second.address, options.rounds)
            print(f"POST /api/v1/ask, {len(totals)} questions: {spread(totals)} over HTTP, {spread(inside)} inside")
            print(f"resident memory: {_resident_mb(second.pid):.0f} MB")
    return 0


def _latencies(address: str, rounds: int) -> tuple[list[float], list[float]]:
    questions = [sample.question for sample in load_samples("dev")]
    totals: list[float] = []
    inside: list[float] = []
    with httpx.Client(base_url=address, timeout=60) as client:
        _ask(client, "What is internationalisation?")
        for question in questions * rounds:
            started = time.perf_counter()
            reply = _ask(client, question)
            totals.append((time.perf_counter() - started) * 1000)
            inside.append(float(reply["timings_ms"].get("total", 0.0)))
    return totals, inside


def _ask(client: httpx.Client, question: str) -> Mapping[str, Any]:
    response = client.post("/api/v1/ask", json={"question": question})
    response.raise_for_status()
    reply: Mapping[str, Any] = response.json()
    return reply


def _index_line(output: Sequence[str]) -> str:
    return next((line for line in output if line.startswith("Index")), "no index built")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


if __name__ == "__main__":
    sys.exit(main())
