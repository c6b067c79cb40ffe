"""Intervals and rates. Everything random is seeded: two runs over the same rows give the same numbers.

Intervals are percentile bootstrap intervals (Efron 1979): the items are drawn again with replacement 2,000 times, the
figure computed for each draw, and the middle 95 % of the results given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2_000
SEED = 20_220_101
LEVEL = 0.95

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its 95 % interval, and how many items it rests on. `value` is None when it rests on none."""

    value: float | None
    low: float | None
    high: float | None
    items: int

    def __str__(self) -> str:
        """The figure as it is printed."""
        if self.value is None or self.low is None or self.high is None:
            return "-"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def draws(items: int) -> NDArray[np.int64]:
    """Rows of item numbers drawn with replacement, shape (DRAWS, items)."""
    return np.random.default_rng(SEED).integers(0, items, size=(DRAWS, items))


def mean_with_interval(values: Sequence[float]) -> Estimate:
    """The mean of some values."""
    if not values:
        return Estimate(None, None, None, 0)
    numbers = np.asarray(values, dtype=np.float64)
    return _estimate(float(numbers.mean()), numbers[draws(len(numbers))].mean(axis=1), len(numbers))


def figure_with_interval(
    figure: Callable[[Numbers, Numbers], float], first: Sequence[float], second: Sequence[float]
) -> Estimate:
    """A figure of two columns of the same items, such as AUROC of labels and scores.

    Draws for which it is undefined (NaN) are left out of the interval.
    """
    if not first:
        return Estimate(None, None, None, 0)
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    value = figure(one, other)
    drawn = np.array([figure(one[rows], other[rows]) for rows in draws(len(one))])
    return Estimate(None, None, None, len(one)) if np.isnan(value) else _estimate(value, drawn, len(one))


def difference_with_interval(before: Sequence[float], after: Sequence[float]) -> Estimate:
    """The mean change of paired values: both runs are drawn with the same items (paired bootstrap)."""
    if len(before) != len(after):
        raise ValueError(f"Paired values are needed, but there are {len(before)} and {len(after)}.")
    return mean_with_interval([late - early for early, late in zip(before, after, strict=True)])


def auroc(labels: Numbers, scores: Numbers) -> float:
    """Probability that a positive item scores above a negative one, ties counting half (Mann and Whitney 1947)."""
    positive, negative = scores[labels > 0], scores[labels <= 0]
    if not len(positive) or not len(negative):
        return float("nan")
    below = np.searchsorted(np.sort(negative), positive, side="left")
    not_above = np.searchsorted(np.sort(negative), positive, side="right")
    return float((below + not_above).sum() / (2 * len(positive) * len(negative)))


def accuracy(labels: Numbers, said: Numbers) -> float:
    """Share of items judged as they are labelled."""
    return float(np.mean((labels > 0) == (said > 0)))


def balanced_accuracy(labels: Numbers, said: Numbers) -> float:
    """Mean of the share of positives judged positive and the share of negatives judged negative."""
    positive, negative = labels > 0, labels <= 0
    if not positive.any() or not negative.any():
        return float("nan")
    return float((np.mean(said[positive] > 0) + np.mean(said[negative] <= 0)) / 2)


def _estimate(value: float, drawn: Numbers, items: int) -> Estimate:
    edge = 100 * (1 - LEVEL) / 2
    low, high = np.nanpercentile(drawn, [edge, 100 - edge])
    return Estimate(value, float(low), float(high), items)
