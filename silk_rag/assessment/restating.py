"""Answers in the question's own words: "it did not improve", "they increased", "we encountered none".

A pure function: every word must be the question's own or say nothing beside it, so that nothing else can be meant.
"""

from __future__ import annotations

import re
from typing import Literal

from silk_rag.assessment.normalise import normalise
from silk_rag.assessment.questionnaire import Question

_WORD = re.compile(r"[^\W\d_][\w']*")
_STEM = 5
_LONGEST = 12
_DENYING = frozenset(
    "not no none never nothing didn't didnt don't dont doesn't doesnt haven't havent hasn't hasnt hadn't wasn't wasnt "
    "weren't werent isn't isnt aren't arent won't wont".split()
)
_SUBJECTS = frozenset("it they we our the that this there these those i".split())
_VERBS = frozenset(
    "did does do has have had is are was were will been be see seen saw notice noticed find found get got expect "
    "expecting happen happened went up go face faced feel felt".split()
)
_SAYS_NOTHING = frozenset(
    "a an to of in on for and or at all any so far us really actually indeed clearly definitely certainly simply just "
    "ones one with by because your my their them its".split()
)


def restated(clause: str, question: Question) -> Literal["yes", "no"] | None:
    """Yes or no, when a clause says the question's own words again as they are or denied; otherwise None."""
    tokens = _WORD.findall(clause)
    if not 2 <= len(tokens) <= _LONGEST or re.search(r"\d", clause):
        return None
    asked = _stems(question)
    denied = sum(token in _DENYING for token in tokens)
    own = [token for token in tokens if token[:_STEM] in asked and token not in _SAYS_NOTHING | _SUBJECTS | _VERBS]
    known = {*own, *_DENYING, *_SUBJECTS, *_VERBS, *_SAYS_NOTHING}
    opens = tokens[0] in _SUBJECTS or tokens[0] in _DENYING
    if not opens or denied > 1 or not all(token in known for token in tokens):
        return None
    tells = any(token in _VERBS or token in _DENYING or token.endswith("ed") for token in tokens)
    if not tells or not (own or (denied and "any" in tokens)):
        return None
    return "no" if denied else "yes"


def _stems(question: Question) -> frozenset[str]:
    wordings = normalise(f"{question.text} {question.wording('retrospective')} {question.planning}")
    return frozenset(token[:_STEM] for token in _WORD.findall(wordings) if len(token) > 3)
