"""Several answers in one message, told apart by their subjects: "knowledge and training yes, financing no".

Every piece of the message holds a value and what it is about, in words of the questions at hand; the first may hold a
value alone, which then answers the present question. Unless every piece finds one question of its own there is nothing,
and the message is heard in the other ways. Every function is pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from silk_rag.assessment.acts import Act, Answer
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.context import Context
from silk_rag.assessment.doubts import is_conditional, is_ironic
from silk_rag.assessment.inapplicable import is_inapplicable
from silk_rag.assessment.normalise import find_phrase, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.quoting import is_reported
from silk_rag.assessment.readings import Reading
from silk_rag.assessment.targets import ids_in
from silk_rag.assessment.values import JUDGEMENTS, OPEN_CODES
from silk_rag.assessment.words import ReplyWords

# "Prices stay where they are", "costs are what they are": no yes.
_AS_IT_IS = re.compile(
    r"(?<!\w)(?:where|as|what|how|who|than) (?:they|it|we|things|you) (?:are|is|do|did|does|was|were|have|has)(?!\w)"
)
_PIECES = re.compile(
    r"\s*[;:!]\s*|\s*[.,](?!\d)\s*|\s+(?:and|but|while|whereas|et|mais|y|pero|e|ma|mas|und|aber|en|maar|그리고)\s+"
)
_CONJUNCTION = re.compile(r"^(?:and|plus|et|y|e|und|en|그리고)\s+")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_KOREAN_ENDING = re.compile(r"(?<=[\uac00-\ud7a3])(?:은|는|이|가|을|를|도|와|과|의)$")
# The present question and as many of those that follow.
_NEAR = 7
_LONGEST_VALUE, _LONGEST_SUBJECT, _LONGEST_ALONE = 4, 8, 5
_LONGEST_NAMED = 4
# Beginnings that two words must share to be one word in two forms, and how much more the best question must gather.
_ALIKE, _AHEAD, _COVERED, _COVERED_NEXT = 0.7, 1.15, 0.5, 0.3
# "Investor" is another form of "investors", "investment" only kindred: what each counts beside the word itself.
_OTHER_FORM, _KINDRED = 0.9, 0.6
_FEWEST, _STEM, _HALF = 3, 5, 0.5
# At the end of a piece these are a yes or no in the word order of other languages: "in the partner's team not".
_ENDINGS = {"not": "no", "nicht": "no", "niet": "no", "pas": "no", "wel": "yes", "schon": "yes"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a piece is about, the words of its value, and the whole as it was typed."""

    subject: tuple[str, ...]
    value: str
    whole: str


def several_by_subject(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """The answers of a message whose pieces each name their question; None unless all of them do."""
    present = context.question
    if present is None or present.id not in context.order or "?" in text:
        return None
    normal = normalise(text)
    if is_ironic(normal, words) or any(is_reported(piece, words) for piece in _PIECES.split(normal)):
        return None
    pieces = [trim(piece) for piece in _PIECES.split(normal) if trim(piece) and trim(piece) not in words.fillers]
    pieces = _without_asides([trim(piece[len(_opening(piece, words)) :]) for piece in pieces], words)
    if (
        not pieces
        or is_conditional(pieces, words)
        or any(find_phrase(normal, each) >= 0 for each in words.turned_denials)
        or is_inapplicable(normal, words)
        or _AS_IT_IS.search(normal)
    ):
        return None
    named = _on_another(pieces, context, words)
    if named is not None:
        return (named,)
    place = context.order.index(present.id)
    near = [context.grid.every[each] for each in context.order[place : place + _NEAR]]
    answers = _answers(pieces, near, context, words)
    if len(answers) == 1:
        said = " ".join(pieces) if len(pieces) == 1 else normal
        return tuple(answers) if _is_on_the_present(said, answers[0], context, words) else None
    return tuple(answers) if len({answer.question_id for answer in answers}) == len(answers) else None


def _opening(piece: str, words: ReplyWords) -> str:
    """As in "in that case yes": what a verdict opens with is no subject."""
    return next((each for each in words.verdicts if starts_with(piece, each) and piece != each), "")


def _without_asides(pieces: list[str], words: ReplyWords) -> list[str]:
    """Without what closes a message and answers nothing: "training yes, every year", "..., thanks to contracts"."""
    while len(pieces) > 1:
        tokens = pieces[-1].split()
        aside = all(token in words.asides for token in tokens) or any(starts_with(pieces[-1], r) for r in words.reasons)
        if not aside or bare_code(pieces[-1], words):
            break
        pieces = pieces[:-1]
    return pieces


def _on_another(pieces: Sequence[str], context: Context, words: ReplyWords) -> Answer | None:
    """As in "ownership structure: no": yes or no to the one question elsewhere whose subject alone is named."""
    piece = _parsed(" ".join(pieces), words) if len(pieces) in {1, 2} else None
    if piece is None or not piece.subject or context.question is None or not piece.whole.endswith(piece.value):
        return None
    aside = piece.whole[: -len(piece.value)].split()
    if any(token in words.denying | words.concord | words.doubts | words.own_voice for token in aside):
        return None
    known = words.local | words.abroad | words.upwards | words.downwards
    if (
        len(piece.subject) > _LONGEST_NAMED
        or bare_code(piece.value, words) not in JUDGEMENTS
        or known & {*piece.subject}
    ):
        return None
    shares = {each: _shared(piece.subject, context.grid.every[each], context, words) for each in context.order}
    best = max(shares, key=lambda each: shares[each])
    others = [share for each, share in shares.items() if each != best]
    if (
        shares[best] < _OTHER_FORM
        or max(others, default=0.0) >= _COVERED
        or shares[context.question.id] >= _COVERED_NEXT
    ):
        return None
    return _read(piece, context.grid.every[best], words) if context.grid.every[best].kind == "yes_no" else None


def _is_on_the_present(normal: str, answer: Answer, context: Context, words: ReplyWords) -> bool:
    """As in "valores sim": nothing but the present question's subject and a yes or no behind it."""
    piece = _parsed(normal, words)
    if piece is None or context.question is None or answer.question_id != context.question.id:
        return False
    short = bool(piece.subject) and len(normal.split()) <= _LONGEST_ALONE and normal.endswith(piece.value)
    return (
        short
        and context.question.kind == "yes_no"
        and not all(word in words.local | words.abroad for word in piece.subject)
        and _shared(piece.subject, context.question, context, words) >= _OTHER_FORM
        and not isinstance(read_answer(normal, context.question, words), Reading)
    )


def _answers(pieces: Sequence[str], near: Sequence[Question], context: Context, words: ReplyWords) -> list[Answer]:
    """The answer of every piece; what holds no value goes before the next: "knowledge", "training yes". None or all."""
    answers: list[Answer] = []
    waiting: list[str] = []
    for each in pieces:
        due = _next_after(answers[-1].question_id, near) if answers else near[0]
        whole = _CONJUNCTION.sub("", each)
        piece = _parsed(" ".join((*waiting, whole)), words)
        found = _answer(piece, near, due=due, earlier=answers, context=context, words=words) if piece else None
        if found is None and due is not None and not waiting:
            found = _told(whole, due, joined=whole != each or not answers, context=context, words=words)
        if found is None and piece is not None:
            return []
        waiting = [] if found else [*waiting, whole]
        answers += [found] if found else []
    return [] if waiting else answers


def _told(whole: str, due: Question, *, joined: bool, context: Context, words: ReplyWords) -> Answer | None:
    """As in "... and our partners are a mixture": a piece that answers the question due in its own kind."""
    if due.kind == "choice" and any(token in words.denying for token in whole.split()):
        return None
    tells = _shared(_subject(whole.split(), words), due, context, words) >= _COVERED_NEXT
    reading = read_answer(whole, due, words) if due.kind not in {"yes_no", "text"} and (joined or tells) else None
    if not isinstance(reading, Reading) or reading.value.content in {*JUDGEMENTS, *OPEN_CODES}:
        return None
    return Answer(due.id, reading.value, "" if reading.bare else whole, reading.hedged)


def _parsed(piece: str, words: ReplyWords) -> _Piece | None:
    """Subject and value of a piece: the value stands at its end ("logistics no problem") or head ("no investors")."""
    tokens = piece.split()
    if bare_code(piece, words):
        return _Piece((), piece, piece)
    for length in range(min(_LONGEST_VALUE, len(tokens) - 1), 0, -1):
        tail = " ".join(tokens[-length:])
        if _is_value(trim(tail), words):
            return _Piece(_subject(tokens[:-length], words), tail, piece)
    if len(tokens) > 1 and tokens[-1] in _ENDINGS:
        return _Piece(_subject(tokens[:-1], words), _ENDINGS[tokens[-1]], piece)
    lead = next((each for each in ("no", "yes", "sin", "kein", "keine", "geen") if starts_with(piece, each)), None)
    if lead and len(tokens) > 1:
        return _Piece(_subject(tokens[1:], words), "yes" if lead == "yes" else "no", piece)
    return None


def _is_value(tail: str, words: ReplyWords) -> bool:
    """Whether these words are a yes or no, "no problem", or a level such as "very hard"."""
    if not tail:
        return False
    first, *more = tail.split()
    nothing = (
        first in words.denying and bool(more) and all(each in words.troubles | words.nothing_found for each in more)
    )
    *degree, last = tail.split()
    degrees = {*words.very, *words.rather}
    graded = last in words.levels or last in words.easy or last in words.hard
    level = graded and all(each in degrees for each in degree)
    return nothing or level or bare_code(tail, words) is not None


def _subject(tokens: Sequence[str], words: ReplyWords) -> tuple[str, ...]:
    """The words that say what it is about; "to" and "the" do not."""
    said = (_KOREAN_ENDING.sub("", word) for token in tokens for word in _WORD.findall(token))
    return tuple(word for word in said if _tells(word, words))


def _tells(word: str, words: ReplyWords) -> bool:
    placed = word in words.local or word in words.abroad
    return placed or (word not in words.light and word not in words.fillers and len(word) > 1)


def _answer(
    piece: _Piece,
    near: Sequence[Question],
    *,
    due: Question | None,
    earlier: Sequence[Answer],
    context: Context,
    words: ReplyWords,
) -> Answer | None:
    """The one question of those near that a piece answers, and what it answers there."""
    taken = {each.question_id for each in earlier}
    named = ids_in(piece.whole)
    if named:
        known = context.grid.by_id.get(named[0]) if len(named) == 1 and named[0] not in taken else None
        return _read(replace(piece, subject=tuple(named), whole=piece.value), known, words) if known else None
    if not piece.subject:
        before = context.grid.every[earlier[-1].question_id] if earlier else None
        meant = due if due and before and _tells_apart(piece.whole, due, before, words) else None
        first = near[0] if not earlier and bare_code(piece.whole, words) else meant
        return _read(piece, first, words) if first else None
    if len(piece.subject) > _LONGEST_SUBJECT or any(word in words.alone for word in piece.subject):
        return None
    scored = sorted(
        (
            (_shared(piece.subject, each, context, words), -place, each)
            for place, each in enumerate(near)
            if each.id not in taken
        ),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    readable = [(score, each) for score, _, each in scored if score > 0 and _read(piece, each, words) is not None]
    if not readable:
        return None
    score, best = readable[0]
    needed = _COVERED_NEXT if best is due else _COVERED
    if score < needed or (len(readable) > 1 and readable[1][0] * _AHEAD > score and best is not due):
        return None
    return None if _goes_the_other_way(piece, best, words) else _read(piece, best, words)


def _next_after(question_id: str, near: Sequence[Question]) -> Question | None:
    place = next((place for place, each in enumerate(near) if each.id == question_id), len(near))
    return near[place + 1] if place + 1 < len(near) else None


def _read(piece: _Piece, question: Question, words: ReplyWords) -> Answer | None:
    """The value as the question takes it: told by the value's words, or by the whole piece where those are a number."""
    for said in (piece.value, piece.whole):
        reading = read_answer(said, question, words)
        if isinstance(reading, Reading):
            content = reading.value.content
            if said != piece.value and (content in JUDGEMENTS or content in OPEN_CODES):
                return None
            note = "" if reading.bare and not piece.subject else piece.whole
            return Answer(question.id, reading.value, note, reading.hedged)
    return None


def _goes_the_other_way(piece: _Piece, question: Question, words: ReplyWords) -> bool:
    """As in "higher costs no" where it is asked whether costs were reduced: yes and no would change places."""
    asked = set(_WORD.findall(normalise(question.text)))
    falls = any(word[:5] in {"reduc", "decre", "lower"} for word in asked)
    said = {word for token in piece.whole.split() for word in _WORD.findall(token)}
    return bool(said & (words.upwards if falls else words.downwards)) and not said & (
        words.downwards if falls else words.upwards
    )


def _shared(subject: Sequence[str], question: Question, context: Context, words: ReplyWords) -> float:
    """How much of the subject the question's own words cover, from 0 to 1; rare words weigh more."""
    asked = _asked(question)
    rarity = {word: _rarity(word, context) for word in subject if word not in words.upwards | words.downwards}
    told = sum(rarity.values())
    covered = sum(weight * _nearness(word, asked, words) for word, weight in rarity.items())
    return covered / told if told else 0.0


def _tells_apart(said: str, question: Question, other: Question, words: ReplyWords) -> bool:
    """As in "our partners no" behind "our own team yes": a word that the one question holds and the other does not."""
    telling = (word for word in _WORD.findall(said) if word not in words.light or word in words.parties)
    tokens = (_KOREAN_ENDING.sub("", word) for word in telling if len(word) > _FEWEST and word not in words.upwards)
    return any(
        _nearness(token, _asked(question), words) >= _OTHER_FORM and _nearness(token, _asked(other), words) < _KINDRED
        for token in tokens
    )


def turns_it_round(normal: str, question: Question, words: ReplyWords) -> bool:
    """As in "higher prices no" where lower ones are asked for: a yes or no of the opposite."""
    piece = _parsed(normal, words)
    return piece is not None and _goes_the_other_way(piece, question, words)


def answer_about(
    normal: str, question: Question, other: Question | None, context: Context, words: ReplyWords
) -> Answer | None:
    """The answer of words that hold a value and are about this question: "the values, of course, yes"."""
    piece = _parsed(normal, words)
    if piece is None or len(piece.subject) > _LONGEST_SUBJECT or _goes_the_other_way(piece, question, words):
        return None
    share = _shared(piece.subject, question, context, words)
    ahead = other is None or share > _shared(piece.subject, other, context, words) * _AHEAD
    apart = other is not None and _tells_apart(piece.whole, question, other, words)
    return _read(piece, question, words) if (share >= _COVERED and ahead) or apart else None


def share_of_subject(normal: str, question: Question, context: Context, words: ReplyWords) -> float:
    """How much of what these words are about the question's own words cover, from 0 to 1."""
    return _shared(_subject(normal.split(), words), question, context, words)


def _nearness(word: str, asked: frozenset[str], words: ReplyWords) -> float:
    """1 for the word itself, less for another form of it, 0 for another word."""
    if word in words.local and asked & {"community", "local"}:
        return 1.0
    if word in words.abroad and asked & {"countries", "overseas", "locations", "abroad"}:
        return 1.0
    return max((_likeness(word, other) for other in asked), default=0.0)


def _likeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    common = next(
        (at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    share = common / max(len(word), len(other))
    if share >= _ALIKE and common >= _FEWEST:
        return _OTHER_FORM
    return _KINDRED if share >= _HALF and common >= _STEM else 0.0


def _rarity(word: str, context: Context) -> float:
    """How much a word tells: much when few questions hold it."""
    wordings = tuple(_wordings(each) for each in context.grid.by_id.values())
    return math.log(1 + len(wordings) / max(1, _held_by(word, wordings)))


@lru_cache(maxsize=512)
def _held_by(word: str, wordings: tuple[str, ...]) -> int:
    return sum(any(_likeness(word, other) >= _OTHER_FORM for other in _words_of(each)) for each in wordings)


def _asked(question: Question) -> frozenset[str]:
    return _words_of(_wordings(question))


@lru_cache(maxsize=256)
def _words_of(wordings: str) -> frozenset[str]:
    said = (word for word in _WORD.findall(normalise(wordings)) if len(word) > 2 or "\uac00" <= word[0] <= "\ud7a3")
    return frozenset(_KOREAN_ENDING.sub("", word).rpartition("'")[2] for word in said)


def _wordings(question: Question) -> str:
    """The question in every wording and language."""
    translated = (each.retrospective for each in question.translations.values())
    return " ".join((question.text, question.wording("retrospective"), question.planning, *translated))
