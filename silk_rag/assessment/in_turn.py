"""An answer and the answer to what comes next, in one message: "8 percent, and there was a dedicated fund".

The head of the message answers the present question; what follows speaks of the next one in its own words and answers
it there. What only goes on about the present question stays with it. Every function is pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from silk_rag.assessment.acts import Act, Answer, Unclear, UnclearReason
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.context import Context
from silk_rag.assessment.doubts import is_conditional, is_ironic
from silk_rag.assessment.inapplicable import is_inapplicable
from silk_rag.assessment.normalise import find_phrase, normalise, trim
from silk_rag.assessment.ports import AnswerReader
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.quoting import is_reported
from silk_rag.assessment.readings import Guess, Reading
from silk_rag.assessment.subjects import answer_about, share_of_subject, turns_it_round
from silk_rag.assessment.targets import ids_in
from silk_rag.assessment.telling import act_on_told
from silk_rag.assessment.values import OPEN_CODES
from silk_rag.assessment.words import ReplyWords

_CUT = re.compile(
    r"(?i)(?:[.;!:]|,)(?!\d)\s*(?:(?:and|but|while|whereas|et|mais|y|pero|e|ma|mas|und|aber|en|maar|그리고)\s+)?|"
    r"\s+(?:and|but|while|whereas|et|mais|y|pero|e|ma|mas|und|aber|maar|그리고)\s+"
)
_TWO_IN_KOREAN = re.compile(
    r"(?<![\uac00-\ud7a3])(?!저희는|우리는|저는|이번에는)[\uac00-\ud7a3]{2,}(?:은|는)\s[^,.]*(?:하고|지만|는데|,)\s*"
    r"(?!저희는|우리는|저는)[\uac00-\ud7a3]{2,}(?:은|는)\s"
)
# How much of what follows must be the next question's own words, and how much more of them than the present one's.
_COVERED, _COVERED_FAR, _COVERED_OTHER_KIND, _AHEAD = 0.3, 0.6, 0.15, 1.3
_NEAR = 4
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
        following = _meant(right, present, context, words)
        if following is None:
            continue
        here, there = (share_of_subject(normalise(right), each, context, words) for each in (present, following))
        # "No, nothing new socially": what stands behind a mere yes or no explains it, unless it is clearly of another.
        if bare_code(normalise(left), words) and (there < _COVERED_FAR or here > 0):
            continue
        second = _on(right, following, present, context=context, words=words, reader=reader)
        first = _first(left, present, context, words, reader) if second else None
        if first and second:
            return (first, second)
    return None


def _meant(right: str, present: Question, context: Context, words: ReplyWords) -> Question | None:
    """The next question, or one soon after it that the words speak of and no other: "no products, only training"."""
    place = context.order.index(present.id) + 1
    near = [context.grid.every[each] for each in context.order[place : place + _NEAR]]
    if not near:
        return None
    shares = sorted(
        ((share_of_subject(normalise(right), each, context, words), -at, each) for at, each in enumerate(near)),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    best, _, farther = shares[0]
    apart = best >= _COVERED_FAR and (len(shares) == 1 or best > shares[1][0] * _AHEAD)
    return farther if apart and farther.kind == "yes_no" else near[0]


def _first(
    left: str, present: Question, context: Context, words: ReplyWords, reader: AnswerReader | None
) -> Answer | None:
    """What the head of the message answers to the present question."""
    normal = normalise(left)
    share = share_of_subject(normal, present, context, words)
    placed = any(token in words.local or token in words.abroad for token in normal.split())
    # "Yes here" leaves open what holds elsewhere, where the question asks for no place.
    if (placed and share == 0) or turns_it_round(normal, present, words):
        return None
    reading = read_answer(left, present, words)
    if isinstance(reading, Reading):
        note = "" if reading.bare else left
        sure = reading.value.content not in OPEN_CODES
        return Answer(present.id, reading.value, note, reading.hedged) if sure else None
    about = answer_about(normal, present, None, context, words)
    speaks = share >= _COVERED
    return about or (_told(left, reading, present, context=context, words=words, reader=reader) if speaks else None)


def speaks_of_two(normal: str) -> bool:
    """As in "교육은 교환하고 자금은 ...": two topics set against each other, of which one answer tells nothing."""
    return _TWO_IN_KOREAN.search(normal) is not None


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
        or len(pieces) <= 1
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


def _on(
    said: str,
    question: Question,
    other: Question,
    *,
    context: Context,
    words: ReplyWords,
    reader: AnswerReader | None,
) -> Answer | None:
    """What is said answers this question: it speaks of it, more than of the other, in a value of its kind."""
    normal = normalise(said)
    # A yes or no with nothing beside it says more of the question before.
    if bare_code(normal, words) or turns_it_round(normal, question, words):
        return None
    here, there = (share_of_subject(normal, each, context, words) for each in (other, question))
    reading = read_answer(said, question, words)
    # A yes or no said of a number or an option can only be meant for the question that asks for one.
    judged = isinstance(reading, Reading) and question.kind == "yes_no" != other.kind
    speaks = there >= (_COVERED_OTHER_KIND if judged else _COVERED) and there > here * _AHEAD
    own_kind = question.kind in {"duration", "choice"} and question.kind != other.kind
    only_there = own_kind and not isinstance(read_answer(said, other, words), Reading)
    if isinstance(reading, Reading):
        sure = reading.value.content not in OPEN_CODES and (speaks or only_there)
        return Answer(question.id, reading.value, said, reading.hedged) if sure else None
    about = answer_about(normal, question, other, context, words)
    guessed = only_there and isinstance(reading, Guess)
    return about or (
        _told(said, reading, question, context=context, words=words, reader=reader) if speaks or guessed else None
    )


def _told(
    said: str,
    reading: Guess | UnclearReason,
    question: Question,
    *,
    context: Context,
    words: ReplyWords,
    reader: AnswerReader | None,
) -> Answer | None:
    """What is told in words that no list holds, where the likeness to the examples is sure."""
    if reader is None or reading in {"doubt", "contradiction", "nothing_said"}:
        return None
    asked = replace(context, question=question, pending="", proposed=None)
    guess = Unclear("confirm", question.id, value=reading.value) if isinstance(reading, Guess) else None
    told = act_on_told(said, (guess or Unclear("own_words", question.id),), asked, words, reader)
    return next((act for act in told or () if isinstance(act, Answer)), None)
