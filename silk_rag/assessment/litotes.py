"""Denials that mean a yes: "couldn't have done it without the deal", "no shortage of obstacles".

Who could not have done without something had it and was helped by it. That is a yes only where help or gain is asked
for and what was needed is what the question is about; elsewhere it is asked back. Pure functions over normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.question_words import wordings_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_STEM, _FEWEST = 5, 4
_SUPPOSED = re.compile(
    r"(?<!\w)(?:could\w*|would\w*|(?:we|i|they|it|she|he)'d|aurait|aurions|aurais|serait|serions|habriamos|habria|"
    r"hubieramos|avremmo|avrei|sarebbe|saremmo|teriamos|teria|seria|tinhamos|hatten|hatte|ware|waren|zouden|hadden|"
    r"had|was)(?!\w)"
)
_WITHOUT = re.compile(r"(?<!\w)(?:without|sans|sin|senza|sem|ohne|zonder)\s+([^,;:.!]*)")
_KOREAN = re.compile(r"(?:없었다면|없었으면|아니었다면|아니었으면).*(?:못|불가능|힘들|안 )")
_MANY = re.compile(
    r"^(?:there (?:was|were) )?(?:no (?:shortage|lack|end) of|pas peu d[e']|no (?:pocos|pocas)|non pochi|non poche|"
    r"nao poucos|nao poucas|nicht wenige|niet weinig)\s+(.*)"
)


def is_indispensable(normal: str, words: ReplyWords) -> bool:
    """Whether something could not have been done without something else."""
    return _KOREAN.search(normal) is not None or _needed(normal, words) is not None


def much_denied(normal: str, question: Question, words: ReplyWords) -> bool:
    """Whether the words say yes by what could not have been without it, or by no shortage of what is asked for."""
    many = _MANY.match(normal)
    if many:
        return any(_is_asked_for(token, question) for token in _WORD.findall(many.group(1)))
    needed = _needed(normal, words)
    if needed is None or question.favourable != "yes":
        return False
    named = [token for token in _WORD.findall(needed) if token not in words.light or token in words.needed]
    return any(token in words.needed or _is_asked_for(token, question) for token in named[:3])


def _needed(normal: str, words: ReplyWords) -> str | None:
    """What could not have been done without: "the deal"."""
    found = _WITHOUT.search(normal)
    if found is None or not _SUPPOSED.search(normal):
        return None
    beside = normal[: found.start()] + " " + normal[found.end() :]
    inside = _WORD.findall(normal)
    denies = any(_is_denying(token, words) for token in _WORD.findall(beside)) or any(
        _is_denying(token, words) for token in inside if token not in found.group(0).split()[:1]
    )
    return found.group(1) if denies else None


def _is_denying(token: str, words: ReplyWords) -> bool:
    return token in words.denying or token in words.concord or token.endswith(("n't", "nt"))


def _is_asked_for(token: str, question: Question) -> bool:
    asked = _WORD.findall(wordings_of(question, "retrospective").lower())
    stem = token[: max(_FEWEST, min(_STEM, len(token) - 1))]
    return len(token) >= _FEWEST and any(word.startswith(stem) for word in asked)
