"""Own documents beside the papers: what they lack must not push them down.

Editors wrote questions for the papers' passages, and likeness to those counts most. A document that somebody added has
none: however well it answers, it would be crowded out wherever the papers speak of the same thing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: By how much an own passage must be better than all of the papers' by its text to stand before them all.
MARGIN = 1.0


def placed_by_text(
    scores: NDArray[np.float32], by_text: NDArray[np.float32], asked_about: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The scores, those of passages without editors' questions put where their text alone would place them.

    `by_text` are scores that need no questions, on another scale; `asked_about` says which passages have questions.
    All have shape (passages,). A passage better by its text than n of the papers' gets the score of the one that is
    n-th best by everything.
    """
    if asked_about.all() or not asked_about.any():
        return scores if asked_about.all() else by_text
    placed = scores.copy()
    ladder = np.sort(scores[asked_about])
    texts = np.sort(by_text[asked_about])
    own = by_text[~asked_about]
    above = np.searchsorted(texts, own)
    ahead = np.maximum(own - texts[-1] - MARGIN, 0.0)
    placed[~asked_about] = ladder[np.maximum(above, 1) - 1] + np.where(above == len(texts), ahead, 0.0)
    placed[~asked_about] -= np.where(above == 0, texts[0] - own, 0.0)
    return placed
