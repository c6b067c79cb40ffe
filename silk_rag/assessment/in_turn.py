"""An answer and the answer to what comes next, in one message: "8 percent, and there was a dedicated fund".

The head of the message answers the present question; what follows speaks of the next one in its own words and answers
it there. What only goes on about the present question stays with it. Every function is pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from silk_rag.assessment.acts import Act, Answer, Unclear
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.context import Context
from silk_rag.assessment.doubts import is_conditional, is_ironic
from silk_rag.assessment.inapplicable import is_inapplicable
from silk_rag.assessment.normalise import find_phrase, normalise, trim
from silk_rag.assessment.ports import AnswerReader
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.quoting import is_reported
from silk_rag.assessment.readings import Reading
from silk_rag.assessment.subjects import share_of_subject
from silk_rag.assessment.targets import ids_in
from silk_rag.assessment.telling import act_on_told
from silk_rag.assessment.values import OPEN_CODES
from silk_rag.assessment.words import ReplyWords

_CUT = re.compile(
    r"(?i)(?:[.;!:]|,)(?!\d)\s*(?:(?:and|but|while|whereas|et|mais|y|pero|e|ma|mas|und|aber|en|maar|그리고)\s+)?|"
    r"\s+(?:and|but|while|whereas|et|mais|y|pero|e|ma|mas|und|aber|maar|그리고)\s+"
)
# How much of what follows must be the next question's own words, and how much more of them than the present one's.
_COVERED, _COVERED_TOLD, _AHEAD = 0.3, 0.5, 1.3
_LONGEST, _FEWEST = 40, 2


def answers_in_turn(
    text: str, heard: tuple[Act, ...], context: Context, words: ReplyWords, reader: AnswerReader | None
) -> tuple[Act, ...] | None:
    """The answers to the present question and to those after it; None where the message answers one alone."""
    present = context.question
    if present is None or present.id not in context.order or not _is_one_account(heard, present):
        return None
    if not _is_plain(text, words):
        return None
    for left, right in _cut(text):
        first = read_answer(left, present, words)
        following = _after(present, context)
        if not isinstance(first, Reading) or first.value.content in OPEN_CODES or following is None:
            continue
        second = _on_the_next(right, present, following, context=context, words=words, reader=reader)
        if second is not None:
            note = "" if first.bare else left
            return (Answer(present.id, first.value, note, first.hedged), *second)
    return None


def _is_one_account(heard: tuple[Act, ...], present: Question) -> bool:
    """Whether all was heard as one answer to the present question with more words, or not understood."""
    (first, *more) = heard
    if more or present.kind == "text":
        return False
    if isinstance(first, Answer):
        return first.question_id == present.id and bool(first.note)
    return isinstance(first, Unclear) and first.reason in {
        "own_words",
        "not_understood",
        "confirm",
        "contradiction",
        "doubt",
    }


def _is_plain(text: str, words: ReplyWords) -> bool:
    """Whether nothing in the message makes its parts doubtful."""
    normal = normalise(text)
    pieces = [piece for each in _CUT.split(normal) if (piece := trim(each))]
    doubted = any(find_phrase(normal, each) >= 0 for each in (*words.wishes, *words.doubts, *words.turned_denials))
    return not (
        "?" in text
        or not 1 < len(pieces)
        or len(normal.split()) > _LONGEST
        or doubted
        or ids_in(normal)
        or is_ironic(normal, words)
        or is_conditional(pieces, words)
        or is_inapplicable(normal, words)
        or any(is_reported(piece, words) for piece in pieces)
    )


def _cut(text: str) -> Iterator[tuple[str, str]]:
    for match in _CUT.finditer(text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        if left and len(right.split()) >= _FEWEST:
            yield left, right


def _after(question: Question, context: Context) -> Question | None:
    place = context.order.index(question.id) + 1
    return context.grid.every[context.order[place]] if place < len(context.order) else None


def _on_the_next(
    said: str,
    present: Question,
    following: Question,
    *,
    context: Context,
    words: ReplyWords,
    reader: AnswerReader | None,
) -> tuple[Answer, ...] | None:
    """What is said answers the next question: it speaks of it, more than of the present one, in a value of its kind."""
    normal = normalise(said)
    # A yes or no with nothing beside it says more of the present question.
    if bare_code(normal, words):
        return None
    here, there = (share_of_subject(normal, each, context, words) for each in (present, following))
    reading = read_answer(said, following, words)
    if isinstance(reading, Reading) and reading.value.content not in OPEN_CODES:
        own_kind = following.kind in {"duration", "choice"} and following.kind != present.kind
        speaks = there >= _COVERED and there > here * _AHEAD
        only_there = own_kind and not isinstance(read_answer(said, present, words), Reading)
        if speaks or only_there:
            return (Answer(following.id, reading.value, said, reading.hedged),)
        return None
    if reader is None or there < _COVERED_TOLD or there <= here * _AHEAD:
        return None
    asked = replace(context, question=following, pending="", proposed=None)
    told = act_on_told(said, (Unclear("own_words", following.id),), asked, words, reader)
    answers = tuple(act for act in told or () if isinstance(act, Answer))
    return answers or None
