"""Keyword search: BM25 by bm25s (Lù, 2024, arXiv:2407.03618), saved beside the snapshot."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from silk_rag.errors import IndexUnusable


class Bm25Search:
    """BM25 scores of every passage for the words of a question."""

    def __init__(self, index: Any, passages: int) -> None:  # noqa: ANN401 (bm25s has no types)
        self._index = index
        self._passages = passages

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Scores of all passages, shape (passages,); zeros when no word is known."""
        if not words:
            return np.zeros(self._passages, dtype=np.float32)
        return np.asarray(self._index.get_scores(list(words)), dtype=np.float32)


def build_bm25(words: Sequence[Sequence[str]]) -> Bm25Search:
    """Index passages given as their words (stems), in order."""
    bm25s = _bm25s()

    index = bm25s.BM25()
    index.index([list(passage) or [""] for passage in words], show_progress=False)
    return Bm25Search(index, len(words))


def save_bm25(search: Bm25Search, folder: Path) -> None:
    """Write a keyword index into a new folder."""
    search._index.save(str(folder), show_progress=False)  # noqa: SLF001 (the two are one adapter)


def open_bm25(folder: Path, passages: int) -> Bm25Search:
    """Open a saved keyword index. Raises IndexUnusable when it is missing or damaged."""
    bm25s = _bm25s()

    try:
        index = bm25s.BM25.load(str(folder), show_progress=False, verbosity=0)
        search = Bm25Search(index, passages)
        if len(search.scores(["internationalis"])) != passages:
            raise IndexUnusable("The keyword index holds another number of passages than the snapshot.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"The keyword index cannot be read ({type(error).__name__}).") from error
    return search


def _bm25s() -> Any:  # noqa: ANN401 (bm25s has no types)
    """The library, imported late; it sets its own logger to debug when it is imported."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s
