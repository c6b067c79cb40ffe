"""The figures of a run, each with its 95 % interval and the number of questions it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from evals.runner import CUTOFFS, Row
from evals.statistics import Estimate, mean_with_interval


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of a row; None where it does not apply. `better` is 1 when more is better, -1 when less is."""

    name: str
    of: Callable[[Row], float | None]
    better: int = 1


def _evidence(k: int) -> Callable[[Row], float | None]:
    return lambda row: row.evidence[str(k)] if row.evidence else None


def _right_refusal(row: Row) -> float | None:
    return float(not row.answerable) if row.abstained else None


def _refused_unanswerable(row: Row) -> float | None:
    return float(row.abstained) if not row.answerable else None


def _refused_answerable(row: Row) -> float | None:
    return float(row.abstained) if row.answerable else None


def _valid(row: Row) -> float | None:
    return float(not row.faults) if not row.abstained else None


FIGURES: Sequence[Figure] = (
    *(Figure(f"evidence@{k}", _evidence(k)) for k in CUTOFFS),
    Figure("nDCG@10", lambda row: row.ndcg),
    Figure("MRR@10", lambda row: row.reciprocal_rank),
    Figure("evidence cited", lambda row: row.cited),
    Figure("nuggets", lambda row: row.nuggets),
    Figure("complete", lambda row: None if row.complete is None else float(row.complete)),
    Figure("valid citations", _valid),
    Figure("citation recall", lambda row: row.citation_recall),
    Figure("citation precision", lambda row: row.citation_precision),
    Figure("abstention precision", _right_refusal),
    Figure("abstention recall", _refused_unanswerable),
    Figure("wrong refusals", _refused_answerable, better=-1),
    Figure("words", lambda row: None if row.abstained else float(row.words), better=-1),
    Figure("seconds", lambda row: row.seconds, better=-1),
)
BY_NAME: Mapping[str, Figure] = {figure.name: figure for figure in FIGURES}


def values_of(rows: Sequence[Row], figure: Figure) -> list[float]:
    """The figure's values, one for every row it applies to."""
    return [value for value in map(figure.of, rows) if value is not None]


def figures_of(rows: Sequence[Row]) -> dict[str, Estimate]:
    """All figures of some rows: means with intervals."""
    return {figure.name: mean_with_interval(values_of(rows, figure)) for figure in FIGURES}


def groups_of(rows: Sequence[Row], part: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Rows by kind, language or another part, in the order in which the parts first come."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(part(row), []).append(row)
    return groups


def is_missed(row: Row) -> bool:
    """Whether a person should look at this row: refused wrongly, not refused, faulty, or not all facts said."""
    if row.abstained == row.answerable or row.faults:
        return True
    return row.answerable and not row.complete


def median_seconds(rows: Sequence[Row]) -> float:
    """The middle of the times to answer; 0 without rows."""
    return median(row.seconds for row in rows) if rows else 0.0
