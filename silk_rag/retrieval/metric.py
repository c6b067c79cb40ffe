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


@dataclass(frozen=True)
class Metric:
    """A map from vectors of length 1 to vectors of length 1.

    `matrix` has shape (dimensions, learned dimensions). Questions that people ask are embedded otherwise than sentences
    and editors' questions by some models, so each have a centre of their own, shape (dimensions,).
    """

    matrix: Matrix
    question_centre: Vector
    unit_centre: Vector

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
        return {
            str(model): Metric(
                *(file[f"{part}-{number}"].astype(np.float32) for part in ("matrix", "question-centre", "unit-centre"))
            )
            for number, model in enumerate(file["models"])
        }
