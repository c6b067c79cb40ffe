from __future__ import annotations

import numpy as np
import pytest

from evals.statistics import (
    auroc,
    balanced_accuracy,
    difference_with_interval,
    figure_with_interval,
    mean_with_interval,
)


def test_an_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    """Two runs over the same values give the same numbers."""
    values = [0.0, 1.0, 1.0, 1.0, 0.5, 0.0, 1.0]
    one, other = mean_with_interval(values), mean_with_interval(values)
    assert one == other
    assert one.low is not None
    assert one.value is not None
    assert one.high is not None
    assert one.low < one.value < one.high


def test_nothing_measured_is_no_zero() -> None:
    """A figure that rests on nothing has no value."""
    estimate = mean_with_interval([])
    assert estimate.value is None
    assert str(estimate) == "-"


def test_auroc_is_the_share_of_pairs_in_order_with_ties_half() -> None:
    """AUROC agrees with counting all pairs of a positive and a negative."""
    generator = np.random.default_rng(1)
    labels = generator.integers(0, 2, 60).astype(np.float64)
    scores = generator.integers(0, 8, 60).astype(np.float64)
    pairs = [(p, n) for p in scores[labels > 0] for n in scores[labels <= 0]]
    counted = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs) / len(pairs)
    assert auroc(labels, scores) == pytest.approx(counted)


def test_balanced_accuracy_is_not_moved_by_how_many_there_are_of_each() -> None:
    """Saying yes to everything is half right, however many are positive."""
    labels, said = np.array([1.0] * 9 + [0.0]), np.ones(10)
    assert balanced_accuracy(labels, said) == pytest.approx(0.5)


def test_a_paired_difference_is_narrower_than_chance_between_questions() -> None:
    """When every question gained the same, the gain is certain."""
    before = [0.0, 0.2, 0.9, 0.4]
    change = difference_with_interval(before, [value + 0.1 for value in before])
    assert change.low == pytest.approx(0.1)
    assert change.high == pytest.approx(0.1)


def test_pairs_must_be_pairs() -> None:
    """Values of different questions are not compared."""
    with pytest.raises(ValueError, match="Paired"):
        difference_with_interval([1.0], [1.0, 0.0])


def test_a_figure_of_one_kind_only_has_no_value() -> None:
    """AUROC needs both kinds."""
    assert figure_with_interval(auroc, [1.0, 1.0], [0.2, 0.4]).value is None
