"""Late interaction: a passage is as near as the best match of each of the question's words in it.

The score is ColBERT's MaxSim (Khattab and Zaharia, SIGIR 2020) on the token embeddings of an ordinary
sentence-embedding model. They are reduced to their first principal components, which costs nothing measurable here and
saves two thirds of the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from silk_rag.retrieval.ports import Matrix

DIMENSIONS = 128
#: Word pieces that carry no meaning of their own, as the model's vocabulary writes them, in small letters.
_EMPTY_PIECES = frozenset(
    """a about an and are as at be been by can could did do does for from had has have how i if in into is it its of
    on or our should so some that the their them then there they this to up us was we were what when where which who why
    will with would you your ? . , ' ’ " “ ” ( ) : ; ! - – / s t [cls] [sep] [pad] <s> </s>""".split()
)


@dataclass(frozen=True)
class TokenVectors:
    """Reduced token embeddings of all passages, one after the other.

    `vectors` has shape (tokens, dimensions), rows of length 1; passage i has the tokens from `starts[i]` to
    `starts[i + 1]`, and passages from `len(starts) - 1` on have none. `projection` has shape (model dimensions,
    dimensions).
    """

    vectors: Matrix
    starts: NDArray[np.int64]
    projection: Matrix

    def scores(self, tokens: Matrix, passages: int) -> NDArray[np.float32]:
        """MaxSim of reduced question tokens with every passage, shape (passages,); -1 where a passage has no tokens."""
        result = np.full(passages, -1.0, dtype=np.float32)
        if len(tokens) and len(self.vectors):
            similarities = tokens @ self.vectors.T
            best = np.maximum.reduceat(similarities, self.starts[:-1], axis=1)
            result[: best.shape[1]] = best.mean(axis=0)
        return result

    def of_passage(self, row: int) -> Matrix:
        """The reduced token embeddings of one passage, shape (tokens, dimensions); empty when it has none."""
        if row + 1 >= len(self.starts):
            return self.vectors[:0]
        return self.vectors[self.starts[row] : self.starts[row + 1]]

    def reduce(self, tokens: Matrix) -> Matrix:
        """Token embeddings of a question in the reduced space, rows of length 1."""
        return unit_rows(tokens @ self.projection)


def telling_tokens(pieces: Sequence[str], embeddings: Matrix) -> Matrix:
    """The embeddings of the pieces that mean something; all of them when none does."""
    kept = [at for at, piece in enumerate(pieces) if piece.casefold() not in _EMPTY_PIECES]
    return embeddings[kept] if kept else embeddings


def principal_projection(sample: Matrix, dimensions: int = DIMENSIONS) -> Matrix:
    """The directions in which token embeddings differ most, shape (model dimensions, dimensions)."""
    _, _, directions = np.linalg.svd(sample, full_matrices=False)
    return np.ascontiguousarray(directions[:dimensions].T, dtype=np.float32)


def unit_rows(vectors: Matrix) -> Matrix:
    """Each row divided by its length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
