"""Answers that are told: "the permits nearly killed us". What no word list understands is compared with examples.

Only an account of the matter in the person's own voice is compared: irony, conditions, wishes, questions, remarks on
the talk and the words of others are kept out before. What is far ahead is noted with the person's words, what is ahead
is put as a question, and the rest is asked back as ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from silk_rag.assessment.acts import Act, Answer, Unclear
from silk_rag.assessment.asking import is_question
from silk_rag.assessment.codes import clauses
from silk_rag.assessment.context import Context
from silk_rag.assessment.directions import goes_elsewhere
from silk_rag.assessment.doubts import holds_a_condition, is_about_the_talk, is_ironic, speaks_of_another_question
from silk_rag.assessment.litotes import is_indispensable
from silk_rag.assessment.normalise import find_phrase, normalise, starts_with, trim
from silk_rag.assessment.ports import AnswerReader, Likely
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.quoting import is_about_others, is_reported, own_part
from silk_rag.assessment.targets import ids_in
from silk_rag.assessment.words import ReplyWords


@dataclass(frozen=True, slots=True)
class Margin:
    """How far ahead a value has to be: of the question's other values, and of what answers nothing."""

    ahead: float
    ahead_of_none: float

    def reached_by(self, likely: Likely) -> bool:
        """Whether a reading is as far ahead as that."""
        return likely.ahead >= self.ahead and likely.ahead_of_none >= self.ahead_of_none


# How far a value must lie ahead of the others, and of what answers nothing: noted where the examples of some authors
# read those of others with 2 in 100 wrong (levels and options: 4). docs/self-assessment.md gives the figures.
NOTED: Mapping[str, Margin] = {
    "yes_no": Margin(ahead=0.3, ahead_of_none=0.55),
    "choice": Margin(ahead=0.25, ahead_of_none=0.3),
    "level": Margin(ahead=0.25, ahead_of_none=0.2),
}
ASKED = Margin(ahead=0.2, ahead_of_none=0.15)
# What the word lists half understood needs less to be sure.
AGREED = Margin(ahead=0.2, ahead_of_none=0.4)
# A few words with a "not" in them look like a no to any question: they must clearly speak of this one.
SHORT_DENIAL = Margin(ahead=0.45, ahead_of_none=0.6)
LONGEST_SHORT_DENIAL = 6
# Fewer words tell too little, more are a story of many things.
FEWEST_WORDS, MOST_WORDS = 2, 45
# "I wouldn't say no", "a clear yes is too much": words about an answer are none.
_ABOUT_AN_ANSWER = re.compile(
    r"(?<!\w)(?:(?:say|said|saying|answer|call it|dire|dis|decir|digo|dico|dizer|sagen|zeggen) (?:yes|no|partly|oui|"
    r"non|si|sim|nao|"
    r"ja|nein|nee)|an? (?:\w+ )?(?:yes|no))(?!\w)"
)
# "We have 300 members": how large one is tells nothing of what changed.
_SIZE = re.compile(
    r"(?:we|i|our [\w-]+) (?:have|employ|are|run|own|has|is|counts?) (?:about |around |some |only |just )?"
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty|hundred|a hundred) "
    r"[\w-]+(?: [\w-]+)?$"
)
# "We are a public institution ourselves" says who one is, not whom one works with.
_OF_ONESELF = re.compile(
    r"(?:we are|we're|i am|i'm|nous sommes|on est|somos|siamo|wir sind|we zijn|wij zijn) "
    r"(?:an?|une?|uma?|una|eine?|een) "
)
_SUPPOSED = re.compile(r"(?<!\w)(?:would|might|may|should|serait|sarebbe|wurde|ware|zou|podria|poderia|potrebbe)(?!\w)")
# "We'd have to borrow", "its 900 km": what would be needed, and a measure, are no judgement yet.
_NEEDED = re.compile(
    r"(?:(?<!\w)would(?: first)?|'d) (?:have|need) to(?!\w)|(?<!\w)(?:il (?:nous )?faudrait|(?:on|nous) devrait|"
    r"devrions|tendriamos que|habria que|dovremmo|bisognerebbe|teriamos (?:de|que)|mussten wir|wir mussten|"
    r"zouden (?:we )?moeten)(?!\w)"
)
_CLAUSES = re.compile(r"[,.;:!]\s+|\s+[-\u2013\u2014]+\s+")
_CONDITIONAL = re.compile(
    r"(?<!\w)(?:(?<!as )if(?! only|,? anything)|"
    r"unless|provided|would have|would've|might have|could have been|had we|were we to|si on avait|si nous avions|"
    r"hubiera|"
    r"hubiesemos|would be (?:so |really |very )?(?:nice|great|good|lovely)|serait (?:bien|bon|beau)|"
    r"seria (?:bom|bueno|bonito)|"
    r"ojala|sarebbe (?:bello|bene)|ware (?:schon|gut|toll)|zou (?:mooi|fijn|leuk) zijn|"
    r"sarebbe stato|avremmo|teriamos|hatten wir|ware es|hadden we|했을 텐데|좋겠네요|좋겠어요|였다면|었다면)(?!\w)"
)


def act_on_told(
    text: str, heard: tuple[Act, ...], context: Context, words: ReplyWords, reader: AnswerReader
) -> tuple[Act, ...] | None:
    """What a told answer leads to, given what the word lists heard; None where it is to stay as it was heard."""
    question = context.question
    if question is None or not _is_open(heard, question):
        return None
    told = own_part(text, words)
    # What the grammar guessed may rest on a turned denial; by itself it is left out: "it didn't hurt, we gained a lot".
    guessed = isinstance(heard[0], Unclear) and heard[0].value is not None
    told = told if guessed else _without_turned_denials(told, words)
    if not _is_an_account(told, context, words):
        return None
    likely = reader(words.speller.put_right(told, context.language), question)
    if likely is None:
        return None
    if _is_sure(likely, told, heard[0], question, words):
        note = " ".join(part for part in (context.pending, text.strip()) if part)
        return (Answer(question.id, likely.value, note),)
    return (Unclear("confirm", question.id, value=likely.value),) if ASKED.reached_by(likely) else None


def _is_sure(likely: Likely, told: str, heard: Act, question: Question, words: ReplyWords) -> bool:
    if question.kind == "choice" and _OF_ONESELF.match(normalise(told)):
        return False
    if (question.kind == "level" and re.search(r"\d", told)) or (words.ahead and _NEEDED.search(normalise(told))):
        return False
    guessed = heard.value if isinstance(heard, Unclear) else None
    if guessed is not None:
        return guessed == likely.value and AGREED.reached_by(likely)
    if _SIZE.match(normalise(told)) or goes_elsewhere(normalise(told), question, words):
        return False
    tokens = [trim(token) for token in normalise(told).split()]
    denies = sum(token in words.denials for token in tokens)
    # "None that we couldn't solve": two denials may undo each other.
    if denies > 1 and any(
        sum(trim(token) in words.denials for token in piece.split()) > 1 for piece in clauses(normalise(told), words)
    ):
        return False
    short = denies > 0 and len(tokens) <= LONGEST_SHORT_DENIAL and likely.value.content in {"no", "too_early"}
    return (SHORT_DENIAL if short else NOTED[question.kind]).reached_by(likely)


def _is_open(heard: tuple[Act, ...], question: Question) -> bool:
    """Whether nothing was heard but words about the question at hand that give no answer."""
    (first, *more) = heard
    return (
        not more
        and isinstance(first, Unclear)
        and first.reason in {"own_words", "not_understood", "confirm"}
        and first.question_id == question.id
        and question.kind in {"yes_no", "choice", "level"}
    )


def _without_turned_denials(text: str, words: ReplyWords) -> str:
    """The text without the clauses whose denial may mean its opposite: "it's not like it did nothing, wages rose"."""
    kept = [piece for piece in _CLAUSES.split(text) if not _is_turned(normalise(piece), words)]
    return ", ".join(piece.strip() for piece in kept)


def _supposes(normal: str, *, ahead: bool) -> bool:
    """Whether a message tells what is not so, or only under a condition; a plan is told with "would" as it is."""
    if holds_a_condition(normal):
        return True
    return _CONDITIONAL.search(normal) is not None or (not ahead and _SUPPOSED.search(normal) is not None)


def _is_turned(clause: str, words: ReplyWords) -> bool:
    return any(find_phrase(clause, phrase) >= 0 for phrase in words.turned_denials)


def _is_an_account(text: str, context: Context, words: ReplyWords) -> bool:
    """Whether the words tell something of the matter, in the person's own voice and as it is."""
    normal = normalise(text)
    if not FEWEST_WORDS <= len(normal.split()) <= MOST_WORDS or ids_in(normal):
        return False
    if is_indispensable(normal, words) or is_ironic(normal, words) or speaks_of_another_question(normal, words):
        return False
    if is_about_others(normal, words):
        return False
    if _supposes(normal, ahead=words.ahead) or _ABOUT_AN_ANSWER.search(normal):
        return False
    pieces = clauses(normal, words)
    doubted = any(starts_with(piece, phrase) for piece in pieces for phrase in (*words.conditions, *words.reported))
    doubted = doubted or any(find_phrase(normal, phrase) >= 0 for phrase in (*words.wishes, *words.doubts))
    beside = any(is_about_the_talk(piece, words) for piece in (trim(normal), *pieces)) or is_question(
        text, context.language, words
    )
    return not (doubted or beside or any(is_reported(piece, words) for piece in pieces))
