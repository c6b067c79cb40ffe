"""Ask every question of a set and score each reply."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals import metrics
from evals.samples import Sample

#: A question and the number of passages wanted, in; a reply in the shape of the HTTP contract, out.
Ask = Callable[[str, int], Mapping[str, Any]]
CUTOFFS = (1, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Row:
    """How one question went. Scores of evidence and nuggets are None for a question that cannot be answered."""

    id: str
    kind: str
    language: str
    question: str
    answerable: bool
    abstained: bool
    reason: str | None
    evidence: dict[str, float] | None
    cited: float | None
    nuggets: float | None
    complete: bool | None
    words: int
    faults: list[str]
    seconds: float
    answer: str

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data."""
        return asdict(self)


def run(samples: Sequence[Sample], ask: Ask, document_texts: Mapping[str, str]) -> list[Row]:
    """Ask all questions in order."""
    return [score(sample, ask, document_texts) for sample in samples]


def score(sample: Sample, ask: Ask, document_texts: Mapping[str, str]) -> Row:
    """Ask one question and score the reply."""
    started = time.perf_counter()
    reply = ask(sample.question, max(CUTOFFS))
    seconds = time.perf_counter() - started
    abstained = bool(reply["abstained"])
    text = "" if abstained else reply["answer"]
    held = metrics.nuggets_held(sample.nuggets, text)
    wanted = sample.answerable
    return Row(
        id=sample.id,
        kind=sample.kind,
        language=sample.language,
        question=sample.question,
        answerable=wanted,
        abstained=abstained,
        reason=reply["reason"],
        evidence={str(k): metrics.evidence_recall(sample, reply["passages"], k) for k in CUTOFFS} if wanted else None,
        cited=metrics.evidence_cited(sample, reply["citations"]) if wanted else None,
        nuggets=sum(held) / len(held) if wanted else None,
        complete=all(held) if wanted else None,
        words=sum(len(sentence["text"].split()) for sentence in reply["sentences"]),
        faults=metrics.invalid_citations(reply, document_texts),
        seconds=seconds,
        answer=reply["answer"],
    )
