"""Everything retrieval needs to know of one index, read-only, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from silk_rag.documents import Document, Passage
from silk_rag.retrieval.late_interaction import TokenVectors
from silk_rag.retrieval.metric import Metric
from silk_rag.retrieval.ports import Matrix, Vector

#: How many of a passage's editors' questions say how near it is, and what each counts, nearest first.
_NEAREST = 3
_NEAREST_WEIGHTS = np.array([0.5, 0.25, 0.25], dtype=np.float32)


@dataclass(frozen=True)
class UnitVectors:
    """Vectors of things smaller than a passage (sentences, editors' questions), each with its passage's row.

    `vectors` has shape (units, dimensions), float32, rows of length 1; `rows[i]` is the passage of unit i. With a
    `metric` they are mapped by it, and so is a question before it is compared with them.
    """

    vectors: Matrix
    rows: NDArray[np.int32]
    metric: Metric | None = None

    def mapped_by(self, metric: Metric | None) -> UnitVectors:
        """The same units under a metric; these very units where there is none."""
        return self if metric is None else UnitVectors(metric.of_units(self.vectors), self.rows, metric)

    def similarities(self, vector: Vector) -> Vector:
        """The similarity of each unit to a question's vector, as its model gave it. Shape (units,)."""
        return self.vectors @ (vector if self.metric is None else self.metric.of_question(vector))

    def best_by_passage(self, vector: Vector, passages: int) -> NDArray[np.float32]:
        """The similarity of each passage's best unit; -1 for a passage without units. Shape (passages,)."""
        best = np.full(passages, -1.0, dtype=np.float32)
        if len(self.rows):
            np.maximum.at(best, self.rows, self.similarities(vector))
        return best

    def likeness(self, vector: Vector, passages: int) -> NDArray[np.float32]:
        """The similarity of each passage's three nearest units, the nearest counting as much as the other two.

        Passages without units get 0. Shape (passages,).
        """
        likeness = np.zeros(passages, dtype=np.float32)
        if len(self.rows):
            owners, places = self._places
            similarities = np.append(self.similarities(vector), -np.inf)[places]
            best = -np.sort(-similarities, axis=1)[:, :_NEAREST]
            best = np.where(np.isinf(best), best[:, :1], best)
            likeness[owners] = best @ _NEAREST_WEIGHTS[: best.shape[1]] / _NEAREST_WEIGHTS[: best.shape[1]].sum()
        return likeness

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The passages with units, and for each the positions of its units, filled up with the one past the last."""
        owners, counts = np.unique(self.rows, return_counts=True)
        order = np.argsort(self.rows, kind="stable")
        places = np.full((len(owners), counts.max()), len(self.rows), dtype=np.int64)
        starts = np.cumsum(counts) - counts
        for row, (start, count) in enumerate(zip(starts, counts, strict=True)):
            places[row, :count] = order[start : start + count]
        return owners.astype(np.int64), places


@dataclass(frozen=True)
class Snapshot:
    """One index: documents, passages in index order, and vectors by name.

    `units` holds "sentences" and "questions" embedded by the main model, and "sentences-multilingual" and
    "questions-multilingual" by the second one where there is one. Sentence units follow the order of the passages and
    of the sentences in each. "unanswered-multilingual" are editors' questions that no passage answers.

    `answering` has shape (marks, 3): an editors' question and a sentence that answers it, both by their position among
    the units, and the sentence's place among those that do, 0 the best.

    `metrics` are what was learned for the main model ("") and the multilingual one ("-multilingual").
    """

    id: str
    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    units: Mapping[str, UnitVectors]
    tokens: TokenVectors | None = None
    answering: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 3), dtype=np.int32))
    metrics: Mapping[str, Metric] = field(default_factory=dict)

    @cached_property
    def learned(self) -> Mapping[str, UnitVectors]:
        """The units under the metric of their model."""
        return {
            name: units.mapped_by(self.metrics.get("-multilingual" if name.endswith("-multilingual") else ""))
            for name, units in self.units.items()
        }

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each passage, by its id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}

    @cached_property
    def asked_about(self) -> NDArray[np.bool_]:
        """Which passages editors wrote questions for, shape (passages,)."""
        known = np.zeros(len(self.passages), dtype=np.bool_)
        questions = self.units.get("questions")
        if questions is not None:
            known[questions.rows] = True
        return known

    def passage(self, identity: str) -> Passage | None:
        """The passage of that id, or None."""
        row = self.row_of.get(identity)
        return None if row is None else self.passages[row]

    @cached_property
    def first_sentence(self) -> NDArray[np.int64]:
        """For each passage the index of its first sentence among the sentence units."""
        counts = np.array([len(passage.sentences) for passage in self.passages], dtype=np.int64)
        return np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
