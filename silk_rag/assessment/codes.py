"""Reads yes, partly, no, too early, not applicable and don't know out of a person's words.

Every function is pure. Where words allow two readings there is none, and the reason is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from silk_rag.assessment.acts import UnclearReason
from silk_rag.assessment.doubts import is_about_the_talk, is_conditional, is_counted, opens_a_condition
from silk_rag.assessment.normalise import ends_with, find_phrase, normalise, one_slip, starts_with, trim
from silk_rag.assessment.question_words import wordings_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.readings import Reading
from silk_rag.assessment.restating import restated
from silk_rag.assessment.values import JUDGEMENTS, AnswerValue
from silk_rag.assessment.words import ReplyWords

# "If you ask me", "if only a bit" set no condition.
_ASIDE = re.compile(
    r",?(?<!\w)if (?:you ask me|i'?m honest|we'?re honest|i have to say|i had to say|anything|only(?= \w))(?!\w)"
)
_TO_AND_FRO = re.compile(r"(?<!\w)(?:yes,? no,? yes|no,? yes,? no)(?!\w)")
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
_SAYS_WHEN = re.compile(r"(?:to|for (?:us|that)|yet|still|as|since|we|i|and|at|right|now|por|pour|para|per|um|om|zu)\b")
_SOME_PART = re.compile(r"(?:for|in|with|to|at|on|when|if|elsewhere|abroad)\b")
# "Oh yes, totally, not".
_TAKEN_BACK = frozenset({"not", "pas", "nicht"})
# "We had no", "wir hatten keine", "we hadden geen".
_NONE_FOUND = re.compile(r"(?:no|kein\w*|geen|aucune?|ningun\w*|nessun\w*|nenhum\w*)(?!\w)")
_ENOUGH_TO_FUZZ = 6
ENOUGH_FOR_AN_ACCOUNT = 4


def clauses(normal: str, words: ReplyWords) -> list[str]:
    """The text cut at punctuation and conjunctions, without empty pieces; the conjunctions are dropped."""
    pieces = [trim(piece) for piece in _SEPARATOR.split(normal)]
    joints = "|".join(re.escape(word) for word in words.conjunctions)
    parts = (trim(part) for piece in pieces for part in re.split(rf"(?<!\w)(?:{joints})(?!\w)", piece) if trim(part))
    return [each for part in parts for each in _drawn_apart(part, words)]


def _drawn_apart(piece: str, words: ReplyWords) -> list[str]:
    """As in "we helped 200 people so yeah": what is concluded is a clause of its own."""
    for concluding in words.concluding:
        place = find_phrase(piece, concluding)
        if place > 0 and bare_code(piece[place:], words):
            return [trim(piece[:place]), trim(piece[place:])]
    return [piece]


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
    near = {
        code
        for phrase, code in words.alone.items()
        if len(phrase) >= _ENOUGH_TO_FUZZ and one_slip(clause, phrase) and not _says_another_word(clause, phrase, words)
    }
    return near.pop() if len(near) == 1 else None


def _says_another_word(clause: str, phrase: str, words: ReplyWords) -> bool:
    """As in "I wouldn't say no", a slip away from "I wouldn't say so": what differs is a word of its own."""
    typed = set(clause.split()) - set(phrase.split())
    return any(word in words.alone or word in words.light for word in typed)


def code_said(  # noqa: PLR0911 (one return for each way a code can fail to be read)
    normal: str, question: Question, words: ReplyWords, *, judging: bool
) -> Reading | UnclearReason:
    """A code said in words. Without `judging`, yes, partly and no are not understood: the question takes none."""
    if trim(normal) in words.doubts:
        return "doubt"
    if _TO_AND_FRO.search(normal):
        return "contradiction"
    normal = _ASIDE.sub(" ", normal)
    whole = bare_code(normal, words) or _mistyped(trim(normal), words)
    if whole:
        return Reading(AnswerValue(whole), bare=True) if judging or whole not in JUDGEMENTS else "not_understood"
    pieces = clauses(_PARTLY_A_REASON.sub(" because ", normal), words)
    pieces = [piece for piece in pieces if piece not in words.fillers] or pieces
    if not pieces:
        return "nothing_said"
    if _is_doubt(pieces[0], words) or any(piece in words.doubts for piece in pieces):
        return "doubt"
    said = [_code_among(piece, words) for piece in pieces]
    code = _said_in(pieces, said, question, words)
    if code is None and judging and len(pieces) == 1:
        code = restated(pieces[0], question)
    if code is None:
        return "own_words" if len(normal.split()) >= ENOUGH_FOR_AN_ACCOUNT else "not_understood"
    if isinstance(code, _Unsaid):
        return code.reason
    if not judging and code in JUDGEMENTS:
        return "not_understood"
    spoken = zip(pieces, said, strict=True)
    return Reading(AnswerValue(code), bare=all(known or piece in words.commands for piece, known in spoken))


def _code_among(piece: str, words: ReplyWords) -> str | None:
    """The code of a clause among others; "not for us" beside "not for the trade" says for whom, and is no code."""
    code = bare_code(piece, words)
    return None if code == "not_applicable" and piece in words.alone and piece not in words.leads else code


@dataclass(frozen=True, slots=True)
class _Unsaid:
    """A code was named, and yet it is not said."""

    reason: UnclearReason


def _said_in(  # noqa: PLR0911 (one return for each thing that the pieces may say)
    pieces: list[str], said: list[str | None], question: Question, words: ReplyWords
) -> str | _Unsaid | None:
    """What all pieces together say, None when no code is in them."""
    concluded = _concluded(pieces, said, words)
    leading = said[0] or _lead(pieces[0], question, words)
    main = concluded or leading or said[-1] or _stated(pieces, said, question, words)
    if main is None:
        return None
    if main in JUDGEMENTS and (_is_conditional(pieces, leading, words) or pieces[-1] in _TAKEN_BACK):
        return _Unsaid("doubt")
    if leading in {"yes", "no"} and _leaves_out(pieces, words):
        return _Unsaid("contradiction")
    if any(is_about_the_talk(piece, words) for piece in pieces[1:]):
        return _Unsaid("not_understood")
    if concluded:
        return concluded
    codes = {main, *(code for code in said if code)}
    if leading in {"yes", "no"} and _is_weakened(pieces, question, words):
        codes.add("partly")
    code = _together(codes)
    if code is None or (leading in {"yes", "no"} and _turns_round(pieces, leading, words)):
        return _Unsaid("contradiction")
    return code


def _is_conditional(pieces: list[str], leading: str | None, words: ReplyWords) -> bool:
    """As in "yes, if ...", "provided the contract is renewed, yes", "yes as long as the grant lasts"."""
    opening = pieces[0] if leading is None else _behind_lead(pieces[0], words)
    settings = words.settings if leading is None else ()
    set_up = opens_a_condition(opening, words) or any(starts_with(opening, each) for each in settings)
    return is_conditional(pieces, words) or set_up


def _leaves_out(pieces: list[str], words: ReplyWords) -> bool:
    """As in "no, apart from Spain"."""
    rests = [_behind_lead(pieces[0], words), *pieces[1:]]
    return any(starts_with(rest, exception) for rest in rests for exception in words.exceptions)


def _concluded(pieces: list[str], said: list[str | None], words: ReplyWords) -> str | None:
    """As in "No, actually they did hold us up, so yes": what is concluded last outranks what was said before."""
    concludes = len(pieces) > 1 and any(starts_with(pieces[-1], word) for word in words.concluding)
    return said[-1] if concludes else None


def _stated(pieces: list[str], said: list[str | None], question: Question, words: ReplyWords) -> str | None:
    """A code that stands as a clause of its own amid an account, or at the head of a later one; None if two differ."""
    if any(starts_with(pieces[0], phrase) for phrase in (*words.conditions, *words.reported)):
        return None
    heads = [
        code or (_denial(piece, question, words) if place else None)
        for place, (piece, code) in enumerate(zip(pieces, said, strict=True))
    ]
    codes = {code for code in heads if code}
    return codes.pop() if len(codes) == 1 else None


def _denial(clause: str, question: Question, words: ReplyWords) -> str | None:
    """As in "..., no obstacle at all": a "no" with what the question asks for behind it, and nothing else."""
    return "no" if _lead(clause, question, words) == "no" and not _is_followed_by_a_subject(clause, words) else None


def _is_followed_by_a_subject(clause: str, words: ReplyWords) -> bool:
    tokens = _behind_lead(clause, words).split()
    return bool(tokens) and tokens[0] in words.no_followers


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
        if found and _NONE_FOUND.match(trim(clause[len(found) :])):
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
    return code != "no" or phrase in words.interjections or _denies(rest, question, words)


def _denies(rest: str, question: Question, words: ReplyWords) -> bool:
    """Whether "no ..." answers the question: "no we did not", "no legal obstacles"; not "no more of this"."""
    tokens = re.findall(r"[^\W\d_][\w'-]*", rest)
    if tokens and tokens[0] in words.no_followers:
        return True
    wordings = normalise(wordings_of(question, "retrospective"))
    asked = {token for token in re.findall(r"[^\W\d_]+", wordings) if len(token) > 3}
    found = words.nothing_found | (words.troubles if question.favourable == "no" else frozenset())
    named = asked | found
    known = named | words.beside_nothing
    return all(token in known for token in tokens) and any(token in named for token in tokens)


def _is_weakened(pieces: list[str], question: Question, words: ReplyWords) -> bool:
    """As in "yes, but only a little", "yes to some extent"; what the question itself says weakens nothing."""
    asked = normalise(question.text)
    weakeners = [weakener for weakener in words.weakeners if find_phrase(asked, weakener) < 0]
    rests = [_behind_lead(pieces[0], words), *pieces[1:]]
    return any(starts_with(rest, weakener) for rest in rests if rest for weakener in weakeners)


def _behind_lead(clause: str, words: ReplyWords) -> str:
    """What stands behind the code that a clause opens with."""
    return next((trim(clause[len(phrase) :]) for phrase in words.lead_order if starts_with(clause, phrase)), "")
