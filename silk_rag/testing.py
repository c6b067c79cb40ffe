"""In-memory fakes of the library's ports, for tests and demonstrations without models, files or databases.

Each keeps the contract of the real thing (tests/test_testing.py holds both to it): what passes with a fake passes, as
far as the contract goes, with the real one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.retrieval.exact import ExactSearch
from silk_rag.retrieval.late_interaction import unit_rows
from silk_rag.retrieval.ports import Matrix, TokenEmbedding, Vector

__all__ = ["CountingKeywordSearch", "ExactSearch", "HashingTokenEmbedder", "MemoryEventStore"]

_PIECE = re.compile(r"\w+|[^\w\s]")


def _places(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _PIECE.finditer(text)] or [(0, 0)]


class HashingTokenEmbedder:
    """A TokenEmbedder whose vectors follow from the words' hashes: texts that share words are near, nothing is learnt.

    `embedded` counts the texts embedded so far.
    """

    def __init__(self, *, name: str = "hashing", dimensions: int = 384) -> None:
        self.name = name
        self.embedded = 0
        self._dimensions = dimensions
        self._directions: dict[str, Vector] = {}

    def embed_query(self, text: str) -> Vector:
        """The embedding of one question, shape (dimensions,)."""
        vector: Vector = self.embed_passages([text])[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Embeddings of passages or sentences, shape (texts, dimensions)."""
        return np.array([each.vector for each in self.embed_tokens(texts)], dtype=np.float32).reshape(
            len(texts), self._dimensions
        )

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        """One result a text, in order; a text without words is embedded as if it were one empty word."""
        self.embedded += len(texts)
        return [self._embed(text) for text in texts]

    def piece_places(self, texts: Sequence[str]) -> list[Sequence[tuple[int, int]]]:
        """The places of each text's word pieces, without embedding anything."""
        return [_places(text) for text in texts]

    def _embed(self, text: str) -> TokenEmbedding:
        places = _places(text)
        pieces = [text[start:end].casefold() for start, end in places]
        tokens = np.stack([self._direction(piece) for piece in pieces])
        return TokenEmbedding(unit_rows(tokens.sum(axis=0, keepdims=True))[0], pieces, tokens, places)

    def _direction(self, piece: str) -> Vector:
        if piece not in self._directions:
            seed = int.from_bytes(hashlib.sha256(piece.encode()).digest()[:8], "big")
            direction = np.random.default_rng(seed).standard_normal((1, self._dimensions)).astype(np.float32)
            self._directions[piece] = unit_rows(direction)[0]
        return self._directions[piece]


class CountingKeywordSearch:
    """A KeywordSearch that counts how often each passage holds the question's words."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(passage) for passage in words]

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One score a passage, in order; zeros when no word is known."""
        return np.array([sum(counts[word] for word in words) for counts in self._counts], dtype=np.float32)
