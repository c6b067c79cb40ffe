"""Reciprocal rank fusion of several rankings (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: The paper uses 60; with rankings of a few hundred passages the head of each list should count for more.
RANK_CONSTANT = 20


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passage rows, best first, and how much this ranking counts. None keeps the place of a passage left out of it."""

    name: str
    rows: Sequence[int | None]
    weight: float = 1.0


def fuse(rankings: Iterable[Ranking], *, constant: int = RANK_CONSTANT) -> list[tuple[int, float]]:
    """(row, fused score), best first; equal scores in row order, so that the result does not depend on chance."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking.rows, 1):
            if row is not None:
                scores[row] = scores.get(row, 0.0) + ranking.weight / (constant + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
