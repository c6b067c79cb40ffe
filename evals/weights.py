"""What the metrics and weights of retrieval and of sentences are worth: editors' questions whose authors are left out.

The questions of later authors are asked of an index that holds, and metrics that were learned from, those of the
others only. Which passage each was written for, and which of its sentences answer it, is known: a softmax regression
over all passages, and over the sentences of the passages found, gives the weight of each score. No evaluation question
is looked at.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from silk_rag.answering import evidence
from silk_rag.answering.evidence import Evidence, parts_of
from silk_rag.retrieval.scores import ENGLISH, ENGLISH_TEXT, OTHER_LANGUAGES, OTHER_LANGUAGES_TEXT, Strategy
from silk_rag.retrieval.snapshot import UnitVectors

if TYPE_CHECKING:
    from ingest.questions import EditorsQuestion
    from silk_rag.bootstrap import Services
    from silk_rag.retrieval.ports import Embedder
    from silk_rag.retrieval.query import Query
    from silk_rag.retrieval.retriever import Retriever

#: The authors who are left out, and how many of their questions are asked.
LEFT_OUT, ASKED = frozenset({5, 7, 9}), 2_400
#: How many passages are found whose sentences are compared.
FOUND = 8
#: Keeps weights finite where two scores say the same.
RIDGE = 1e-3
CUTOFFS = (1, 3, 5, 8)
STRATEGIES: Sequence[Strategy] = tuple(
    dict.fromkeys([*ENGLISH, *OTHER_LANGUAGES, *ENGLISH_TEXT, *OTHER_LANGUAGES_TEXT])
)
Asked: TypeAlias = "tuple[str, EditorsQuestion, Query]"
LOOKS = ("meaning", "asked", "words", "passage")


@dataclass(frozen=True)
class Example:
    """What is to be told apart and which of them are right.

    `scores` has shape (choices, scores), `right` shape (choices,): what share of the answer each is. `bonus` counts as
    it is, shape (choices,).
    """

    english: bool
    scores: NDArray[np.float32]
    right: NDArray[np.float32]
    bonus: NDArray[np.float32]


def weight_lines(services: Services) -> Iterator[str]:
    """The weights that fit best, and how often what is right comes first by them and by those shipped."""
    from ingest.index import questions_for, unanswered_by

    by_passage = questions_for(services.settings.corpus)
    questions = [(p.id, each) for p in services.snapshot.passages for each in by_passage.get(p.id, ())]
    unanswered = unanswered_by(services.settings.corpus)
    retriever = without_authors(services.retriever, [question for _, question in questions], unanswered)
    asked = [(name, question) for name, question in questions if question.author in LEFT_OUT]
    asked = random.Random(0).sample(asked, min(ASKED, len(asked)))  # noqa: S311 (no secret)
    yield f"{len(asked)} questions of authors {', '.join(map(str, sorted(LEFT_OUT)))}, who are left out"
    queries = [(name, question, retriever.understand(question.text)) for name, question in asked]
    yield "\npassages"
    yield from _passages(retriever, queries)
    yield "\nsentences"
    judge = replace(services.current().assistant.evidence, snapshot=retriever.index.snapshot)
    yield from _sentences(retriever, judge, queries)


def without_authors(retriever: Retriever, questions: Sequence[EditorsQuestion], unanswered: Sequence[str]) -> Retriever:
    """The retriever without the questions of the authors left out, and with metrics that never saw them."""
    from ingest.metric import examples_of, learn

    snapshot = retriever.index.snapshot
    left_out = np.array([question.author in LEFT_OUT for question in questions])
    texts = [question.text for question in questions]
    models: list[tuple[str, Embedder]] = [("", retriever.embedder)]
    models += [("-multilingual", retriever.multilingual)] if retriever.multilingual else []
    metrics = {
        suffix: learn(examples_of(snapshot, model, texts, unanswered, suffix).without(left_out))
        for suffix, model in models
    }
    units = {
        name: UnitVectors(each.vectors[~left_out], each.rows[~left_out]) if name.startswith("questions") else each
        for name, each in snapshot.units.items()
    }
    number = np.cumsum(~left_out) - 1
    marks = snapshot.answering[~left_out[snapshot.answering[:, 0]]].copy()
    marks[:, 0] = number[marks[:, 0]]
    kept = replace(snapshot, units=units, metrics=metrics, answering=marks)
    return replace(retriever, index=replace(retriever.index, snapshot=kept, depth=len(snapshot.passages)))


def _passages(retriever: Retriever, asked: Sequence[Asked]) -> Iterator[str]:
    rows, index = retriever.index.snapshot.row_of, retriever.index
    examples = []
    for name, _, query in asked:
        scores = np.stack([strategy(query, index) for strategy in STRATEGIES], axis=1)
        right = (np.arange(index.size) == rows[name]).astype(np.float32)
        examples.append(Example(query.language == "en", scores, right, np.zeros_like(right)))
    for label, shipped in (
        ("English", ENGLISH),
        ("other languages", OTHER_LANGUAGES),
        ("English, own documents", ENGLISH_TEXT),
        ("other languages, own documents", OTHER_LANGUAGES_TEXT),
    ):
        columns = [STRATEGIES.index(strategy) for strategy in shipped]
        own = [replace(each, scores=each.scores[:, columns]) for each in examples if each.english == ("E" in label)]
        yield from _compared(label, own, [s.__name__ for s in shipped], list(shipped.values()))


def _sentences(retriever: Retriever, judge: Evidence, asked: Sequence[Asked]) -> Iterator[str]:
    examples = []
    for name, question, query in asked:
        results = retriever.retrieve(query, FOUND)
        parts = parts_of(results)
        right = np.array(
            [r.passage.id == name and at + 1 in question.answered_by for r, _, at, _ in parts], dtype=np.float32
        )
        if right.any():
            looks = judge.looks(query, parts)
            scores = np.stack([getattr(looks, look) for look in LOOKS], axis=1)
            examples.append(Example(query.language == "en", scores, right / right.sum(), looks.bonus))
    for label, shipped in (("English", evidence.ENGLISH), ("other languages", evidence.OTHER_LANGUAGES)):
        own = [each for each in examples if each.english == (label == "English")]
        yield from _compared(label, own, LOOKS, [getattr(shipped, look) for look in LOOKS])


def _compared(label: str, examples: Sequence[Example], names: Sequence[str], shipped: Sequence[float]) -> Iterator[str]:
    half = len(examples) // 2
    yield f"{label}: {half} questions to learn from, {len(examples) - half} to try"
    for title, weights in (("learned", learn(examples[:half])), ("shipped", np.array(shipped, dtype=np.float32))):
        values = ", ".join(f"{name} {weight:.1f}" for name, weight in zip(names, weights, strict=True))
        yield f"  {title}: {_found(examples[half:], weights)}  ({values})"


def learn(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Weights, none below zero, under which what is right is likeliest."""
    import torch

    most = max(len(each.right) for each in examples)
    inputs = torch.zeros(len(examples), most, examples[0].scores.shape[1])
    offsets, wanted = torch.full((len(examples), most), -1e9), torch.zeros(len(examples), most)
    spread = np.concatenate([each.scores for each in examples]).std(axis=0) + 1e-6
    for at, each in enumerate(examples):
        inputs[at, : len(each.right)] = torch.tensor(each.scores / spread)
        offsets[at, : len(each.right)] = torch.tensor(each.bonus)
        wanted[at, : len(each.right)] = torch.tensor(each.right)
    free = torch.full((inputs.shape[2],), -1.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([free], max_iter=200)

    def closure() -> float:
        optimizer.zero_grad()
        weights = torch.nn.functional.softplus(free)
        chances = torch.log_softmax(inputs @ weights + offsets, 1)
        loss = -(wanted * chances.clamp(min=-50)).sum(1).mean() + RIDGE * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    found: NDArray[np.float32] = torch.nn.functional.softplus(free).detach().numpy() / spread
    return found.astype(np.float32)


def _found(examples: Sequence[Example], weights: NDArray[np.float32]) -> str:
    """How often something right is among the first, at each cutoff."""
    places = []
    for each in examples:
        totals = each.scores @ weights + each.bonus
        places.append(int((totals > totals[each.right > 0].max()).sum()))
    return ", ".join(f"@{k} {np.mean(np.array(places) < k):.3f}" for k in CUTOFFS)
