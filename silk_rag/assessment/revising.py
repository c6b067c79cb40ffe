"""Corrections that say what was wrong: "the special funds, that was wrong, put no", "sorry 12 I mistyped".

A message that says an answer was mistaken, or asks to put another, names the question by its subject or means the one
answered last; what is said beside that is the new value. Every function is pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from silk_rag.assessment.acts import Act, Answer
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.context import Context
from silk_rag.assessment.descriptions import question_about, stems
from silk_rag.assessment.doubts import is_conditional, is_ironic
from silk_rag.assessment.going import without_courtesies
from silk_rag.assessment.normalise import ends_with, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.readings import Reading
from silk_rag.assessment.targets import ids_in
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_CUT = re.compile(r"[,;:.!]+\s+|\s+[-\u2013\u2014]+\s+")
# "I take back what I said on regulations", "earlier I said no for ...": an answer given is spoken of.
_TAKEN_BACK = re.compile(
    r"(?<!\w)(?:(?:i|we) (?:(?:want to|would like to|must|have to) )?(?:take back|withdraw|revise|correct)"
    r"(?: what (?:i|we) (?:said|told you|wrote|answered))?|(?:je retire|je corrige)(?: ce que j'ai dit)?|"
    r"(?:retiro|corrijo)(?: lo que dije)?|(?:ritiro|correggo)(?: quello che ho detto)?|"
    r"(?:retiro|corrijo)(?: o que disse)?|ich nehme zuruck(?: was ich gesagt habe)?)(?!\w)"
)
_SHOULD_BE = re.compile(
    r"(?<!\w)(?:should (?:have been|be)|has to be|needs to be|ought to be|devrait etre|doit etre|deberia ser|"
    r"tiene que ser|dovrebbe essere|deve essere|devia ser|deve ser|sollte|muss|moet zijn|zou moeten zijn)(?!\w)"
)
_PLEASE_CORRECT = re.compile(
    r"(?<!\w)(?:please (?:correct|change|fix)|(?:correct|change|fix)(?: (?:it|that|this))? (?:please|pls|plz)|"
    r"corrigez s'il vous plait|corrija por favor|corregga per favore|bitte (?:korrigieren|andern))(?: (?:it|that))?$"
)
_LONGEST_SUBJECT = 9


def act_on_revised(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """The answer that is put right, or None where the message does not say that one was wrong."""
    flat = " ".join(text.split())
    normal = normalise(flat)
    if not context.answered or "?" in text or ids_in(normal) or is_ironic(normal, words):
        return None
    asked = _PLEASE_CORRECT.search(trim(normal))
    flat = normal[: asked.start()] if asked else flat
    pieces = [piece for piece in _CUT.split(without_courtesies(flat, words)) if trim(piece)]
    if is_conditional([normalise(piece) for piece in pieces], words):
        return None
    kept, mistaken = _without_the_mistake(pieces, words)
    if len(kept) == 1 and (asked or _SHOULD_BE.search(kept[0])):
        return _in_one(kept[0], context, words)
    if not mistaken or not kept:
        return None
    return _by_subject(kept, context, words) or _of_the_last(kept, context, words)


def _in_one(said: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "the percentage should be 14", "the time to find a partner was 15 months, correct please"."""
    subject, *behind = _SHOULD_BE.split(said, maxsplit=1)
    question = _named(_plain(subject, words), context)
    if question is None or (not behind and question.kind in {"yes_no", "text"}):
        return None
    return _put(question, behind or [said], words)


def _without_the_mistake(pieces: list[str], words: ReplyWords) -> tuple[list[str], bool]:
    """What is said beside the words that something was wrong, and whether such words were there."""
    kept: list[str] = []
    mistaken = False
    for piece in pieces:
        low = trim(normalise(piece))
        mistake = next((each for each in words.mistaken if starts_with(low, each) or ends_with(low, each)), None)
        rest = trim(low.replace(mistake, " ", 1)) if mistake else low
        taken = _TAKEN_BACK.search(rest)
        rest = trim(rest[: taken.start()] + rest[taken.end() :]) if taken else rest
        mistaken = mistaken or bool(mistake or taken)
        kept += [rest] if rest and any(sign.isalnum() for sign in rest) else []
    return kept, mistaken


def _by_subject(kept: list[str], context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "the special funds", "put no": the first piece names an answered question, what follows is its value."""
    subject, *behind = kept
    if not behind or len(_WORD.findall(subject)) > _LONGEST_SUBJECT:
        return None
    question = _named(_plain(subject, words), context)
    return _put(question, behind, words) if question else None


def _plain(subject: str, words: ReplyWords) -> str:
    """The subject without the words of speaking about it."""
    return " ".join(
        token for token in _WORD.findall(subject) if token not in words.softening and token not in words.light
    )


def _named(subject: str, context: Context) -> Question | None:
    return question_about(subject, context.grid, context.answered) if stems(subject) else None


def _put(question: Question, behind: list[str], words: ReplyWords) -> tuple[Act, ...] | None:
    for said in _values(behind, words):
        reading = read_answer(said, question, words)
        if isinstance(reading, Reading):
            return (Answer(question.id, reading.value, "" if reading.bare else said, reading.hedged),)
    return None


def _values(behind: list[str], words: ReplyWords) -> Iterator[str]:
    """What may be the value, the whole first; without the verb of putting: "put no", "make it 14"."""
    for said in (", ".join(behind), *behind):
        plain = without_courtesies(said, words)
        marks = (*words.previous_marks, *words.set_marks)
        mark = next((each for each in marks if starts_with(normalise(plain), each) and normalise(plain) != each), "")
        rest = plain[len(mark) :].strip(" ,:")
        joiner = next((each for each in ("it", "that", *words.set_joiners) if each and starts_with(rest, each)), "")
        yield rest[len(joiner) :].strip(" ,:") if joiner and mark else rest
        yield plain


def _of_the_last(kept: list[str], context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "sorry 12 I mistyped": the value fits the answer given last."""
    rest = [_without_doubt(piece, words) for piece in kept]
    rest = [piece for piece in rest if piece]
    # "No, that was a mistake" takes something back, and says nothing in its place.
    if context.last_answered is None or len(rest) != 1 or trim(kept[0]) in words.alone:
        return None
    return _put(context.last_answered, rest, words)


def _without_doubt(piece: str, words: ReplyWords) -> str:
    for _ in range(3):
        mark = next((each for each in (*words.doubtful_marks, *words.courtesies) if starts_with(piece, each)), None)
        if mark is None:
            return piece
        piece = trim(piece[len(mark) :])
    return piece
