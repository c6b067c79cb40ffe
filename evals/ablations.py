"""What each part of our retrieval contributes: the same questions without it. Nothing is answered, only retrieved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from evals import metrics
from evals.ranking import DEPTH, ranking_of
from evals.samples import Sample, load_samples
from evals.statistics import Estimate, mean_with_interval
from silk_rag.retrieval.scores import Strategy, by_keyword, by_passage

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services
    from silk_rag.retrieval.query import Query
    from silk_rag.retrieval.retriever import Retriever

CUTOFFS = (1, 3, 5, 8)
Figures = Mapping[str, Estimate]


@dataclass(frozen=True)
class Found:
    """The passages found for each question of a set."""

    samples: Sequence[Sample]
    passages: Sequence[Sequence[Mapping[str, Any]]]

    @cached_property
    def figures(self) -> Figures:
        """Evidence at each cutoff, nDCG@10 and MRR@10, with intervals."""
        pairs = list(zip(self.samples, self.passages, strict=True))
        rankings = [
            ranking_of(metrics.evidence_gains(sample, found[:DEPTH]), len(sample.evidence) + bool(sample.evidence_any))
            for sample, found in pairs
        ]
        return {
            **{
                f"evidence@{k}": mean_with_interval([metrics.evidence_recall(s, found, k) for s, found in pairs])
                for k in CUTOFFS
            },
            "nDCG@10": mean_with_interval([ranking.ndcg for ranking in rankings]),
            "MRR@10": mean_with_interval([ranking.reciprocal_rank for ranking in rankings]),
        }


def answerable(part: str) -> list[Sample]:
    """The questions of a set that can be answered: only they have evidence to be found."""
    return [sample for sample in load_samples(part) if sample.answerable]


def table_row(name: str, figures: Figures) -> str:
    """A row of a Markdown table: a system and its figures, evidence at 5 and 8 with intervals."""
    cells = [name]
    for key, estimate in figures.items():
        value = estimate.value or 0.0
        interval = f" [{estimate.low:.2f}, {estimate.high:.2f}]" if key in ("evidence@5", "evidence@8") else ""
        cells.append(f"{value:.3f}{interval}")
    return f"| {' | '.join(cells)} |"


def table_head(what: str) -> list[str]:
    """The head of such a table."""
    names = [what, *(f"evidence@{k}" for k in CUTOFFS), "nDCG@10", "MRR@10"]
    return [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]


def ablation_lines(services: Services) -> Iterator[str]:
    """Tables of dev and test, as Markdown."""
    for part in ("dev", "test"):
        samples = answerable(part)
        yield f"\n{part}, {len(samples)} questions\n"
        yield from table_head("retrieval")
        queries = [services.retriever.understand(sample.question) for sample in samples]
        for name, retriever in _variants(services.retriever):
            yield table_row(name, Found(samples, found_by(retriever, queries)).figures)


def found_by(retriever: Retriever, queries: Sequence[Query]) -> list[list[dict[str, Any]]]:
    """The passages that a retriever finds for each question."""
    from silk_rag.answering.view import retrieved_view

    return [[retrieved_view(result) for result in retriever.retrieve(query, DEPTH)] for query in queries]


def _variants(full: Retriever) -> Iterator[tuple[str, Retriever]]:
    yield "everything", full
    for strategy in full.strategies:
        kept = {other: weight for other, weight in full.strategies.items() if other is not strategy}
        yield f"without {strategy.__name__}", replace(full, strategies=kept)
    yield "without folding repetitions", replace(full, groups=list(range(len(full.index.snapshot.passages))))
    dense: dict[Strategy, float] = {by_passage: 1.0}
    yield "passage vectors alone", replace(full, strategies=dense)
    keywords: dict[Strategy, float] = {by_keyword: 1.0}
    yield "keywords alone", replace(full, strategies=keywords)
    yield "passage vectors alone, without headings", replace(_without_headings(full), strategies=dense)


def _without_headings(full: Retriever) -> Retriever:
    """The same passages embedded by their text alone."""
    from silk_rag.retrieval.exact import ExactSearch

    passages = full.index.snapshot.passages
    vectors = np.asarray(full.embedder.embed_passages([passage.text for passage in passages]), dtype=np.float32)
    exact = ExactSearch([passage.id for passage in passages], vectors)
    return replace(full, index=replace(full.index, vectors=exact))
