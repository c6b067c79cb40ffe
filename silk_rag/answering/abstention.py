"""When to say that the papers do not say.

Three signals are weighed: how near the nearest sentence comes in meaning, how many of the question's rare words the
best passages hold, and, when a figure is asked for, whether there is one. The weights are fitted on the development
questions by `python -m evals.calibrate`, which writes calibration.toml.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from silk_rag.answering.answer import Abstention, AbstentionReason
from silk_rag.answering.evidence import Candidate, Evidence
from silk_rag.answering.attribution import place_name
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.words import words_of

MESSAGES: dict[AbstentionReason, str] = {
    "off-topic": "The SILK papers do not deal with this: they are about social and solidarity economy organisations going "
    "international.",
    "not-in-the-papers": "The SILK papers do not say this.",
    "not-a-question": "I can only answer questions about what the SILK papers say.",
}


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision to abstain looks at; see `signals_of`."""

    meaning: float
    multilingual: float
    question: float
    coverage: float
    best_words: float

    def as_list(self) -> list[float]:
        """The signals in the order of the calibration's weights."""
        return [self.meaning, self.multilingual, self.question, self.coverage, self.best_words]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic weights: answer when `bias + weights · signals` is above 0. Below `off_topic` the topic is another one."""

    bias: float
    weights: tuple[float, ...]
    off_topic: float

    def score(self, signals: Signals) -> float:
        """Log-odds that the papers answer the question."""
        return self.bias + math.fsum(w * s for w, s in zip(self.weights, signals.as_list(), strict=True))


def shipped_calibration() -> Calibration:
    """The calibration fitted on the development questions."""
    values = tomllib.loads((files("silk_rag.answering") / "calibration.toml").read_text(encoding="utf-8"))
    return Calibration(float(values["bias"]), tuple(map(float, values["weights"])), float(values["off_topic"]))


def signals_of(query: Query, results: Sequence[Retrieved], evidence: Evidence) -> Signals:
    """Measure a question against the passages found.

    `meaning`, `multilingual` and `question` are the similarities of the nearest sentence (by each model) and of the nearest
    editors' question; `coverage` is the share of the question's words, by weight, that the three best passages hold
    together, `best_words` the share that the best single one holds.
    """
    weights = evidence.word_weights
    held = [words_of(" ".join([r.passage.text, *(h.text for h in r.passage.heading_path)])) for r in results[:3]]
    together = [word for words in held for word in words]
    return Signals(
        meaning=_nearest(evidence, "sentences", query.vector),
        multilingual=_nearest(evidence, "sentences-multilingual", query.multilingual_vector),
        question=_nearest(evidence, "questions", query.vector),
        coverage=weights.coverage(query.words, together),
        best_words=max((weights.coverage(query.words, words) for words in held), default=0.0),
    )


def judge(
    query: Query,
    candidates: Sequence[Candidate],
    results: Sequence[Retrieved],
    evidence: Evidence,
    calibration: Calibration,
) -> AbstentionReason | None:
    """Why not to answer, or None when the papers do answer."""
    if not candidates:
        return "not-in-the-papers"
    score = calibration.score(signals_of(query, results, evidence))
    if score > 0:
        return None
    return "off-topic" if score < calibration.off_topic else "not-in-the-papers"


def abstain(
    query: Query,
    reason: AbstentionReason,
    results: Sequence[Retrieved],
    suggestions: Sequence[str],
    *,
    language: str,
) -> Abstention:
    """Say so, with the nearest topics and questions that can be answered."""
    nearest = tuple(results[:3])
    lines = [MESSAGES[reason]]
    if nearest:
        topics = "; ".join(dict.fromkeys(place_name(result.passage) for result in nearest))
        lines.append(f"The nearest topics in them: {topics}.")
    if suggestions:
        lines.append("You could ask:\n\n" + "\n".join(f"- {suggestion}" for suggestion in suggestions))
    return Abstention(query.text, reason, "\n\n".join(lines), language, nearest, tuple(suggestions))


def _nearest(evidence: Evidence, unit: str, vector: object) -> float:
    units = evidence.snapshot.units.get(unit)
    if units is None or vector is None or not len(units.rows):
        return 0.0
    return float(np.max(units.vectors @ np.asarray(vector)))
