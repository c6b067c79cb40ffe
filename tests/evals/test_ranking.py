from __future__ import annotations

import math

import pytest
import pytrec_eval

from evals.metrics import evidence_gains
from evals.ranking import ranking_of
from evals.samples import Sample

SAMPLE = Sample("q", "?", "fact", "en", True, ("alpha beta gamma", "delta epsilon"), ("one two", "three four"), ())


def _passage(text: str) -> dict[str, object]:
    return {"text": text, "heading_path": []}


@pytest.mark.parametrize(("gains", "wanted"), [([1, 0, 2], 3), ([0, 0, 1], 2), ([0, 0], 1), ([1] * 10, 12), ([2], 2)])
def test_measures_are_those_of_trec_eval(gains: list[int], wanted: int) -> None:
    """nDCG@10 and reciprocal rank equal what trec_eval's own code gives for the same judgements."""
    judged = {f"p{rank}": gain for rank, gain in enumerate(gains)}
    judged |= {f"m{number}": 1 for number in range(wanted - sum(gains))}
    evaluator = pytrec_eval.RelevanceEvaluator({"q": judged}, {"ndcg_cut.10", "recip_rank"})
    expected = evaluator.evaluate({"q": {f"p{rank}": 100.0 - rank for rank in range(len(gains))}})["q"]
    ranking = ranking_of(gains, wanted)
    assert ranking.ndcg == pytest.approx(expected["ndcg_cut_10"])
    assert ranking.reciprocal_rank == pytest.approx(expected["recip_rank"])


def test_ndcg_by_hand() -> None:
    """One of two quotes found, in second place: (1 / log2 3) over (1 + 1 / log2 3)."""
    found = 1 / math.log2(3)
    assert ranking_of([0, 1], 2).ndcg == pytest.approx(found / (1 + found))


def test_each_quote_counts_where_it_first_stands() -> None:
    """Of quotes of which one will do, only the first found counts."""
    passages = [_passage("x one two"), _passage("alpha beta gamma, and delta epsilon"), _passage("three four")]
    assert evidence_gains(SAMPLE, passages) == [1, 2, 0]


def test_a_passage_returned_ten_times_gains_once() -> None:
    """A retriever that fills its list with one passage does not look better for it."""
    gains = evidence_gains(SAMPLE, [_passage("alpha beta gamma")] * 10)
    assert gains == [1] + [0] * 9
    assert ranking_of(gains, 3).ndcg < ranking_of([1, 1, 1], 3).ndcg
