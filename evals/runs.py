"""A run is a file: what was measured, with what, and how every question went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.figures import figures_of
from evals.runner import Row

FOLDER = Path(__file__).with_name("runs")
VERSION = 1


@dataclass(frozen=True)
class Run:
    """A run: `about` is the target's description, `rows` the single questions, `turns` those of dialogues."""

    id: str
    started: str
    questions: str
    about: Mapping[str, Any]
    rows: tuple[Row, ...]
    turns: tuple[Row, ...] = ()

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Questions and turns."""
        return (*self.rows, *self.turns)


def new_run(questions: str, about: Mapping[str, Any], rows: Sequence[Row], turns: Sequence[Row] = ()) -> Run:
    """A run of this moment; its id sorts by time."""
    now = datetime.now(UTC)
    return Run(
        f"{now:%Y%m%d-%H%M%S}-{questions}", now.isoformat(timespec="seconds"), questions, about, (*rows,), (*turns,)
    )


def write_run(run: Run, folder: Path = FOLDER) -> Path:
    """Write a run, its figures with it, and give the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.id}.json"
    data = {
        "version": VERSION,
        "id": run.id,
        "started": run.started,
        "questions": run.questions,
        "about": dict(run.about),
        "figures": {name: asdict(estimate) for name, estimate in figures_of(run.rows).items()},
        "figures_of_turns": {name: asdict(estimate) for name, estimate in figures_of(run.turns).items()},
        "rows": [row.as_dict() for row in run.rows],
        "turns": [row.as_dict() for row in run.turns],
    }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def read_run(path: Path) -> Run:
    """Read a run. Raises ValueError, naming the file, when it is none of this version."""
    try:
        return _run_of(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not a run that can be read: {error}.") from error


def _run_of(data: Mapping[str, Any]) -> Run:
    if data["version"] != VERSION:
        raise ValueError(f"it is of version {data['version']}, not {VERSION}")
    rows = tuple(Row.from_dict(row) for row in data["rows"])
    turns = tuple(Row.from_dict(row) for row in data["turns"])
    return Run(data["id"], data["started"], data["questions"], data["about"], rows, turns)


def find_run(name: str, folder: Path = FOLDER) -> Path:
    """The file of a run given as a path, an id, the beginning of one, or "latest". Raises FileNotFoundError."""
    if Path(name).is_file():
        return Path(name)
    found = sorted(folder.glob("*.json") if name == "latest" else folder.glob(f"{name}*.json"))
    if not found:
        raise FileNotFoundError(f"There is no run {name!r} in {folder}. Make one with `python -m evals run`.")
    return found[-1]
