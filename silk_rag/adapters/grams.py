"""Sentences as weighted words and pairs of words, such as "no longer": what embeddings hear too little of.

Words that stand in few sentences count for more (inverse document frequency). Source: Sparck Jones, A statistical
interpretation of term specificity and its application in retrieval, Journal of Documentation 28, 1972.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from silk_rag.assessment.normalise import normalise

# A word of one sentence alone says nothing of others.
FEWEST_SENTENCES = 2
_WORDS = re.compile(r"[\w']+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,}")


@dataclass(frozen=True)
class Grams:
    """The words and pairs that are known, shape (grams,), and how much each counts, float32 of the same shape."""

    known: tuple[str, ...]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Grams:
        """Those that stand in two of the texts and more."""
        found = Counter(gram for text in texts for gram in set(_grams(text)))
        known = tuple(sorted(gram for gram, count in found.items() if count >= FEWEST_SENTENCES))
        return cls(known, np.array([math.log(len(texts) / found[gram]) for gram in known], dtype=np.float32))

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """A row of length 1 for each text (0 where nothing is known), a column for each gram."""
        places = [sorted({self._place[gram] for gram in _grams(text) if gram in self._place}) for text in texts]
        ends = np.cumsum([0, *(len(row) for row in places)])
        columns = np.array([column for row in places for column in row], dtype=np.int32)
        lengths = [float(np.linalg.norm(self.weights[row])) for row in places]
        values = self.weights[columns] / np.repeat(np.array(lengths, dtype=np.float32), np.diff(ends))
        return csr_matrix((values, columns, ends), shape=(len(texts), len(self.known)), dtype=np.float32)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {gram: column for column, gram in enumerate(self.known)}


def _grams(text: str) -> Iterator[str]:
    """Words and pairs of them; Korean, which glues particles to words, by pairs of syllables too."""
    words = _WORDS.findall(normalise(text))
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))
    for word in words:
        if _HANGUL.fullmatch(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
