"""The words that a question is asked in, in every language: what is said in them speaks of the question."""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import normalise
from silk_rag.assessment.questionnaire import Mode, Question

_WORD = re.compile(r"[^\W\d_][\w']*")
_BOTH: tuple[Mode, ...] = ("retrospective", "planning")
_STEM, _FEWEST_LETTERS = 5, 4


def wordings_of(question: Question, *modes: Mode) -> str:
    """Its printed text and how it is put, looking that way or both ways, one after the other."""
    own = (question.wording(mode) for mode in modes or _BOTH)
    translated = (each.wording(mode) for mode in modes or _BOTH for each in question.translations.values())
    return " ".join((question.text, *own, *translated))


def stems_of(question: Question, *modes: Mode) -> frozenset[str]:
    """The beginnings (five letters, normalised) of those of its words that are no particles."""
    words = _WORD.findall(normalise(wordings_of(question, *modes)))
    return frozenset(word[:_STEM] for word in words if len(word) >= _FEWEST_LETTERS)
