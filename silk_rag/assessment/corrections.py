"""Corrections of the answer given just before: "no, make that partly", "sorry, 8 months"."""

from __future__ import annotations

import re

from silk_rag.assessment.acts import Act, Answer, Unclear
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.context import Context
from silk_rag.assessment.normalise import normalise, starts_with, trim
from silk_rag.assessment.readings import Reading
from silk_rag.assessment.words import ReplyWords


def correction_of_the_last(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """Corrections of the answer given just before: "no, make that partly", "sorry, 8 months"."""
    flat = " ".join(text.split())
    rest, contradicted = _after_opening(flat, words)
    mark = next((mark for mark in words.previous_marks if starts_with(normalise(rest), mark)), None)
    if mark is not None and normalise(rest[: len(mark)]) == mark:
        value_words = rest[len(mark) :].strip(" ,:-")
        meant = mark.endswith(("i mean", "i meant"))
        if contradicted and meant:
            return _which(value_words, context, words)
        unclear = None if meant else (Unclear("not_understood", context.question_id),)
        return _correction(value_words, context, words) or unclear
    if context.just_recorded and _opens_doubtfully(normalise(flat), words):
        return _which(rest, context, words)
    return None


def _after_opening(text: str, words: ReplyWords) -> tuple[str, bool]:
    """The text after "no,", "sorry", "wait" and fillers, and whether a yes or no stood there."""
    contradicted = False
    openings = (*words.doubtful_marks, *words.fillers, "no", "yes", "nope", "yeah")
    rest = text.strip(" ,.!-")
    for _ in range(4):
        low = rest.casefold()
        opening = next((word for word in sorted(openings, key=len, reverse=True) if starts_with(low, word)), None)
        if opening is None or opening == low or any(starts_with(low, mark) for mark in words.previous_marks):
            break
        contradicted = contradicted or opening in {"no", "yes", "nope", "yeah"}
        rest = rest[len(opening) :].strip(" ,.!-:")
    return rest, contradicted


def _opens_doubtfully(normal: str, words: ReplyWords) -> bool:
    opened = trim(re.sub(r"^(?:no|yes|oh|ah|hmm|hm)[,.!\s]+", "", normal))
    return any(starts_with(opened, mark) and opened != mark for mark in words.doubtful_marks)


def _correction(value_words: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """The value goes to the question answered last; before any answer, to the present one."""
    question = context.last_answered or context.question
    if question is None:
        return None
    reading = read_answer(value_words, question, words)
    if not isinstance(reading, Reading) and context.question is not None:
        question = context.question
        reading = read_answer(value_words, question, words)
    if isinstance(reading, Reading):
        return (Answer(question.id, reading.value, "" if reading.bare else value_words, reading.hedged),)
    return None


def _which(value_words: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """Whether a doubtful opening belongs to the question before or to this one: told by the value, else asked."""
    before, now = context.last_answered, context.question
    as_before = read_answer(value_words, before, words) if before else None
    as_now = read_answer(value_words, now, words) if now else None
    if isinstance(as_before, Reading) and isinstance(as_now, Reading):
        content = as_before.value.content
        return (Unclear("which_question", detail=content if isinstance(content, str) else f"{content:g}"),)
    for question, reading in ((before, as_before), (now, as_now)):
        if question is not None and isinstance(reading, Reading):
            return (Answer(question.id, reading.value, "" if reading.bare else value_words, reading.hedged),)
    return None
