"""What retrieval asks of the world outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
Matrix: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into vectors of length 1."""

    name: str

    def embed_query(self, text: str) -> Vector:
        """The embedding of one question, shape (dimensions,)."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Embeddings of passages or sentences, shape (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class TokenEmbedding:
    """A text's embedding, the word pieces it was cut into, and the embedding of each, shape (pieces, dimensions).

    `places` are the character offsets of the pieces in the text; a piece the model adds itself has an empty place.
    """

    vector: Vector
    pieces: Sequence[str]
    tokens: Matrix
    places: Sequence[tuple[int, int]]


class TokenEmbedder(Embedder, Protocol):
    """An embedder that also shows the embeddings of the word pieces, from the same computation."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        """One result a text, in order."""

    def piece_places(self, texts: Sequence[str]) -> list[Sequence[tuple[int, int]]]:
        """The places of each text's word pieces, without embedding anything."""


class VectorSearch(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    def nearest(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """Up to k (passage id, cosine similarity), best first."""


class KeywordSearch(Protocol):
    """Scores every passage by the words it shares with a question."""

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """BM25 scores, one a passage, in the snapshot's order."""
