"""By what a figure is told: one's own books ("d'après nos comptes un tiers"), or others ("according to the bank").

What one's own books say is one's own figure; what others say is asked back. Pure functions over normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import starts_with, trim
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_CLAUSE = re.compile(r"(?:^|(?<=[,;:.!?] ))")
# "According to the books of our co-op": how far behind the word its noun may stand.
_NEAR = 3
_LONGEST = 40


def by_own_books(normal: str, words: ReplyWords) -> str | None:
    """The text without "according to our accounts"; None when the figure is told by something else."""
    for opening in _CLAUSE.finditer(normal):
        clause = normal[opening.start() :]
        phrase = next((each for each in words.according if starts_with(clause, each)), None)
        if phrase is None:
            continue
        behind = clause[len(phrase) :]
        nouns = list(_WORD.finditer(behind))[:_NEAR]
        book = next((each for each in nouns if each.group(0) in words.books), None)
        if book is None:
            return None if any(behind.startswith(each) for each in (" ", "'")) and phrase not in _OTHERWISE else normal
        return trim(normal[: opening.start()] + " " + behind[book.end() :])
    return normal


# "Segundo" is a second as well, "nach" and "selon" stand before times and measures.
_OTHERWISE = frozenset({"segundo", "secondo", "nach", "laut", "volgens"})
