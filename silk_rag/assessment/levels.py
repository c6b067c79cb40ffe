"""Levels told with an adjective and how much of it: "not hard at all", "facilísimo", "easiest thing ever", "muy baja".

A pure function over one clause of normalised text. Which words mean easy, hard, very and rather is in the word lists;
the order of what a clause may hold is the grammar here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from silk_rag.assessment.questionnaire import Scale
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_LONGEST, _LONGEST_NAMED = 8, 5
_SUPERLATIVE = re.compile(
    r"(?:\w{3,}(?:iest|est|issimo|issima|isimo|isima|ste|sten)|most|least|never|ever|mais|mas|piu|plus|am)$"
)
_AT_ALL = frozenset(
    "at all absolutely whatsoever slightest remotely du tout nada per niente gar uberhaupt helemaal 전혀".split()
)
_LITTLE = frozenset("bit little slightly somewhat peu poco po' pouco bisschen etwas wenig beetje 조금 약간".split())
_TOO = frozenset(
    (
        "too very so that overly terribly particularly especially tres trop muy tan molto troppo muito tao "
        "sehr so zu erg zo te heel 그렇게 별로 너무"
    ).split()
)
_TIMES = frozenset(
    (
        "ever thing things of in the it was is part task imaginable possible all so chose cosa coisa du "
        "monde del mundo del mondo do mundo"
    ).split()
)
_A_LITTLE_OF = frozenset("little peu poca pocas pouca poucas poche scarsa wenig weinig".split())
_MUCH_OF = frozenset("much beaucoup mucha muchas molta molte muita muitas viel viele veel grande grosse gran".split())
_TROUBLE = frozenset(
    (
        "difficulty difficulties difficulte difficultes dificultad dificultades difficolta dificuldade dificuldades "
        "schwierigkeit schwierigkeiten moeilijkheid moeilijkheden moeite"
    ).split()
)
# "Difficult at first, then easy" tells two levels; "hard to find a bank" tells what was hard.
_WHEN = frozenset(
    (
        "to way should would might expected hoped first then before after until later initially beginning "
        "now end abord puis ensuite luego despues primero poi prima depois primeiro zuerst dann spater eerst "
        "daarna"
    ).split()
)
_IN_DOING = re.compile(
    r"(?<=\w) (?:to|in|at) (?:find|get|reach|raise|obtain|identify|finding|getting|raising|manage|arrange|"
    r"pay|bridge|cover)(?!\w).*$"
)
# "Less than medium", "high enough" compare with a level and name none; "too high" finds fault with one.
_COMPARED = frozenset(
    "than less more enough used wrong number instead que moins menos meno mais als weniger mehr minder meer dan".split()
)
_FAULTS = frozenset("too trop demasiado troppo demais zu te".split())
_COMPARATIVE = re.compile(
    r"(?:easier|simpler|harder|tougher|smoother|leichter|einfacher|schwerer|schwieriger|makkelijker|"
    r"moeilijker|lastiger)$"
)
_KOREAN_NOT = re.compile(r"(?:지\s*않|지\s*못)")


def level_told(clause: str, scale: Scale, words: ReplyWords) -> int | None:
    """The level that an adjective tells with its degree; None where another word stands beside them."""
    tokens = _WORD.findall(_IN_DOING.sub("", clause))
    if not 1 <= len(tokens) <= _LONGEST or re.search(r"\d", clause) or (_WHEN | _COMPARED) & set(tokens):
        return None
    if scale.name == "readiness" and _is_partly_ready(clause, tokens, words):
        return 3
    if scale.name == "difficulty":
        found = _amount(tokens, words) or _difficulty(tokens, clause, words)
        if found is not None:
            return found
    return _named(tokens, scale, words)


def _is_partly_ready(clause: str, tokens: list[str], words: ReplyWords) -> bool:
    """As in "parcialmente prontos", "à moitié prêts": a word for partly before a word for ready."""
    if len(tokens) < 2 or tokens[-1] not in words.ready:
        return False
    degree = clause[: clause.rindex(tokens[-1])].strip()
    return words.alone.get(degree) == "partly" and not any(_denies(token, words) for token in tokens)


def _amount(tokens: list[str], words: ReplyWords) -> int | None:
    """As in "poca dificultad", "much difficulty": how much of it there was."""
    amounts = [token for token in tokens if token in _A_LITTLE_OF or token in _MUCH_OF]
    rest = [token for token in tokens if token not in amounts and token not in _TROUBLE]
    if len(amounts) != 1 or len(rest) == len(tokens) - 1 or any(not _is_beside(token, words) for token in rest):
        return None
    return 2 if amounts[0] in _A_LITTLE_OF else 4


def _difficulty(  # noqa: PLR0911 (one return a degree)
    tokens: list[str], clause: str, words: ReplyWords
) -> int | None:
    easy = [token for token in tokens if token in words.easy]
    hard = [token for token in tokens if token in words.hard]
    if bool(easy) == bool(hard) or len(easy) + len(hard) > 1:
        return None
    rest = [token for token in tokens if token not in {*easy, *hard}]
    denied = _KOREAN_NOT.search(clause) is not None or any(_denies(token, words) for token in rest)
    degree = (
        _AT_ALL | _LITTLE | _TOO | _TIMES | {word for phrase in (*words.very, *words.rather) for word in phrase.split()}
    )
    if any(token not in degree and not _denies(token, words) and not _is_beside(token, words) for token in rest):
        return None
    if _COMPARATIVE.search((*easy, *hard)[0]):
        # "It couldn't have been easier"; "it wasn't easier" compares with something else.
        could = denied and any(token.startswith("could") for token in rest)
        return (5 if hard else 1) if could else None
    if denied:
        return _denied(rest, hard=bool(hard))
    outermost = _SUPERLATIVE.search((*easy, *hard)[0]) or any(token in words.very for token in rest)
    if outermost or any(_SUPERLATIVE.search(token) for token in rest):
        return 5 if hard else 1
    if any(token in _LITTLE for token in rest):
        return 2
    return 4 if hard else 2


def _denied(rest: list[str], *, hard: bool) -> int:
    """As in "not hard at all", "not that easy", "not too difficult", "ni fácil"."""
    if any(token in _AT_ALL for token in rest):
        return 1 if hard else 5
    return 2 if hard else 4


def _named(tokens: list[str], scale: Scale, words: ReplyWords) -> int | None:
    """A level by its name, with "very" or "rather" before it and what says nothing around it."""
    names: Mapping[str, int] = {**words.levels, **scale.words}
    degrees = {*words.very, *words.rather}
    found = [
        (place, names[token])
        for place, token in enumerate(tokens)
        if token in names and not (token in degrees and place + 1 < len(tokens))
    ]
    if len(found) != 1:
        return None
    place, level = found[0]
    if _FAULTS & set(tokens) or len(tokens) > _LONGEST_NAMED:
        return None
    before, behind = tokens[:place], tokens[place + 1 :]
    if any(_denies(token, words) for token in tokens) or any(not _is_beside(token, words) for token in behind):
        return None
    very = any(token in words.very for token in before)
    if any(token not in words.very and token not in words.rather and not _is_beside(token, words) for token in before):
        return None
    return {4: 5, 2: 1}.get(level, level) if very else level


def _denies(token: str, words: ReplyWords) -> bool:
    return token in words.denying or token in words.concord or token.endswith("n't") or token.startswith(("않", "못"))


def _is_beside(token: str, words: ReplyWords) -> bool:
    """Whether a word says nothing beside a level: "I'd say", "for us", "the level", "level of difficulty"."""
    plain = token.rpartition("'")[2]
    return plain in words.light or plain in _BESIDE or any(token in phrase.split() for phrase in words.fillers)


_BESIDE = frozenset(
    (
        "level levels rating score grade nivel niveau livello grau stufe difficulty difficulte dificultad "
        "difficolta dificuldade impact impacto impatto effet effetto efecto efeito wirkung "
        "난이도는 난이도 어려움은 수준은 영향은 효과는 정도로 정도 봅니다 봐요 생각해요 could couldn't have been be"
    ).split()
)
