"""Evaluation questions and dialogues; their format is described in evals/datasets/README.md."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATASETS = Path(__file__).with_name("datasets")
#: What may be looked at while building, and what only measures the result.
SETS = {
    "dev": ("qa_dev", "qa_dev2"),
    "dev1": ("qa_dev",),
    "dev2": ("qa_dev2",),
    "unanswerable": ("qa_dev3",),
    "test": ("qa_test",),
}
SETS["all"] = SETS["dev"] + SETS["test"]
DIALOGUE_SETS = {"dev": ("dialogues_dev", "dialogues_dev2"), "test": ("dialogues_test",)}
DIALOGUE_SETS["all"] = DIALOGUE_SETS["dev"] + DIALOGUE_SETS["test"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One question: `evidence` quotes are all wanted, of `evidence_any` one is enough; `nuggets` are fact patterns."""

    id: str
    question: str
    kind: str
    language: str
    answerable: bool
    evidence: tuple[str, ...]
    evidence_any: tuple[str, ...]
    nuggets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a dialogue; later turns lean on earlier ones."""

    user: str
    evidence_any: tuple[str, ...]
    nuggets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation of two to four turns."""

    id: str
    turns: tuple[Turn, ...]


def load_samples(name: str = "dev") -> list[Sample]:
    """The questions of a set, in file order."""
    return [_sample(row) for file in SETS[name] for row in _rows(file)]


def load_dialogues(name: str = "dev") -> list[Dialogue]:
    """The dialogues of a set, in file order."""
    return [
        Dialogue(row["id"], tuple(_turn(turn) for turn in row["turns"]))
        for file in DIALOGUE_SETS[name]
        for row in _rows(file)
    ]


def _rows(file: str) -> list[dict[str, Any]]:
    lines = (DATASETS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _sample(row: dict[str, Any]) -> Sample:
    return Sample(
        id=row["id"],
        question=row["question"],
        kind=row["kind"],
        language=row["lang"],
        answerable=row["answerable"],
        evidence=tuple(row["evidence"]),
        evidence_any=tuple(row["evidence_any"]),
        nuggets=tuple(map(tuple, row["nuggets"])),
    )


def _turn(row: dict[str, Any]) -> Turn:
    return Turn(row["user"], tuple(row["evidence_any"]), tuple(map(tuple, row["nuggets"])))
