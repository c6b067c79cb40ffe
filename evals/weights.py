"""What the weights of retrieval and of sentences were learned from: editors' questions whose authors are left out.

The questions of the later authors are asked of an index that holds those of the others only. Which passage, and which
sentence, each was written for is known, so a softmax regression over all passages (and over the sentences of the
passages found) gives the weight of each score. No evaluation question is looked at.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from silk_rag.retrieval.scores import ENGLISH, ENGLISH_TEXT, OTHER_LANGUAGES, OTHER_LANGUAGES_TEXT, Index
from silk_rag.retrieval.snapshot import Snapshot, UnitVectors

if TYPE_CHECKING:
    from ingest.questions import EditorsQuestion
    from silk_rag.bootstrap import Services

#: The authors who are left out, and how many of their questions are asked.
LEFT_OUT, ASKED = frozenset({4, 5}), 1_200
#: Keeps weights finite where two scores say the same.
RIDGE = 1e-3
CUTOFFS = (1, 3, 5, 8)


@dataclass(frozen=True)
class Example:
    """A question's scores, shape (passages, strategies), and the row of the passage it was written for."""

    english: bool
    scores: NDArray[np.float32]
    row: int


def weight_lines(services: Services) -> Iterator[str]:
    """The weights that fit best, and how often the passage is found by them and by those shipped."""
    from ingest.index import questions_for

    questions = questions_for(services.settings.corpus)
    snapshot = services.snapshot
    index = replace(
        services.retriever.index, snapshot=without_authors(snapshot, questions), depth=len(snapshot.passages)
    )
    strategies = list(dict.fromkeys([*ENGLISH, *OTHER_LANGUAGES]))
    examples = list(_examples(services, index, questions))
    for name, shipped in (
        ("English", ENGLISH),
        ("English, without questions", ENGLISH_TEXT),
        ("other languages", OTHER_LANGUAGES),
        ("other languages, without questions", OTHER_LANGUAGES_TEXT),
    ):
        columns = [strategies.index(strategy) for strategy in shipped]
        own = [each for each in examples if each.english == name.startswith("English")]
        half = len(own) // 2
        learned = learn([replace(each, scores=each.scores[:, columns]) for each in own[:half]])
        yield f"{name}: {half} questions to learn from, {len(own) - half} to try"
        for label, weights in (("learned", learned), ("shipped", np.array(list(shipped.values()), dtype=np.float32))):
            values = ", ".join(f"{s.__name__} {w:.1f}" for s, w in zip(shipped, weights, strict=True))
            yield f"  {label}: {_found(own[half:], columns, weights)}  ({values})"


def without_authors(snapshot: Snapshot, questions: dict[str, tuple[EditorsQuestion, ...]]) -> Snapshot:
    """The snapshot without the questions of the authors left out."""
    kept = np.array([q.author not in LEFT_OUT for p in snapshot.passages for q in questions.get(p.id, ())])
    units = {
        name: UnitVectors(each.vectors[kept], each.rows[kept]) if name.startswith("questions") else each
        for name, each in snapshot.units.items()
    }
    return replace(snapshot, units=units)


def learn(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Weights, none below zero, under which the passages that the questions were written for are likeliest."""
    import torch

    scores = np.stack([each.scores for each in examples])
    spread = scores.std(axis=(0, 1)) + 1e-6
    inputs = torch.tensor(scores / spread)
    rows = torch.tensor([each.row for each in examples])
    free = torch.full((scores.shape[2],), -1.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([free], max_iter=200)

    def closure() -> float:
        optimizer.zero_grad()
        weights = torch.nn.functional.softplus(free)
        loss = torch.nn.functional.cross_entropy(inputs @ weights, rows) + RIDGE * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss)

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    found: NDArray[np.float32] = torch.nn.functional.softplus(free).detach().numpy() / spread
    return found.astype(np.float32)


def _examples(services: Services, index: Index, questions: dict[str, tuple[EditorsQuestion, ...]]) -> Iterator[Example]:
    rows = services.snapshot.row_of
    asked = [(rows[name], q.text) for name, own in questions.items() for q in own if q.author in LEFT_OUT]
    strategies = list(dict.fromkeys([*ENGLISH, *OTHER_LANGUAGES]))
    for row, text in random.Random(0).sample(asked, min(ASKED, len(asked))):  # noqa: S311 (no secret)
        query = services.retriever.understand(text)
        scores = np.stack([strategy(query, index) for strategy in strategies], axis=1)
        yield Example(query.language == "en", scores, row)


def _found(examples: Sequence[Example], columns: Sequence[int], weights: NDArray[np.float32]) -> str:
    """How often the passage is among the first, at each cutoff."""
    places = []
    for each in examples:
        totals = each.scores[:, columns] @ weights
        places.append(int((totals > totals[each.row]).sum()))
    return ", ".join(f"@{k} {np.mean(np.array(places) < k):.3f}" for k in CUTOFFS)
