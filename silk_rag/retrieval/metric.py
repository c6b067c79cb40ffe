"""Learned metrics: a linear map of an embedding model's vectors under which questions lie near what answers them.

A general model finds that all questions on going abroad are much alike: what they share outweighs what tells them
apart, and the asker's story outweighs the question. The maps were learned from editors' questions (Neighbourhood
Components Analysis: Goldberger, Roweis, Hinton and Salakhutdinov, NIPS 2004), so that a question lies near the other
questions of its passage and near the sentences that answer it: `python -m ingest.metric`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from silk_rag.retrieval.ports import Matrix, Vector

FILE = Path(__file__).with_name("metrics.npz")
#: The arrays of each metric in the file, in the order of its fields.
PARTS = ("matrix", "question-centre", "unit-centre", "answered")


@dataclass(frozen=True)
class Metric:
    """A map from vectors of length 1 to vectors of length 1.

    `matrix` has shape (dimensions, learned dimensions). Questions that people ask are embedded otherwise than sentences
    and editors' questions by some models, so each have a centre of their own, shape (dimensions,).

    Questions that the papers answer lie in the direction `answered`, shape (dimensions,), those that they do not answer
    against it: learned from editors' questions of both kinds by logistic regression.
    """

    matrix: Matrix
    question_centre: Vector
    unit_centre: Vector
    answered: Vector
    answered_bias: float = 0.0

    def leaning(self, vector: Vector) -> float:
        """How surely a question is of the kind that the papers answer, as log odds."""
        return float((vector - self.question_centre) @ self.answered) + self.answered_bias

    def of_question(self, vector: Vector) -> Vector:
        """Where a question lies, shape (learned dimensions,)."""
        mapped = (vector - self.question_centre) @ self.matrix
        return np.asarray(mapped / max(float(np.linalg.norm(mapped)), 1e-9), dtype=np.float32)

    def of_units(self, vectors: Matrix) -> Matrix:
        """Where sentences and editors' questions lie, shape (units, learned dimensions)."""
        mapped = (vectors - self.unit_centre) @ self.matrix
        lengths = np.linalg.norm(mapped, axis=1, keepdims=True)
        return np.asarray(mapped / np.maximum(lengths, 1e-9), dtype=np.float32)


def shipped_metrics(path: Path = FILE) -> Mapping[str, Metric]:
    """The metrics by the name of their model; none without the file.

    The vectors of a model that has none are compared as they are.
    """
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as file:
        metrics: dict[str, Metric] = {}
        for number, model in enumerate(file["models"]):
            matrix, question_centre, unit_centre, answered = (
                file[f"{part}-{number}"].astype(np.float32) for part in PARTS
            )
            bias = float(file[f"answered-bias-{number}"])
            metrics[str(model)] = Metric(matrix, question_centre, unit_centre, answered, bias)
    return metrics
