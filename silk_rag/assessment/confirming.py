"""What a reply says to a value that was proposed: "Shall I note outward?", "Is it no, or yes?".

Where yes or no is asked for, a bare yes or no is the answer itself, whatever was proposed; only words such as
"correct" and "note it" confirm. What may mean either is asked again. Every function is pure.
"""

from __future__ import annotations

import re
from typing import Literal

from silk_rag.assessment.codes import bare_code, clauses
from silk_rag.assessment.normalise import find_phrase, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.values import AnswerValue
from silk_rag.assessment.words import ReplyWords

Response = Literal["confirmed", "ambiguous", "an answer"]
_SMALL_YES = re.compile(r"(?<!\w)an? (?:\w+ )?yes(?!\w)")


def response_to(text: str, proposed: AnswerValue, question: Question, words: ReplyWords) -> Response:
    """Whether the words confirm the proposal, may mean either, or are to be heard as an answer of their own."""
    normal = normalise(text)
    pieces = [piece for piece in clauses(normal, words) if words.commands.get(piece) != "greeting"]
    if all(_is_confirming(piece, words) for piece in pieces) and pieces:
        return "confirmed"
    agrees = bare_code(normal, words) == "yes" and not _SMALL_YES.search(normal)
    if question.kind != "yes_no" or proposed.content == "yes":
        yes_and_more = all(_is_confirming(piece, words) or bare_code(piece, words) == "yes" for piece in pieces)
        if agrees or (pieces and yes_and_more and not _SMALL_YES.search(normal)):
            return "confirmed"
        return "ambiguous" if question.kind == "yes_no" and _objects(normal, words) else "an answer"
    assents = any(_is_confirming(piece, words) or piece in words.assenting for piece in (*pieces, _behind_yes(normal)))
    return "ambiguous" if assents or _objects(normal, words) else "an answer"


def _is_confirming(piece: str, words: ReplyWords) -> bool:
    """As in "correct", "note it please"."""
    rest = trim(piece)
    for phrase in words.confirming:
        if rest == phrase:
            return True
        if starts_with(rest, phrase):
            behind = trim(rest[len(phrase) :])
            return behind in words.fillers or behind in words.tags or _is_confirming(behind, words)
    opening = next((each for each in words.fillers if starts_with(rest, each) and rest != each), None)
    return opening is not None and _is_confirming(rest[len(opening) :], words)


def _behind_yes(normal: str) -> str:
    """As in "yes correct": a yes said in one breath with what confirms."""
    return trim(re.sub(r"^(?:yes|yeah|yep|oui|si|sim|ja|네|예)[\s,]+", "", trim(normal)))


def _objects(normal: str, words: ReplyWords) -> bool:
    """As in "no, that's wrong": against what was proposed, and not an answer to the question."""
    wrong = [phrase for phrase, command in words.commands.items() if command == "wrong"]
    return any(find_phrase(normal, phrase) >= 0 for phrase in wrong)
