"""Corrections, answers and jumps that describe their question: "the one about investors should be partly"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from silk_rag.assessment.acts import Act, Answer, Jump
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.asking import is_question
from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.context import Context
from silk_rag.assessment.descriptions import Description, described, question_about
from silk_rag.assessment.going import without_courtesies
from silk_rag.assessment.normalise import find_phrase, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.readings import Reading
from silk_rag.assessment.words import ReplyWords

_PIECES = re.compile(r"\s*(?:[,;]|\band\b|\bet\b|\by\b|\bund\b|\ben\b)\s+")
_MEANT = re.compile(
    r"^(?:[,:;.\s]|\b(?:should (?:have been|be)|should|would be|has to be|needs to be|make (?:it|that)|"
    r"change (?:it|that) to|put|mark|is|was|to|now|too|as well|that was wrong|was wrong|is wrong|wrong|after all|"
    r"rather|lieber|eher|"
    r"mettez|mets|devrait etre|pon|ponga|deberia ser|metti|dovrebbe essere|deve ser|sollte|sein|moet|zijn)\b)+"
)
_LEADS_TO = re.compile(r"[\s,:]+(?:for|on|to|at|in|with|pour|sur|a|para|en|per|su|em|fur|bei|zu|voor|bij)\s*$")
_MISTAKEN = re.compile(
    r"\b(?:(?:was|is|were) wrong|i got (?:it|that) wrong|my mistake|made a mistake|je me suis trompee?|erreur|"
    r"me equivoque|mi sono sbagliat[oa]|ho sbagliato|enganei-me|me enganei|errei|(?:habe|hab) mich (?:vertan|geirrt)|"
    r"ik heb me vergist)\b"
)
_PUT_FOR = re.compile(
    r"\b(?:put|mark|note|record|mettez|mets|notez|pon|ponga|apunte|metti|metta|segna|ponha|marque|setzen sie|"
    r"schreiben sie|zet|noteer) (?P<code>\w+(?: \w+)?) (?:for|on|at|pour|a|para|en|per|su|em|fur|bei|voor|"
    r"bij) (?P<topic>[^.,;!?]+)"
)
# As few words as a topic has that stands with its answer: "services no, financing no".
_LONGEST_TOPIC = 3


def act_on_described(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """What a message does with a question it describes; None when it describes none, or says nothing of it."""
    found = described(text, context.grid, order=context.order, answered=context.answered)
    if found is not None:
        return _answer(found, words) or _jump(found, text, context, words)
    return _topics(text, context, words) or _put_for(text, context, words) or _mistaken(text, context, words)


def _answer(found: Description, words: ReplyWords) -> tuple[Act, ...] | None:
    """The value said behind the description, or before it: "mettez oui pour la question sur les obstacles"."""
    question = found.question
    before = _LEADS_TO.sub("", f" {found.before}").strip()
    marked = next((mark for mark in words.set_marks if starts_with(before, mark)), None)
    behind = without_courtesies(_MEANT.sub("", found.behind), words)
    for said in (_MEANT.sub("", behind), before[len(marked) :].strip() if marked else ""):
        if "?" in said or not trim(said):
            continue
        reading = read_answer(said, question, words)
        if isinstance(reading, Reading):
            return (Answer(question.id, reading.value, "" if reading.bare else trim(said), reading.hedged),)
    return None


def _jump(found: Description, text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "I'd like to do the one on reputation after all", "the one about investors was wrong"."""
    wish = any(find_phrase(found.before, verb) >= 0 for verb in (*words.jump_verbs, *words.jump_wishes))
    tail = trim(_MEANT.sub("", found.behind))
    if tail and tail not in words.jump_tails:
        return None
    asks = is_question(text, context.language, words) and not wish
    return (Jump(found.question.id),) if (wish or _MISTAKEN.search(normalise(text))) and not asks else None


def _topics(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "services no, financing no": every piece names a question of this part and answers it."""
    pieces = [piece for piece in _PIECES.split(normalise(text)) if piece]
    present = context.question
    if present is None or len(pieces) < 2:
        return None
    near = [each for each in context.order if each.startswith(present.category)]
    acts = [_topic(piece, near, context, words) for piece in pieces]
    answers = [act for act in acts if act is not None]
    distinct = {act.question_id for act in answers}
    return tuple(answers) if len(distinct) == len(pieces) else None


def _topic(piece: str, near: list[str], context: Context, words: ReplyWords) -> Answer | None:
    for place, phrase in ((trim(piece).rfind(f" {each}"), each) for each in words.lead_order):
        if place <= 0 or trim(piece)[place + 1 :] != phrase:
            continue
        topic = trim(piece)[:place]
        question = question_about(topic, context.grid, near, covered=1.0)
        if question is None or question.kind != "yes_no" or len(topic.split()) > _LONGEST_TOPIC:
            return None
        reading = read_answer(phrase, question, words)
        return Answer(question.id, reading.value) if isinstance(reading, Reading) else None
    return None


def _put_for(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "put yes for the obstacles": a code, and what it is for in the question's own words."""
    match = _PUT_FOR.search(normalise(text))
    code = bare_code(match.group("code"), words) if match else None
    if match is None or code is None:
        return None
    present = [context.question.id] if context.question and context.question.id not in context.answered else []
    question = question_about(match.group("topic"), context.grid, [*context.answered, *present], covered=1.0)
    reading = read_answer(match.group("code"), question, words) if question else None
    return (Answer(question.id, reading.value),) if question and isinstance(reading, Reading) else None


def _mistaken(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "I was wrong before, only co-ops": what is said instead fits one answer given before and no other."""
    if not _MISTAKEN.search(normalise(text)):
        return None
    for said in _said_instead(text):
        fitting = list(_fitting(said, context, words))
        if len(fitting) == 1:
            return (fitting[0],)
    return None


def _said_instead(text: str) -> Iterator[str]:
    for mark in (":", ","):
        _, found, last = text.rpartition(mark)
        if found and last.strip():
            yield last


def _fitting(said: str, context: Context, words: ReplyWords) -> Iterator[Answer]:
    for question in _with_answers_of_their_own(context):
        reading = read_answer(said, question, words)
        if isinstance(reading, Reading) and bare_code(normalise(said), words) is None:
            yield Answer(question.id, reading.value, said.strip(), reading.hedged)


def _with_answers_of_their_own(context: Context) -> Iterator[Question]:
    """The answered questions whose answers are no yes or no, which would fit anywhere."""
    for each in context.answered:
        question = context.grid.every[each]
        if question.kind not in {"yes_no", "text"}:
            yield question
