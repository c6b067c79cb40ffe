"""Reads an answer to one question out of a person's words, or says why it cannot be read.

Every function here is pure and works on one question. Nothing is guessed: where words allow two readings the result
is a reason, and the dialogue asks back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from silk_rag.assessment.acts import UnclearReason
from silk_rag.assessment.choices import (
    affirmed,
    is_an_answer,
    is_compared,
    is_denied,
    names_half,
    of_the_pair,
    opened,
    option_by_number,
    options_named,
    widened,
)
from silk_rag.assessment.codes import bare_code, clauses, code_said
from silk_rag.assessment.denying import denied, is_none_at_all, unsaid
from silk_rag.assessment.directions import went
from silk_rag.assessment.doubts import (
    is_about_something_else,
    is_about_the_talk,
    is_conditional,
    is_ironic,
    is_no_measure,
)
from silk_rag.assessment.flows import flow
from silk_rag.assessment.inapplicable import is_inapplicable
from silk_rag.assessment.level_clauses import concluded, telling
from silk_rag.assessment.litotes import is_indispensable, much_denied
from silk_rag.assessment.month_spans import span_in
from silk_rag.assessment.normalise import find_phrase, normalise, starts_with, trim
from silk_rag.assessment.planning import aimed_at, is_of_today, others_intend, planned, spoken
from silk_rag.assessment.quantities import duration_in, in_digits, level_in, percent_in
from silk_rag.assessment.questionnaire import Option, Question
from silk_rag.assessment.quoting import agreed, own_part
from silk_rag.assessment.readings import Guess, Reading
from silk_rag.assessment.sources import by_own_books
from silk_rag.assessment.turned_round import set_right
from silk_rag.assessment.values import OPEN_CODES, AnswerValue
from silk_rag.assessment.words import ReplyWords

_ACCENTED_YES = re.compile(r"(?i)(?<!\w)s[íì](?!\w)")
# "It was 10 % in 2018, today it is 40".
_TODAY = re.compile(
    r"(?<!\w)(?:these days|(?:it )?turned out(?: to be)?|(?:we )?ended up (?:at|with|being)|now|today|nowadays|"
    r"currently|by now|aujourd'hui|maintenant|hoy|ahora|oggi|adesso|hoje|agora|heute|"
    r"jetzt|inzwischen|nu|vandaag|지금은?|현재)(?!\w)"
)
_IS = re.compile(
    r"^\s*(?:it(?:'s| is)|is|are|we(?:'re| are) (?:at|down to|up to|back to)|"
    r"c'est|ce sont|on est a|es|son|estamos en|e|sono|siamo al?|sao|"
    r"estamos em|ist es|sind es|ist|is het|zijn het)(?: (?:l'|il |el |o )?)(?=\d)"
)
# "The plan says a quarter": one's own plan.
_THE_PLAN = re.compile(
    r"^(?:the|our|le|notre|el|nuestro|il|il nostro|o|o nosso|der|unser|het|ons) (?:business |strategic )?"
    r"(?:plan|budget|projet|presupuesto|piano|plano|orcamento) "
    r"(?:says|is|foresees|has it|puts it at|dit|prevoit|dice|preve|prevede|diz|sagt|sieht vor|zegt|"
    r"voorziet)(?: that| que| che| dass| dat)?\s+"
)
# "A quarter by 2028": until when it is planned.
_BY_THEN = re.compile(
    r",? (?:(?:by|in|until|before|from|d'ici|en|para|hasta|entro(?: il)?|nel|per il|ate|em|bis|im|ab|tegen|in het jaar)"
    r"(?: the (?:year|end of)| end of| fin| finales de| fine| ende| eind)?) 20\d\d(?!\d)"
)
# "25, not 30": what is said instead of a number goes.
_NOT_A_NUMBER = re.compile(r"(?<=\w),? (?:not|pas|nicht|niet|no|non|nao) [\d.,]+ ?%?$")
_ONCE = re.compile(
    r"(?<!\w)(?:used to be|was|were|started at|in our first year|the first year|before|at first|to begin with|"
    r"in the beginning|avant|c'etait|au debut|"
    r"antes|al principio|era|prima|all'inizio|no inicio|fruher|anfangs|war|vroeger|eerst|was het)(?!\w)"
)
# "Outward, no wait, inward": what comes behind counts.
_SELF_CORRECTION = re.compile(
    r"(?i)(?<!\w)(?:i|we) (?:said|wrote|put) .{1,30}? but (?:it is|it's|its|it was|i meant|it should be)\s+|"
    r"(?:[,.;:!?\u2026-]|\.\.\.)\s*"
    r"(?:no,? wait|wait,? no|hang on,? no|hold on,? no|quer dizer|es decir|"
    r"no,? sorry|sorry,? no|no,? i mean|i mean|no,? actually|actually no|scratch that|"
    r"correction|or rather|non,? pardon|pardon,? non|je veux dire|no,? perdón|perdón|quiero decir|no,? scusa|scusa|"
    r"volevo dire|cioè|anzi(?: no)?|mejor dicho|ou melhor|ou plutôt|besser gesagt|beter gezegd|"
    r"better said|não,? desculpe|desculpe|quero dizer|nein,? warte|nein,? moment|ich meine|nee,? wacht|"
    r"ik bedoel)[,:\s]+"
)


def read_answer(  # noqa: PLR0911 (one return for each way to read, the plainest last)
    text: str, question: Question, words: ReplyWords
) -> Reading | Guess | UnclearReason:
    """The answer that the text gives to the question, a guess at it, or the reason why none is taken."""
    if question.kind == "text":
        return _own_words(text, question, words)
    corrected = _SELF_CORRECTION.split(text)
    if len(corrected) > 1 and corrected[-1].strip():
        last = _corrected_to(corrected[-1], question, words)
        return Reading(last.value, bare=False, hedged=last.hedged) if isinstance(last, Reading) else last
    # Without its accent "si" is "if" in Spanish and French: with it, it is a yes.
    normal = normalise(_ACCENTED_YES.sub("yes", unicodedata.normalize("NFC", text)))
    if not any(sign.isalnum() for sign in normal):
        return "nothing_said"
    if is_ironic(normal, words):
        return "doubt"
    own = own_part(text, words)
    if own != text:
        reading = read_answer(own, question, words)
        return Reading(reading.value, bare=False, hedged=reading.hedged) if isinstance(reading, Reading) else reading
    reading = _read(normal, text, question, words)
    if isinstance(reading, Reading):
        hedged = reading.value.content not in OPEN_CODES and _is_hedged(normal, words)
        return Reading(reading.value, reading.bare, hedged or reading.hedged)
    return reading


def _corrected_to(text: str, question: Question, words: ReplyWords) -> Reading | Guess | UnclearReason:
    """As in "10. No, sorry, that's our members, 5 percent": what is said instead may come with why, before it."""
    reading = read_answer(text, question, words)
    _, comma, last = text.rpartition(",")
    if isinstance(reading, Reading) or not comma:
        return reading
    instead = read_answer(last, question, words)
    return instead if isinstance(instead, Reading) else reading


def _own_words(text: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
    """What is said in answer to a prompt, word for word; "don't know" and the like stand for themselves."""
    normal = normalise(text)
    if not any(sign.isalnum() for sign in normal):
        return "nothing_said"
    if is_about_the_talk(normal, words):
        return "not_understood"
    code = code_said(normal, question, words, judging=False)
    return code if isinstance(code, Reading) and code.bare else Reading(AnswerValue(text.strip()), bare=True)


def _read(  # noqa: PLR0911 (one return a kind of question, and for each way a number is none)
    normal: str, text: str, question: Question, words: ReplyWords
) -> Reading | Guess | UnclearReason:
    if is_inapplicable(normal, words):
        return Reading(AnswerValue("not_applicable"), bare=bare_code(normal, words) is not None)
    if question.kind == "yes_no":
        return _judgement(normal, question, words)
    if question.kind == "choice":
        return _choice(normal, text, question, words)
    told = by_own_books(normal, words)
    if told is None or (words.ahead and others_intend(normal)):
        return "doubt"
    normal = _BY_THEN.sub(" ", _THE_PLAN.sub("", aimed_at(told))) if words.ahead else told
    span = span_in(normal, words) if question.kind == "duration" else None
    if span is not None:
        return Reading(span, bare=False, hedged=True)
    normal = in_digits(_NOT_A_NUMBER.sub("", _as_of_today(normal, question, words)), words)
    reading = _quantity(normal, question, words)
    if not isinstance(reading, Reading) or reading.bare or isinstance(reading.value.content, str):
        return reading
    if is_no_measure(normal, question, words):
        return "doubt"
    if question.kind == "percent" and (_is_over(normal) or (words.ahead and is_of_today(normal))):
        return Guess(reading.value)
    known = (*words.shares, *words.alone, *words.coins, *words.out_of, *words.half_more, *words.half_of, *words.lengths)
    known = (*known, *(number for number in words.numbers if " " in number), *words.qualifiers, *words.range_joiners)
    known = (*known, *(phrase.split()[-1] for phrase in words.shares))
    if question.kind != "level" and all(
        is_about_something_else(part, text, question, known, words, most=0)
        for part in _with_the_quantity(normal, question, words)
    ):
        return Guess(reading.value)
    return reading


def _judgement(  # noqa: PLR0911 (one return for each way to judge)
    normal: str, question: Question, words: ReplyWords
) -> Reading | Guess | UnclearReason:
    """Yes, partly or no: as others say it and the person agrees, in words of its own, or by what the grammar denies."""
    shared = agreed(normal, words)
    if shared:
        return Reading(AnswerValue(shared), bare=False)
    if much_denied(normal, question, words):
        return Reading(AnswerValue("yes"), bare=False)
    if is_indispensable(normal, words):
        return "own_words"
    right = set_right(normal, question, words)
    if right:
        return "contradiction" if right == "contradiction" else Reading(AnswerValue(right), bare=False)
    turned = unsaid(normal, question, words)
    if turned is not None:
        return turned
    said = code_said(normal, question, words, judging=True)
    if isinstance(said, Reading) and said.value.content == "no" and not said.bare and _is_turned(normal, words):
        return Guess(said.value)
    pieces = clauses(normal, words)
    for_nobody = isinstance(said, Reading) and said.value.content == "not_applicable" and is_none_at_all(normal, words)
    if said not in {"own_words", "not_understood"} and not for_nobody:
        return said
    gone = went(normal, question, words)
    if gone:
        return Reading(AnswerValue(gone), bare=False)
    aimed = (spoken(normal, question) if words.ahead else None) or planned(normal, question, words)
    if aimed:
        return Reading(AnswerValue(aimed), bare=False)
    return (denied(pieces[0], question, words, alone=len(pieces) == 1) if pieces else None) or said


def _is_turned(normal: str, words: ReplyWords) -> bool:
    """As in "nothing but trouble", "it's not like nothing changed": a denial that may mean the opposite."""
    head = clauses(normal, words)[0]
    known = any(starts_with(head, lead) for lead in words.lead_order if " " in lead)
    return not known and any(find_phrase(normal, phrase) >= 0 for phrase in words.turned_denials)


def _is_hedged(normal: str, words: ReplyWords) -> bool:
    return any(find_phrase(normal, hedge) >= 0 for hedge in words.hedges)


def _as_of_today(normal: str, question: Question, words: ReplyWords) -> str:
    """As in "used to be nothing, now around 12 percent": what holds today, where both are told."""
    before, *later = _TODAY.split(normal)
    once, comma, last = before.rpartition(",")
    if comma and len(later) == 1 and not trim(later[0]) and _ONCE.search(once) and not _ONCE.search(last):
        before, later = once, [last]
    if len(later) != 1 or later[0].lstrip().startswith("to ") or not (re.search(r"\d", before) or _ONCE.search(before)):
        return normal
    today = _IS.sub("", later[0])
    present = _quantity(today, question, words)
    of_today = isinstance(present, Reading) and not isinstance(present.value.content, str)
    return today if of_today or re.search(r"\d", today) else normal


def _is_over(normal: str) -> bool:
    """As in "it was 40 % and now it's gone": a figure of the past, and none of today."""
    before, *later = _TODAY.split(normal)
    return len(later) == 1 and _ONCE.search(before) is not None and not re.search(r"\d", later[0])


def _with_the_quantity(normal: str, question: Question, words: ReplyWords) -> Iterator[str]:
    """The whole and the clause that the quantity stands in: what else is told may be anything."""
    yield normal
    behind = "|".join(re.escape(each) for each in (*words.concluding, *words.verdicts))
    for clause in re.split(rf"[,.;:!()\u2013\u2014]+\s+|\s-+\s|\s(?=(?:{behind})\s)", normal):
        found = percent_in(clause, words) if question.kind == "percent" else duration_in(clause, words)
        if isinstance(found, AnswerValue) and clause.strip(r" .\d") != "" and not re.fullmatch(r"[\d\s.,]+", clause):
            yield clause


def _quantity(normal: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
    """A number with its unit, or a code that stands for none."""
    found = _level(normal, question, words) if question.kind == "level" else None
    if question.kind == "percent":
        found = percent_in(normal, words)
    elif question.kind == "duration":
        found = duration_in(normal, words)
    if isinstance(found, AnswerValue) and level_only(normal, question, words):
        return Reading(found, bare=True)
    code = code_said(normal, question, words, judging=False)
    if isinstance(code, Reading) and not isinstance(found, AnswerValue):
        return code
    if isinstance(found, AnswerValue):
        if isinstance(code, Reading) and not code.bare:
            return "contradiction"
        plain = re.fullmatch(r"[\d.,]+\s*(?:%|[^\W\d_]+)?(?:\s*(?:/|of|out of)\s*5)?", trim(normal))
        bare = plain is not None or trim(normal) in words.shares or level_only(normal, question, words)
        return Reading(found, bare=bare)
    return found or code


def level_only(normal: str, question: Question, words: ReplyWords) -> bool:
    """Whether the whole text is one level and nothing more."""
    return question.scale is not None and isinstance(level_in(normal, question.scale, words), AnswerValue)


def _level(normal: str, question: Question, words: ReplyWords) -> AnswerValue | UnclearReason | None:
    """The level of the first clause; the others may add words but no second level."""
    if question.scale is None:
        return None
    scale = question.scale
    whole = level_in(normal, scale, words)
    if whole is not None:
        return whole
    pieces = [piece for piece in clauses(normal, words) if piece not in words.fillers]
    last = concluded(pieces, words)
    pieces = [*pieces[:-1], last] if last else pieces
    heard = [level_in(piece, scale, words) for piece in pieces]
    if not isinstance(heard[-1 if last else 0] if heard else None, AnswerValue):
        heard = [level_in(piece, scale, words) for piece in telling(pieces, question, words)]
    found = heard
    levels = {level.content for level in found if isinstance(level, AnswerValue)}
    if len(levels) > 1:
        return "contradiction"
    decisive = found[-1 if last else 0] if found else None
    if isinstance(decisive, AnswerValue):
        return decisive
    reason = next((level for level in found if isinstance(level, str)), None)
    if reason is not None:
        return reason
    return "own_words" if re.search(r"\d", normal) else None


def _choice(normal: str, text: str, question: Question, words: ReplyWords) -> Reading | Guess | UnclearReason:
    counted = option_by_number(normal, question)
    if counted:
        return Reading(AnswerValue(counted.key), bare=True)
    narrow, question = question, widened(question, words)
    normal = opened(normal, question, words)
    gone = flow(normal, question, words)
    if gone and not is_conditional(clauses(normal, words), words):
        if question.option(gone) is None:
            return "own_words"
        if not _is_doubted(normal, words):
            return Reading(AnswerValue(gone), bare=False)
    return _by_option(normal, text, question, narrow, words)


def _by_option(  # noqa: PLR0911 (one return for each way in which an option is named and not meant)
    normal: str, text: str, question: Question, narrow: Question, words: ReplyWords
) -> Reading | Guess | UnclearReason:
    """The option named; `narrow` is the question without the further words for its options."""
    named, rest = options_named(normal, question)
    if not named:
        return code_said(normal, question, words, judging=False)
    if _is_doubted(rest, words) or is_conditional(clauses(normal, words), words):
        return "doubt"
    if is_compared(rest):
        return "contradiction"
    neither = of_the_pair(rest, question)
    if neither:
        return Reading(AnswerValue(neither.key), bare=False)
    if is_denied(rest, words):
        named, rest = affirmed(normal, question, words) or ([], rest)
    option = _one_option(named, rest, question, words) if named else None
    if option is None:
        # What only the further words name may be told the other way: "we weren't looking for anything".
        known = options_named(normal, narrow)[0]
        return "contradiction" if known else code_said(normal, question, words, judging=False)
    if not is_an_answer(normal, text, rest, question, words):
        return Guess(AnswerValue(option.key))
    bare = not [token for token in re.findall(r"\w+", rest) if token not in {"and", "both", "the", "only", "a"}]
    return Reading(AnswerValue(option.key), bare=bare)


def _is_doubted(said: str, words: ReplyWords) -> bool:
    return any(find_phrase(said, word) >= 0 for word in (*words.doubts, *words.wishes))


def _one_option(named: list[Option], rest: str, question: Question, words: ReplyWords) -> Option | None:
    """The option meant; for several of them the one that combines them. None when the rest speaks against it."""
    code = code_said(rest, question, words, judging=False) if rest.strip("\0 ,.;") else None
    if isinstance(code, Reading) or names_half(rest):
        return None
    if len(named) == 1:
        return named[0]
    combined = next((option for option in question.options if option.combines), None)
    return None if find_phrase(rest, "or") >= 0 else combined
