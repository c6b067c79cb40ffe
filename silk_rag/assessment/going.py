"""Wishes to go somewhere: a verb of going and a question or a part, in any order and any of the languages.

"Now go to F3", "vai para a B7", "vai alla parte C", "B12로 가주세요". Every other word must be one that goes along with
going, so that an answer that names a question is never taken for a wish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from silk_rag.assessment.acts import Jump
from silk_rag.assessment.normalise import ends_with, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W_][\w']*")
_KOREAN = re.compile(r"(?i)(?<![^\W_])([a-fpi]\d{0,2})(?=[\uac00-\ud7a3])")
_LONGEST = 9
_STEM = 6


def set_apart(normal: str) -> str:
    """The text with Korean particles set apart from the id before them: "d1은" is "d1 은"."""
    return _KOREAN.sub(r"\1 ", normal)


def is_wish_to_go(before: str, behind: str, words: ReplyWords) -> bool:
    """Whether the words around a question's id only ask to go there."""
    tokens = _WORD.findall(without_courtesies(f"{before} \0 {behind}", words))
    asked = not tokens and f"{before}{behind}".strip() != ""
    named = words.going | words.viewing
    known = all(_goes_along(token, words) or token in words.viewing | words.softening for token in tokens)
    return asked or (any(token in named for token in tokens) and known)


def is_wish_to_skip(normal: str, words: ReplyWords) -> bool:
    """Whether a message only asks to go past a question: "I would rather leave this one out, thank you"."""
    tokens = _WORD.findall(without_courtesies(normal, words))
    left = any(token in words.leaving for token in tokens) and any(token in words.left_aside for token in tokens)
    known = words.skipping | words.softening | (words.leaving | words.left_aside if left else frozenset())
    return (left or any(token in words.skipping for token in tokens)) and all(token in known for token in tokens)


def is_wish_to_go_back(normal: str, words: ReplyWords) -> bool:
    """Whether a message only asks for the question before: "could we please go back to the previous one"."""
    tokens = _WORD.findall(without_courtesies(normal, words))
    known = words.backwards | words.softening
    back = any(token in words.backwards for token in tokens)
    return back and all(token in known or _goes_along(token, words) for token in tokens)


def without_courtesies(text: str, words: ReplyWords) -> str:
    """The text without what politeness puts before and behind it; a question that was a request loses its mark."""
    rest, asked = text.strip(" ,.!"), False
    while True:
        low = normalise(rest)
        low = low if len(low) == len(rest) else rest.casefold()
        before = next((each for each in words.courtesies if starts_with(low, each) and low != each), None)
        if before:
            rest, asked = rest[len(before) :].strip(" ,.!:"), True
            continue
        closed = low.rstrip(" ?.!,")
        behind = next((each for each in words.courtesies if ends_with(closed, each) and closed != each), None)
        if behind is None:
            put = asked and any(starts_with(low, mark) for mark in words.set_marks)
            return rest.rstrip(" ?") if put else rest
        rest = rest[: len(closed) - len(behind)].rstrip(" ,.;") + ("?" if "?" in rest else "")


def part_to_go_to(normal: str, order: Sequence[str], grid: Questionnaire, words: ReplyWords) -> Jump | None:
    """As in "vai alla parte C", "D로 가주세요", "vamos a la parte económica"."""
    tokens = _WORD.findall(set_apart(trim(normal)))
    if not 1 < len(tokens) <= _LONGEST or not any(
        token in words.going or token in words.category_nouns for token in tokens
    ):
        return None
    named = [token for token in tokens if not _goes_along(token, words)]
    # The "a" of "vamos a" is a preposition, that of "go to a" is the part.
    if not named and tokens[-1] in words.along and len(tokens[-1]) == 1:
        named = tokens[-1:]
    if len(named) != 1:
        return None
    letter = named[0].upper() if named[0].upper() in grid.category_by_id else _category(named[0], words)
    first = next((question_id for question_id in order if question_id.startswith(letter or "-")), None)
    return Jump(first) if first else None


def _category(name: str, words: ReplyWords) -> str | None:
    """The part of this name, in whatever gender or number: "económica" as "económico"."""
    if name in words.categories or len(name) < _STEM:
        return words.categories.get(name)
    letters = {letter for called, letter in words.categories.items() if called[:_STEM] == name[:_STEM]}
    return letters.pop() if len(letters) == 1 else None


def _goes_along(token: str, words: ReplyWords) -> bool:
    return token in words.going or token in words.along or token in words.category_nouns
