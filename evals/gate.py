"""The gate: figures that must not fall. `make test` runs it over every dev and test question.

thresholds.toml holds the least (or, for figures where less is better, the most) that is allowed; baseline.json holds
which questions went well when the thresholds were set, so that a failure can name those that no longer do.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

from evals.figures import BY_NAME, Figure, values_of
from evals.runner import Row, run
from evals.samples import load_samples
from evals.targets import Target

THRESHOLDS = Path(__file__).with_name("thresholds.toml")
BASELINE = Path(__file__).with_name("baseline.json")
PARTS = ("dev", "test")
#: Questions that went well, by figure.
Baseline = Mapping[str, Sequence[str]]


def read_thresholds(path: Path = THRESHOLDS) -> dict[str, dict[str, float]]:
    """The thresholds by part and figure. Raises ValueError for a figure that there is not."""
    read: dict[str, dict[str, float]] = tomllib.loads(path.read_text(encoding="utf-8"))
    for part, thresholds in read.items():
        unknown = sorted(set(thresholds) - set(BY_NAME))
        if unknown:
            raise ValueError(f"{path}: {part} has {unknown[0]!r}, which is no figure. Known: {', '.join(BY_NAME)}.")
    return read


def read_baseline(path: Path = BASELINE) -> dict[str, dict[str, list[str]]]:
    """Which questions went well, by part and figure; empty when nothing was recorded."""
    if not path.exists():
        return {}
    read: dict[str, dict[str, list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return read


def gate_rows(target: Target) -> dict[str, list[Row]]:
    """All questions asked, by part."""
    return {part: run(load_samples(part), target) for part in PARTS}


def regressions(rows: Sequence[Row], thresholds: Mapping[str, float], baseline: Baseline) -> Iterator[str]:
    """One message for each figure beyond its threshold, with the questions that went well before and do not now."""
    for name, threshold in thresholds.items():
        figure = BY_NAME[name]
        values = values_of(rows, figure)
        value = mean(values) if values else 0.0
        if figure.better * (value - threshold) < 0:
            allowed = "at least" if figure.better > 0 else "at most"
            lost = sorted(set(baseline.get(name, ())) - set(passing(rows, figure)))
            named = ", ".join(lost) or "none that went well before"
            yield f"{name} is {value:.3f}, allowed is {allowed} {threshold:.3f}. Questions that got worse: {named}."


def passing(rows: Sequence[Row], figure: Figure) -> list[str]:
    """Ids of the questions for which a figure is as good as it can be."""
    best = 1.0 if figure.better > 0 else 0.0
    return sorted(row.id for row in rows if figure.of(row) == best)


def record(target: Target, path: Path = BASELINE) -> str:
    """Write which questions go well today; returns the figures to set thresholds by."""
    thresholds = read_thresholds()
    found: dict[str, dict[str, list[str]]] = {}
    lines: list[str] = []
    for part, rows in gate_rows(target).items():
        found[part] = {name: passing(rows, BY_NAME[name]) for name in thresholds.get(part, {})}
        lines.append(f"[{part}]")
        lines += [f'"{name}" = {mean(values_of(rows, BY_NAME[name])):.3f}' for name in thresholds.get(part, {})]
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return "\n".join([*lines, f"written: {path}"])
