"""The paper repeats itself: the executive summary, chapter 1 and the scoping paper share whole passages.

Two texts are near-duplicates when one holds nearly all runs of five words of the other (Broder's containment of
shingles, 1997). One of them is enough in a list of results and in an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SHINGLE_WORDS = 5
#: Share of the shorter text's shingles that the longer one holds.
CONTAINED = 0.6
_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of five words of a text; the whole text when it is shorter."""
    words = _WORD.findall(text.casefold())
    size = min(_SHINGLE_WORDS, len(words))
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1)) if words else frozenset()


def near_duplicates(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether the shorter of two texts, given as shingles, nearly stands in the longer."""
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= CONTAINED * shorter


def duplicate_groups(texts: Sequence[str]) -> list[int]:
    """For each text the index of its group's first text; a text without a near-duplicate stands for itself.

    Only texts that share a shingle are compared, so time grows with what is repeated and not with all pairs.
    """
    sets = [shingles(text) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = {}
    group = list(range(len(texts)))
    for index, own in enumerate(sets):
        for other in sorted(_sharing(own, holders)):
            if near_duplicates(own, sets[other]):
                group[index] = group[other]
                break
        for shingle in own:
            holders.setdefault(shingle, []).append(index)
    return group


def _sharing(own: Iterable[tuple[str, ...]], holders: dict[tuple[str, ...], list[int]]) -> set[int]:
    return {index for shingle in own for index in holders.get(shingle, ())}
