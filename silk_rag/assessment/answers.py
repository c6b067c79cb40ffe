"""Reads an answer to one question out of a person's words, or says why it cannot be read.

Every function here is pure and works on one question. Nothing is guessed: where words allow two readings the result
is a reason, and the dialogue asks back.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from silk_rag.assessment.acts import UnclearReason
from silk_rag.assessment.choices import affirmed, is_an_answer, is_denied, names_half, option_by_number, options_named
from silk_rag.assessment.doubts import (
    is_about_something_else,
    is_about_the_talk,
    is_conditional,
    is_counted,
    is_ironic,
    is_no_measure,
)
from silk_rag.assessment.normalise import ends_with, find_phrase, normalise, one_slip, starts_with, trim
from silk_rag.assessment.quantities import duration_in, level_in, percent_in
from silk_rag.assessment.questionnaire import Option, Question
from silk_rag.assessment.values import JUDGEMENTS, OPEN_CODES, AnswerValue
from silk_rag.assessment.words import ReplyWords

_SEPARATOR = re.compile(r"(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})|[,.;:!?\n()\u2013\u2014]+|\s-+\s")
_PARTLY_A_REASON = re.compile(
    r"(?<=[\w,;.] )(?:partly|partially|in part) (?:because|due to|thanks to|through|for|as)\b"
)
# Two codes said in one breath, and what they mean together; a pair that is missing here contradicts itself.
_TOGETHER = {
    frozenset({"yes", "partly"}): "partly",
    frozenset({"no", "partly"}): "partly",
    frozenset({"no", "too_early"}): "too_early",
    frozenset({"no", "dont_know"}): "dont_know",
    frozenset({"no", "not_applicable"}): "not_applicable",
    frozenset({"dont_know", "too_early"}): "too_early",
}
_WHOLE_CLAUSE = frozenset({"yes and no", "no and yes"})
# "Too early for us", "trop tôt pour le dire"; not "too early in the morning".
_SAYS_WHEN = re.compile(r"(?:to|for (?:us|that)|yet|still|as|since|we|i|and|at|right|now|por|pour|para|per|um|om)\b")
_SOME_PART = re.compile(r"(?:for|in|with|to|at|on|when|if|elsewhere|abroad)\b")
_ACCENTED_YES = re.compile(r"(?i)(?<!\w)s[íì](?!\w)")
# "Oh yes, totally, not".
_TAKEN_BACK = frozenset({"not", "pas", "nicht"})
# "It was 10 % in 2018, today it is 40".
_TODAY = re.compile(
    r"(?<!\w)(?:now|today|nowadays|currently|by now|aujourd'hui|maintenant|hoy|ahora|oggi|adesso|hoje|agora|heute|"
    r"jetzt|inzwischen|nu|vandaag|지금은?|현재)(?!\w)"
)
# "Outward, no wait, inward": what comes behind counts.
_SELF_CORRECTION = re.compile(
    r"(?i)(?<!\w)(?:i|we) (?:said|wrote|put) .{1,30}? but (?:it is|it's|its|it was|i meant|it should be)\s+|"
    r"(?:[,.;:!?\u2026-]|\.\.\.)\s*"
    r"(?:no,? wait|wait,? no|no,? sorry|sorry,? no|no,? i mean|i mean|no,? actually|actually no|scratch that|"
    r"correction|or rather|non,? pardon|pardon,? non|je veux dire|no,? perdón|perdón|quiero decir|no,? scusa|scusa|"
    r"volevo dire|cioè|não,? desculpe|desculpe|quero dizer|nein,? warte|nein,? moment|ich meine|nee,? wacht|"
    r"ik bedoel)[,:\s]+"
)
_ENOUGH_TO_FUZZ = 6
ENOUGH_FOR_AN_ACCOUNT = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, whether the words said nothing beyond it (`bare`), and whether they doubted it."""

    value: AnswerValue
    bare: bool
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """A value that stands among words about something else: the person is asked whether it is meant."""

    value: AnswerValue


def read_answer(text: str, question: Question, words: ReplyWords) -> Reading | Guess | UnclearReason:
    """The answer that the text gives to the question, a guess at it, or the reason why none is taken."""
    if question.kind == "text":
        return _own_words(text, question, words)
    corrected = _SELF_CORRECTION.split(text)
    if len(corrected) > 1 and corrected[-1].strip():
        last = read_answer(corrected[-1], question, words)
        return Reading(last.value, bare=False, hedged=last.hedged) if isinstance(last, Reading) else last
    # Without its accent "si" is "if" in Spanish and French: with it, it is a yes.
    normal = normalise(_ACCENTED_YES.sub("yes", unicodedata.normalize("NFC", text)))
    if not any(sign.isalnum() for sign in normal):
        return "nothing_said"
    if is_ironic(normal, words):
        return "doubt"
    reading = _read(normal, text, question, words)
    if isinstance(reading, Reading):
        hedged = reading.value.content not in OPEN_CODES and _is_hedged(normal, words)
        return Reading(reading.value, reading.bare, hedged)
    return reading


def _own_words(text: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
    """What is said in answer to a prompt, word for word; "don't know" and the like stand for themselves."""
    normal = normalise(text)
    if not any(sign.isalnum() for sign in normal):
        return "nothing_said"
    if is_about_the_talk(normal, words):
        return "not_understood"
    code = _code(normal, question, words, judging=False)
    return code if isinstance(code, Reading) and code.bare else Reading(AnswerValue(text.strip()), bare=True)


def _read(normal: str, text: str, question: Question, words: ReplyWords) -> Reading | Guess | UnclearReason:
    if question.kind == "yes_no":
        return _code(normal, question, words, judging=True)
    if question.kind == "choice":
        return _choice(normal, text, question, words)
    reading = _quantity(normal, question, words)
    if not isinstance(reading, Reading) or reading.bare or isinstance(reading.value.content, str):
        return reading
    if is_no_measure(normal, question, words):
        return "doubt"
    if question.kind != "level" and is_about_something_else(
        normal, text, question, (*words.shares, *words.alone), words, most=0
    ):
        return Guess(reading.value)
    return reading


def clauses(normal: str, words: ReplyWords) -> list[str]:
    """The text cut at punctuation and conjunctions, without empty pieces; the conjunctions are dropped."""
    # "We helped 200 people so yeah".
    before, so, last = normal.rpartition(" so ")
    spoken = f"{before}, {last}" if so and trim(last) in words.alone else normal
    pieces = [trim(piece) for piece in _SEPARATOR.split(spoken)]
    joints = "|".join(re.escape(word) for word in words.conjunctions)
    return [trim(part) for piece in pieces for part in re.split(rf"(?<!\w)(?:{joints})(?!\w)", piece) if trim(part)]


def bare_code(clause: str, words: ReplyWords) -> str | None:
    """The code that a clause is, when it holds nothing else but fillers."""
    return _bare(trim(clause), words, depth=4)


def _bare(clause: str, words: ReplyWords, depth: int) -> str | None:
    if clause in words.alone:
        return words.alone[clause]
    # "조금요" is a polite "조금"; "ouii" and "jaa" are said with a smile.
    said = clause.removesuffix("요") if clause.endswith("요") else clause[:-1] if clause[-2:-1] == clause[-1:] else ""
    if len(said) > 1 and said in words.alone:
        return words.alone[said]
    if depth == 0:
        return None
    for filler in (*words.fillers, *words.companions):
        if starts_with(clause, filler) and clause != filler:
            code = _bare(trim(clause[len(filler) :]), words, depth - 1)
            if code:
                return code
        if ends_with(clause, filler) and clause != filler:
            code = _bare(trim(clause[: -len(filler)]), words, depth - 1)
            if code:
                return code
    return _repeated(clause, words)


def _repeated(clause: str, words: ReplyWords) -> str | None:
    """As in "yes yes", "no no no", "no not really": the same said again."""
    if len(set(clause.split())) == 1:
        return words.alone.get(clause.split(maxsplit=1)[0])
    for phrase in words.lead_order:
        if starts_with(clause, phrase) and clause != phrase:
            rest = trim(clause[len(phrase) :])
            return words.leads[phrase] if words.alone.get(rest) == words.leads[phrase] else None
    return None


def _mistyped(clause: str, words: ReplyWords) -> str | None:
    """A phrase one slip of the finger away, if it is long enough and only one code is that near."""
    if len(clause) < _ENOUGH_TO_FUZZ:
        return None
    near = {code for phrase, code in words.alone.items() if len(phrase) >= _ENOUGH_TO_FUZZ and one_slip(clause, phrase)}
    return near.pop() if len(near) == 1 else None


def _code(  # noqa: PLR0911 (one return for each way a code can fail to be read)
    normal: str, question: Question, words: ReplyWords, *, judging: bool
) -> Reading | UnclearReason:
    """A code said in words. Without `judging`, yes, partly and no are not understood: the question takes none."""
    if trim(normal) in words.doubts:
        return "doubt"
    whole = bare_code(normal, words) or _mistyped(trim(normal), words)
    if whole:
        return Reading(AnswerValue(whole), bare=True) if judging or whole not in JUDGEMENTS else "not_understood"
    pieces = clauses(_PARTLY_A_REASON.sub(" because ", normal), words)
    pieces = [piece for piece in pieces if piece not in words.fillers] or pieces
    if not pieces:
        return "nothing_said"
    if _is_doubt(pieces[0], words) or any(piece in words.doubts for piece in pieces):
        return "doubt"
    said = [bare_code(piece, words) for piece in pieces]
    code = _said_in(pieces, said, question, words)
    if code is None:
        return "own_words" if len(normal.split()) >= ENOUGH_FOR_AN_ACCOUNT else "not_understood"
    if isinstance(code, _Unsaid):
        return code.reason
    if not judging and code in JUDGEMENTS:
        return "not_understood"
    spoken = zip(pieces, said, strict=True)
    return Reading(AnswerValue(code), bare=all(known or piece in words.commands for piece, known in spoken))


@dataclass(frozen=True, slots=True)
class _Unsaid:
    """A code was named, and yet it is not said."""

    reason: UnclearReason


def _said_in(pieces: list[str], said: list[str | None], question: Question, words: ReplyWords) -> str | _Unsaid | None:
    """What all pieces together say, None when no code is in them."""
    leading = said[0] or _lead(pieces[0], question, words)
    main = leading or said[-1]
    if main is None:
        return None
    if main in JUDGEMENTS and (is_conditional(pieces, words) or pieces[-1] in _TAKEN_BACK):
        return _Unsaid("doubt")
    if any(is_about_the_talk(piece, words) for piece in pieces[1:]):
        return _Unsaid("not_understood")
    codes = {main, *(code for code in said if code)}
    if leading in {"yes", "no"} and _is_weakened(pieces, words):
        codes.add("partly")
    code = _together(codes)
    if code is None or (leading in {"yes", "no"} and _turns_round(pieces, leading, words)):
        return _Unsaid("contradiction")
    return code


def _turns_round(pieces: list[str], leading: str | None, words: ReplyWords) -> bool:
    """As in "Yes for the first part, no for the second": later the opposite is said of something."""
    opposite = [phrase for phrase in words.lead_order if words.leads[phrase] == ("no" if leading == "yes" else "yes")]
    for clause in (_behind_lead(pieces[0], words), *pieces[1:]):
        for phrase in opposite:
            place = find_phrase(clause, phrase)
            if place >= 0 and _SOME_PART.match(clause[place + len(phrase) :].strip()):
                return True
    return False


def _is_doubt(clause: str, words: ReplyWords) -> bool:
    """As in "maybe", "yes maybe": a doubt that is most of what was said."""
    return len(clause.split()) <= 3 and any(find_phrase(clause, doubt) >= 0 for doubt in words.doubts)


def _together(codes: set[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else _TOGETHER.get(frozenset(codes))


def _lead(clause: str, question: Question, words: ReplyWords) -> str | None:
    """The code that a clause opens with; fillers, and "we had" before a "no", may stand before it."""
    phrase = next((phrase for phrase in words.lead_order if starts_with(clause, phrase)), None)
    if phrase is None:
        found = next((words_ for words_ in words.found_nothing if starts_with(clause, words_)), None)
        if found and starts_with(trim(clause[len(found) :]), "no"):
            return _lead(trim(clause[len(found) :]), question, words)
        filler = next((filler for filler in words.fillers if starts_with(clause, filler) and clause != filler), None)
        return _lead(trim(clause[len(filler) :]), question, words) if filler else None
    code, rest = words.leads[phrase], trim(clause[len(phrase) :])
    if not rest:
        return code
    also = bare_code(rest, words)
    if also is not None and also != code:
        # "I can't say no" is no answer, "no, I don't know" is.
        return None if code == "dont_know" and also in JUDGEMENTS else _together({code, also})
    return code if _is_meant(phrase, rest, question, words) else None


def _is_meant(phrase: str, rest: str, question: Question, words: ReplyWords) -> bool:
    """Whether a code is still meant with these words directly behind it."""
    if rest in words.doubts or is_about_the_talk(rest, words):
        return False
    if any(starts_with(rest, word) or is_counted(rest, word) for word in words.not_after_code):
        return False
    # "si tuviéramos" sets a condition, "yes and no idea how much" is no partly.
    if phrase == "si" or phrase in _WHOLE_CLAUSE:
        return False
    code = words.leads[phrase]
    if code == "too_early":
        return _SAYS_WHEN.match(rest) is not None
    return code != "no" or _denies(rest, question, words)


def _denies(rest: str, question: Question, words: ReplyWords) -> bool:
    """Whether "no ..." answers the question: "no we did not", "no legal obstacles"; not "no more of this"."""
    tokens = re.findall(r"[^\W\d_][\w'-]*", rest)
    if tokens and tokens[0] in words.no_followers:
        return True
    asked = {token for token in re.findall(r"[^\W\d_]+", normalise(question.text)) if len(token) > 3}
    found = words.nothing_found | (words.troubles if question.favourable == "no" else frozenset())
    known = asked | found | {"or", "and", "at", "all", "so", "far", "any", "here", "for", "us", "in"}
    return bool(tokens) and all(token in known for token in tokens)


def _is_weakened(pieces: list[str], words: ReplyWords) -> bool:
    """As in "yes, but only a little", "yes to some extent"."""
    rests = [_behind_lead(pieces[0], words), *pieces[1:]]
    return any(starts_with(rest, weakener) for rest in rests if rest for weakener in words.weakeners)


def _behind_lead(clause: str, words: ReplyWords) -> str:
    """What stands behind the code that a clause opens with."""
    return next((trim(clause[len(phrase) :]) for phrase in words.lead_order if starts_with(clause, phrase)), "")


def _is_hedged(normal: str, words: ReplyWords) -> bool:
    return any(find_phrase(normal, hedge) >= 0 for hedge in words.hedges)


def _quantity(normal: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
    """A number with its unit; of several the one that holds today."""
    today = _TODAY.split(normal)
    if len(today) == 2 and re.search(r"\d", today[0]) and re.search(r"\d", today[1]):
        present = _quantity(today[1], question, words)
        return Reading(present.value, bare=False) if isinstance(present, Reading) else present
    found = _level(normal, question, words) if question.kind == "level" else None
    if question.kind == "percent":
        found = percent_in(normal, words)
    elif question.kind == "duration":
        found = duration_in(normal, words)
    code = _code(normal, question, words, judging=False)
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
    pieces = clauses(normal, words)
    found = [level_in(piece, scale, words) for piece in pieces]
    levels = {level.content for level in found if isinstance(level, AnswerValue)}
    if len(levels) > 1:
        return "contradiction"
    if found and isinstance(found[0], AnswerValue):
        return found[0]
    reason = next((level for level in found if isinstance(level, str)), None)
    if reason is not None:
        return reason
    return "own_words" if re.search(r"\d", normal) else None


def _choice(normal: str, text: str, question: Question, words: ReplyWords) -> Reading | Guess | UnclearReason:
    counted = option_by_number(normal, question)
    if counted:
        return Reading(AnswerValue(counted.key), bare=True)
    named, rest = options_named(normal, question)
    if not named:
        return _code(normal, question, words, judging=False)
    doubted = any(find_phrase(rest, word) >= 0 for word in (*words.doubts, *words.wishes))
    if doubted or is_conditional(clauses(normal, words), words):
        return "doubt"
    if is_denied(rest, words):
        named, rest = affirmed(normal, question, words) or ([], rest)
    option = _one_option(named, rest, question, words) if named else None
    if option is None:
        return "contradiction"
    if not is_an_answer(normal, text, rest, question, words):
        return Guess(AnswerValue(option.key))
    bare = not [token for token in re.findall(r"\w+", rest) if token not in {"and", "both", "the", "only", "a"}]
    return Reading(AnswerValue(option.key), bare=bare)


def _one_option(named: list[Option], rest: str, question: Question, words: ReplyWords) -> Option | None:
    """The option meant; for several of them the one that combines them. None when the rest speaks against it."""
    code = _code(rest, question, words, judging=False) if rest.strip("\0 ,.;") else None
    if isinstance(code, Reading) or names_half(rest):
        return None
    if len(named) == 1:
        return named[0]
    combined = next((option for option in question.options if option.combines), None)
    return None if find_phrase(rest, "or") >= 0 else combined
