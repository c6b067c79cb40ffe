"""How often the support check is right, on labelled pairs of a sentence and the quotation it rests on.

The pairs (datasets/support_pairs.jsonl) were written by hand from the papers; those of one document are all on one
side. The check was tuned on dev only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.grounding import Similarity
from evals.samples import DATASETS
from evals.statistics import Estimate, accuracy, auroc, balanced_accuracy, figure_with_interval
from silk_rag.answering.support import Entailment, Support, check_support
from silk_rag.cases import read_cases


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, the quotation it cites and whom that speaks for; whether it is supported, and if not, why not."""

    id: str
    part: str
    document: str
    attribution: str
    quote: str
    sentence: str
    supported: bool
    fault: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says of a pair."""

    pair: Pair
    support: Support

    @property
    def right(self) -> bool:
        """Whether it agrees with the label."""
        return self.support.supported == self.pair.supported


def load_pairs(part: str, path: Path = DATASETS / "support_pairs.jsonl") -> list[Pair]:
    """The pairs of a part, "dev" or "test", in file order."""
    pairs = [Pair(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [pair for pair in pairs if pair.part == part]


def known_names(corpus: Path) -> list[str]:
    """Names of the cases, as the answerer gives them to the check."""
    return [name for case in read_cases(corpus / "cases.yaml") for name in (case.name, *case.aliases)]


def judge(
    pairs: Sequence[Pair],
    names: Sequence[str],
    *,
    similarity: Similarity | None = None,
    entailment: Entailment | None = None,
) -> list[Verdict]:
    """The check's verdict on every pair."""
    return [
        Verdict(
            pair,
            check_support(
                pair.sentence,
                [pair.quote],
                similarity=similarity(pair.sentence, pair.quote) if similarity else None,
                attribution=pair.attribution,
                known_names=names,
                entailment=entailment,
            ),
        )
        for pair in pairs
    ]


def support_figures(verdicts: Sequence[Verdict]) -> Mapping[str, Estimate]:
    """Accuracy, balanced accuracy and AUROC, each with its 95 % interval."""
    labels = [float(verdict.pair.supported) for verdict in verdicts]
    said = [float(verdict.support.supported) for verdict in verdicts]
    return {
        "accuracy": figure_with_interval(accuracy, labels, said),
        "balanced accuracy": figure_with_interval(balanced_accuracy, labels, said),
        "AUROC": figure_with_interval(auroc, labels, [verdict.support.score for verdict in verdicts]),
    }


def support_lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Figures, and how many pairs of each kind are judged rightly."""
    for name, estimate in support_figures(verdicts).items():
        yield f"{name:20}{estimate}"
    kinds = dict.fromkeys(verdict.pair.fault or "supported" for verdict in verdicts)
    for kind in kinds:
        group = [verdict for verdict in verdicts if (verdict.pair.fault or "supported") == kind]
        yield f"  {kind:18}{sum(verdict.right for verdict in group)} of {len(group)}"
