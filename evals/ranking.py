"""Measures of a ranking, computed by ir-measures (MacAvaney, Macdonald and Ounis, ECIR 2022) with trec_eval's code.

The passages of two systems differ, so what is judged is not the passage but the quotes wanted: a passage's grade is
how many of them it is the first to hold, and a quote that no passage holds counts as a relevant passage not found. A
system that returns one passage ten times thus gains once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: How far down the ranking counts for nDCG.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Ranking:
    """nDCG@10 (Järvelin and Kekäläinen 2002, linear gain, as trec_eval's ndcg_cut_10) and reciprocal rank."""

    ndcg: float
    reciprocal_rank: float


def ranking_of(gains: Sequence[int], wanted: int) -> Ranking:
    """The measures of one ranking; `gains` as metrics.evidence_gains gives them, `wanted` the number of quotes."""
    import ir_measures

    judged = {f"p{rank}": gain for rank, gain in enumerate(gains) if gain}
    judged |= {f"missing{number}": 1 for number in range(wanted - sum(gains))}
    ranked = {f"p{rank}": float(len(gains) - rank) for rank in range(len(gains))}
    measures = [ir_measures.nDCG @ DEPTH, ir_measures.RR @ DEPTH]
    found = ir_measures.calc_aggregate(measures, {"q": judged}, {"q": ranked or {"nothing": 0.0}})
    return Ranking(ndcg=float(found[measures[0]]), reciprocal_rank=float(found[measures[1]]))
