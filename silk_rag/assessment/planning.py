"""Yes and no where a plan is asked about: what is hoped for or aimed at is a yes, what is not planned is a no.

"We do expect some", "not planned", "that's not in our plans", "não contamos com isso". Only the question's own words
and words that say nothing may stand beside. A pure function over normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import find_phrase, normalise
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_STEM = 5
_LONGEST = 12
# "Not planned yet", "noch nicht geplant" leave it open; "if", "maybe" doubt it.
_OPEN = re.compile(
    r"(?<!\w)(?:yet|still|if|whether|maybe|perhaps|not sure|know|encore|todavia|aun|ancora|ainda|noch|nog|"
    r"ob|wenn|falls|(?:one|we) can (?:only |but |always )?hope|had (?:planned|hoped|expected|wanted|intended)|"
    r"(?:was|were) (?:planning|hoping|expecting|going|supposed)|used to|avions|avait|habiamos|avevamo|tinhamos|hatten|"
    r"hadden|sobald|zodra|once|"
    r"si|se|als|discuss\w*|decid\w*|think\w* about|아직)(?!\w)"
)
# "The bank expects it": what others intend.
_OTHERS_INTEND = re.compile(
    r"(?<!\w)(?:(?!our (?:co-?op|coop|cooperative|association|organisation|mutual|board|team))"
    r"(?:the|our|my|their|his|her) (?:[\w-]+ ){1,2}(?:expects?|hopes?|wants?|reckons?|intends?|"
    r"aims?|plans to|foresees?)|"
    r"(?:they|he|she|people|everyone|everybody) (?:all )?(?:expects?|hopes?|wants?|reckons?|intends?|"
    r"aims?|plans?))(?!\w)"
)


def others_intend(normal: str) -> bool:
    """As in "the bank expects it to be a quarter"."""
    return _OTHERS_INTEND.search(normal) is not None


def planned(clause: str, question: Question, words: ReplyWords) -> str | None:
    """Yes or no as it is planned; None when more is told, or when it is left open."""
    tokens = _WORD.findall(clause)
    if not words.ahead or not 1 <= len(tokens) <= _LONGEST or re.search(r"\d", clause) or _OPEN.search(clause):
        return None
    if others_intend(clause) or any(find_phrase(clause, weakener) >= 0 for weakener in words.weakeners):
        return None
    intends = [token for token in tokens if token in words.planned]
    denying = [token for token in tokens if _denies(token, words)]
    own = _stems(question)
    said = {word for phrase in (*words.fillers, *words.companions) for word in phrase.split()}
    beside = (words.light | said | words.planned | words.local | words.abroad) - {*words.easy, *words.hard}
    foreign = [
        t
        for t in tokens
        if t not in beside and t[:_STEM] not in own and t not in denying and words.alone.get(t) is None
    ]
    if not intends or foreign:
        return None
    # "Que sí", "que não" hold a word that denies only where it is the answer.
    concord = [token for token in denying if token in words.concord]
    denials = len(denying) - len(concord) + bool(concord)
    return None if denials > 1 else "no" if denials else "yes"


def _denies(token: str, words: ReplyWords) -> bool:
    spoken = words.alone.get(token) == "no" and token not in words.planned
    return token in words.denying or token in words.concord or token.endswith("n't") or spoken


def _stems(question: Question) -> frozenset[str]:
    translated = (each.planning for each in question.translations.values())
    wordings = normalise(" ".join((question.text, question.planning, *translated)))
    return frozenset(token[:_STEM] for token in _WORD.findall(wordings) if len(token) > 3)
