"""Ask every question of a set and score each reply."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import uuid4

from evals import metrics
from evals.grounding import grounding_of
from evals.ranking import DEPTH, ranking_of
from evals.samples import Dialogue, Sample
from evals.targets import Target

CUTOFFS = (1, 3, 5, 8)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """How one question went. A figure that does not apply is None, never zero.

    Those of evidence, ranking and nuggets do not apply to a question that cannot be answered, those of citations and
    length not to a refusal.
    """

    id: str
    kind: str
    language: str
    question: str
    answerable: bool
    abstained: bool
    reason: str | None
    mode: str
    evidence: dict[str, float] | None
    ndcg: float | None
    reciprocal_rank: float | None
    cited: float | None
    nuggets: float | None
    complete: bool | None
    citation_recall: float | None
    citation_precision: float | None
    unsupported: list[str]
    words: int
    faults: list[str]
    seconds: float
    answer: str

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Row:
        """A row as a run file holds it. Raises ValueError, naming the field, when one is missing."""
        missing = [field.name for field in fields(cls) if field.name not in data]
        if missing:
            raise ValueError(f"A row of the run has no {missing[0]!r}: it was made by another version. Run it again.")
        return cls(**{field.name: data[field.name] for field in fields(cls)})


def run(samples: Sequence[Sample], target: Target, progress: Progress | None = None) -> list[Row]:
    """Ask all questions in order."""
    rows: list[Row] = []
    for sample in samples:
        rows.append(score(sample, target))
        if progress:
            progress(len(rows), len(samples))
    return rows


def run_dialogues(dialogues: Sequence[Dialogue], target: Target) -> list[Row]:
    """Ask the turns of every dialogue in order, each within its conversation; one row a turn."""
    rows: list[Row] = []
    for dialogue in dialogues:
        conversation = f"eval-{dialogue.id}-{uuid4().hex}"
        for number, turn in enumerate(dialogue.turns, 1):
            sample = Sample(
                id=f"{dialogue.id}.{number}",
                question=turn.user,
                kind="first turn" if number == 1 else "later turn",
                language="en",
                answerable=bool(turn.evidence_any),
                evidence=(),
                evidence_any=turn.evidence_any,
                nuggets=turn.nuggets,
            )
            rows.append(score(sample, target, conversation_id=conversation))
    return rows


def score(sample: Sample, target: Target, *, conversation_id: str | None = None) -> Row:
    """Ask one question and score the reply. The ranking is judged deeper down than the answer's own passages."""
    started = time.perf_counter()
    reply = target.ask(sample.question, max(CUTOFFS), conversation_id)
    seconds = time.perf_counter() - started
    wanted = sample.answerable
    passages = reply["passages"]
    if wanted and conversation_id is None:
        passages = target.search(sample.question, DEPTH)
    gains = metrics.evidence_gains(sample, passages) if wanted else []
    ranking = ranking_of(gains, len(sample.evidence) + bool(sample.evidence_any)) if wanted else None
    abstained = bool(reply["abstained"])
    held = metrics.nuggets_held(sample.nuggets, "" if abstained else reply["answer"])
    grounding = grounding_of(reply, target.similarity)
    return Row(
        id=sample.id,
        kind=sample.kind,
        language=sample.language,
        question=sample.question,
        answerable=wanted,
        abstained=abstained,
        reason=reply["reason"],
        mode=reply["mode"],
        evidence={str(k): metrics.evidence_recall(sample, reply["passages"], k) for k in CUTOFFS} if wanted else None,
        ndcg=ranking.ndcg if ranking else None,
        reciprocal_rank=ranking.reciprocal_rank if ranking else None,
        cited=metrics.evidence_cited(sample, reply["citations"]) if wanted else None,
        nuggets=sum(held) / len(held) if wanted and held else None,
        complete=all(held) if wanted else None,
        citation_recall=grounding.recall if grounding else None,
        citation_precision=grounding.precision if grounding else None,
        unsupported=grounding.unsupported if grounding else [],
        words=sum(len(sentence["text"].split()) for sentence in reply["sentences"]),
        faults=metrics.invalid_citations(reply, target.document_texts),
        seconds=seconds,
        answer=reply["answer"],
    )
