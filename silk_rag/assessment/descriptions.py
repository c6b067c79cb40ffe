"""Finds the question that a person describes instead of naming: "the one about investors", "celle sur la distance".

What is described is found by the words it shares with one question and no other; rare words weigh more. Where two
questions come near there is none: an answer must not reach the wrong question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from silk_rag.assessment.normalise import normalise, trim
from silk_rag.assessment.questionnaire import Question, Questionnaire

_WORD = re.compile(r"[^\W\d_]{3,}")
# As much of a word as its forms share: "investors" and "investment", "regulation" and "regulatory".
_STEM = 6
# The best must gather this much more than the next, and this share of the words that were said.
_AHEAD = 1.3
_COVERED = 0.5
_ENDS = (
    r"(?=\s*(?:[,:;.?!]|$|\b(?:should|is|was|were|make|put|to be|again|now|after all|first|please|instead|needs?|"
    r"devrait|est|doit|deberia|debe|es|era|dovrebbe|e|deveria|deve|sollte|ist|war|moet|was|d'abord|primero|zuerst)\b))"
)
_DESCRIBED = re.compile(
    r"(?:\b(?:the|that|my) (?:one|ones|question|answer|bit|point|item|thing|reply) "
    r"(?:about|on|for|regarding|concerning|with|to|of)|"
    r"\b(?:la question|celle|celles|la reponse|le point) (?:sur|de|des|du|concernant|a propos de)|"
    r"\b(?:la pregunta|la respuesta|la|lo) (?:del?|sobre|acerca de)|"
    r"\b(?:la domanda|la risposta|quella) (?:sull?[aeio]?|sugli|di|dei|delle|degli|dell[ao]?)|"
    r"\b(?:a pergunta|a resposta|aquela|a) (?:sobre|d[aeo]s?)|"
    r"\b(?:die frage|die antwort|die|das) (?:zu[rm]?|uber|mit|nach)|"
    r"\b(?:de vraag|het antwoord|die) (?:over|naar|met))\s+"
    r"(?P<behind>\S.*?)" + _ENDS + r"|\b(?:the|that) (?P<before>[^\W\d_]+(?: [^\W\d_]+){0,2}?) (?:one|question)\b|"
    r"(?P<korean>\S[^,.]*?)(?:에 대한|에 관한|관련)\s*(?:질문|문항|것|거)"
)
_ORDINALS: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_ORDINAL = re.compile(
    r"\b(?:the (?:very )?(?P<number>first|second|third|fourth|fifth) (?:one|question|answer)\b(?! of)|"
    r"(?P<other>la toute premiere|la premiere|la primera|la prima|a primeira|bei der ersten|die erste|de eerste|"
    r"첫 번째|첫번째)"
    r"(?: question| pregunta| domanda| pergunta| frage| vraag)?\b)"
)
_SAYS_NOTHING = frozenset(
    "about the and for with that this those these one ones question questions answer your you did does our was "
    "were from internationalisation international internationalization activity activities sseo contribute "
    "contributed allow allowed help other les des sur une avec pour dans vous votre est que las los con del para "
    "por una sobre che della delle dei per das dos com uma die der und mit von den het een van stuff things part "
    "parts bit bits".split()
)


@dataclass(frozen=True, slots=True)
class Description:
    """The question that is meant, and the normalised words before and behind its description."""

    question: Question
    before: str
    behind: str


def described(
    text: str, grid: Questionnaire, *, order: Collection[str], answered: Collection[str]
) -> Description | None:
    """The question of the order that a message describes; those answered already come first. None without one."""
    normal = normalise(text).replace("\n", " ")
    ordinal = _ORDINAL.search(normal)
    if ordinal and answered:
        place = _ORDINALS.get(ordinal.group("number") or "first", 1) - 1
        wanted = next((each for at, each in enumerate(order) if at == place and each in answered), None)
        return _found(grid.every[wanted], normal, ordinal) if wanted else None
    for match in _DESCRIBED.finditer(normal):
        words = next(group for group in match.group("behind", "before", "korean") if group)
        for among in (answered, order):
            question = question_about(words, grid, among)
            if question is not None:
                return _found(question, normal, match)
    return None


def _found(question: Question, normal: str, match: re.Match[str]) -> Description:
    return Description(question, trim(normal[: match.start()]), normal[match.end() :].strip())


def question_about(
    words: str, grid: Questionnaire, among: Iterable[str], *, covered: float = _COVERED
) -> Question | None:
    """The one of these questions whose own words a description uses, well ahead of all others."""
    said = stems(words)
    if not said:
        return None
    known = _weights(grid)
    all_told = sum(known.rarity.get(stem, known.unheard) for stem in said)
    scored = sorted(
        ((sum(known.rarity[stem] for stem in said & known.stems[each]), each) for each in among if each in known.stems),
        reverse=True,
    )
    if not scored or scored[0][0] < covered * all_told or scored[0][0] == 0:
        return None
    if len(scored) > 1 and scored[1][0] * _AHEAD > scored[0][0]:
        return None
    return grid.every[scored[0][1]]


def stems(words: str) -> frozenset[str]:
    """The beginnings of the words that say something."""
    return frozenset(word[:_STEM] for word in _WORD.findall(normalise(words)) if word not in _SAYS_NOTHING)


@dataclass(frozen=True)
class _Weights:
    """The stems of every question, and how rare each is among them."""

    stems: Mapping[str, frozenset[str]]
    rarity: Mapping[str, float]
    unheard: float


@lru_cache(maxsize=4)
def _weighed(questions: tuple[tuple[str, str], ...]) -> _Weights:
    stemmed = {question_id: stems(words) for question_id, words in questions}
    counted = Counter(stem for each in stemmed.values() for stem in each)
    rarity = {stem: math.log(1 + len(stemmed) / count) for stem, count in counted.items()}
    return _Weights(stemmed, rarity, math.log(1 + len(stemmed)))


def _weights(grid: Questionnaire) -> _Weights:
    return _weighed(tuple((each.id, _wordings(each)) for each in grid.by_id.values()))


def _wordings(question: Question) -> str:
    translated = (each.retrospective for each in question.translations.values())
    return " ".join((question.text, question.wording("retrospective"), question.planning, *translated))
