"""Reads an answer to one question out of a person's words, or says why it cannot be read.

Every function here is pure and works on one question. Nothing is guessed: where words allow two readings the result
is a reason, and the dialogue asks back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from silk_rag.assessment.acts import UnclearReason
from silk_rag.assessment.normalise import ends_with, find_phrase, normalise, starts_with, trim
from silk_rag.assessment.quantities import duration_in, level_in, percent_in
from silk_rag.assessment.questionnaire import Option, Question
from silk_rag.assessment.values import JUDGEMENTS, OPEN_CODES, AnswerValue
from silk_rag.assessment.words import ReplyWords

_SEPARATOR = re.compile(r"(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})|[,.;:!?\n()\u2013\u2014]+|\s-+\s")
_PARTLY_A_REASON = re.compile(
    r"(?<=[\w,;.] )(?:partly|partially|in part) (?:because|due to|thanks to|through|for|as)\b"
)
_ORDINALS = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
# Two codes said in one breath, and what they mean together; a pair that is missing here contradicts itself.
_TOGETHER = {
    frozenset({"yes", "partly"}): "partly",
    frozenset({"no", "partly"}): "partly",
    frozenset({"no", "too_early"}): "too_early",
    frozenset({"no", "dont_know"}): "dont_know",
    frozenset({"no", "not_applicable"}): "not_applicable",
    frozenset({"dont_know", "too_early"}): "too_early",
}
# "co-ops and one university": a second partner that no option names.
_HALF_NAMED = re.compile(r"\0\s*(?:and|&|plus|et|und|y|e|en)\s+(?:\w+\s*){1,3}$")
_SOME_PART = re.compile(r"(?:for|in|with|to|at|on|when|if|elsewhere|abroad)\b")
_ENOUGH_TO_FUZZ = 6
ENOUGH_FOR_AN_ACCOUNT = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, whether the words said nothing beyond it (`bare`), and whether they doubted it."""

    value: AnswerValue
    bare: bool
    hedged: bool = False


def read_answer(text: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
    """The answer that the text gives to the question, or the reason why none is taken."""
    normal = normalise(text)
    if not any(sign.isalnum() for sign in normal):
        return "nothing_said"
    if question.kind == "text":
        code = _code(normal, question, words, judging=False)
        return code if isinstance(code, Reading) and code.bare else Reading(AnswerValue(text.strip()), bare=True)
    if question.kind == "yes_no":
        reading = _code(normal, question, words, judging=True)
    elif question.kind == "choice":
        reading = _choice(normal, question, words)
    else:
        reading = _quantity(normal, question, words)
    if isinstance(reading, Reading):
        hedged = reading.value.content not in OPEN_CODES and _is_hedged(normal, words)
        return Reading(reading.value, reading.bare, hedged)
    return reading


def clauses(normal: str, words: ReplyWords) -> list[str]:
    """The text cut at punctuation and conjunctions, without empty pieces; the conjunctions are dropped."""
    pieces = [trim(piece) for piece in _SEPARATOR.split(normal)]
    joints = "|".join(re.escape(word) for word in words.conjunctions)
    return [trim(part) for piece in pieces for part in re.split(rf"(?<!\w)(?:{joints})(?!\w)", piece) if trim(part)]


def bare_code(clause: str, words: ReplyWords) -> str | None:
    """The code that a clause is, when it holds nothing else but fillers."""
    return _bare(trim(clause), words, depth=4)


def _bare(clause: str, words: ReplyWords, depth: int) -> str | None:
    if clause in words.alone:
        return words.alone[clause]
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
    """As in "yes yes", "no not really": the same said twice."""
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
        code for phrase, code in words.alone.items() if len(phrase) >= _ENOUGH_TO_FUZZ and _one_slip(clause, phrase)
    }
    return near.pop() if len(near) == 1 else None


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, doubled, wrong or swapped with its neighbour. Words that differ are no slip."""
    if abs(len(typed) - len(meant)) > 1 or typed[0] != meant[0]:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest_typed, rest_meant = typed[start:], meant[start:]
    return (
        rest_typed[1:] == rest_meant
        or rest_typed == rest_meant[1:]
        or (rest_typed[1:] == rest_meant[1:])
        or (rest_typed[:2] == rest_meant[:2][::-1] and rest_typed[2:] == rest_meant[2:])
    )


def _code(  # noqa: PLR0911 (one return for each way a code can fail to be read)
    normal: str, question: Question, words: ReplyWords, *, judging: bool
) -> Reading | UnclearReason:
    """A code said in words. Without `judging`, yes, partly and no are not understood: the question takes none."""
    whole = bare_code(normal, words) or _mistyped(trim(normal), words)
    if whole:
        return Reading(AnswerValue(whole), bare=True) if judging or whole not in JUDGEMENTS else "not_understood"
    pieces = clauses(_PARTLY_A_REASON.sub(" because ", normal), words)
    if not pieces:
        return "nothing_said"
    pieces = [piece for piece in pieces if piece not in words.fillers] or pieces
    if _is_doubt(pieces[0], words) or any(piece in words.doubts for piece in pieces):
        return "doubt"
    said = [bare_code(piece, words) for piece in pieces]
    leading = said[0] or _lead(pieces[0], question, words)
    main = leading or said[-1]
    if main is None:
        return "own_words" if len(normal.split()) >= ENOUGH_FOR_AN_ACCOUNT else "not_understood"
    codes = {main, *(code for code in said if code)}
    if leading in {"yes", "no"} and _is_weakened(pieces, words):
        codes.add("partly")
    code = _together(codes)
    if code is None or (leading in {"yes", "no"} and any(_turns_round(piece, leading, words) for piece in pieces[1:])):
        return "contradiction"
    if not judging and code in JUDGEMENTS:
        return "not_understood"
    spoken = zip(pieces, said, strict=True)
    return Reading(AnswerValue(code), bare=all(known or piece in words.commands for piece, known in spoken))


def _turns_round(clause: str, leading: str, words: ReplyWords) -> bool:
    """As in "Yes for the first part, no for the second": a later clause that says the opposite of something."""
    opposite = "no" if leading == "yes" else "yes"
    return any(
        starts_with(clause, phrase) and _SOME_PART.match(clause[len(phrase) :].strip())
        for phrase in words.lead_order
        if words.leads[phrase] == opposite
    )


def _is_doubt(clause: str, words: ReplyWords) -> bool:
    """As in "maybe", "yes maybe": a doubt that is most of what was said."""
    return len(clause.split()) <= 3 and any(find_phrase(clause, doubt) >= 0 for doubt in words.doubts)


def _together(codes: set[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else _TOGETHER.get(frozenset(codes))


def _lead(clause: str, question: Question, words: ReplyWords) -> str | None:
    """The code that a clause opens with; fillers may stand before it."""
    phrase = next((phrase for phrase in words.lead_order if starts_with(clause, phrase)), None)
    if phrase is None:
        filler = next((filler for filler in words.fillers if starts_with(clause, filler) and clause != filler), None)
        return _lead(trim(clause[len(filler) :]), question, words) if filler else None
    code, rest = words.leads[phrase], trim(clause[len(phrase) :])
    if not rest:
        return code
    also = bare_code(rest, words)
    if also is not None and also != code:
        return _together({code, also})
    if starts_with(rest, "or"):
        return None
    if code == "no" and not _denies(rest, question, words):
        return None
    return None if rest in words.doubts else code


def _denies(rest: str, question: Question, words: ReplyWords) -> bool:
    """Whether "no ..." answers the question: "no we did not", "no legal obstacles"; not "no more of this"."""
    tokens = re.findall(r"[^\W\d_][\w'-]*", rest)
    if tokens and tokens[0] in words.no_followers:
        return True
    asked = {token for token in re.findall(r"[^\W\d_]+", normalise(question.text)) if len(token) > 3}
    known = asked | words.nothing_found | {"or", "and", "at", "all", "so", "far", "any", "here", "for", "us", "in"}
    return bool(tokens) and all(token in known for token in tokens)


def _is_weakened(pieces: list[str], words: ReplyWords) -> bool:
    """As in "yes, but only a little", "yes to some extent"."""
    after_lead = next((trim(pieces[0][len(p) :]) for p in words.lead_order if starts_with(pieces[0], p)), "")
    rests = [after_lead, *pieces[1:]]
    return any(starts_with(rest, weakener) for rest in rests if rest for weakener in words.weakeners)


def _is_hedged(normal: str, words: ReplyWords) -> bool:
    return any(find_phrase(normal, hedge) >= 0 for hedge in words.hedges)


def _quantity(normal: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
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
        return Reading(found, bare=plain is not None or level_only(normal, question, words))
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


def _choice(normal: str, question: Question, words: ReplyWords) -> Reading | UnclearReason:
    counted = _by_number(normal, question)
    if counted:
        return Reading(AnswerValue(counted.key), bare=True)
    named, rest = _options_named(normal, question)
    if not named:
        return _code(normal, question, words, judging=False)
    if any(find_phrase(rest, word) >= 0 for word in words.opposing):
        return "contradiction"
    code = _code(rest, question, words, judging=False) if rest.strip("\0 ,.;") else None
    if isinstance(code, Reading) or _HALF_NAMED.search(rest):
        return "contradiction"
    combined = next((option for option in question.options if option.combines), None)
    if len(named) > 1:
        if combined is None or find_phrase(rest, "or") >= 0:
            return "contradiction"
        named = [combined]
    bare = not [token for token in re.findall(r"\w+", rest) if token not in {"and", "both", "the", "only", "a"}]
    return Reading(AnswerValue(named[0].key), bare=bare)


def _by_number(normal: str, question: Question) -> Option | None:
    """As in "2", "option 2", "the second one"."""
    match = re.fullmatch(r"(?:the |option |number |no\. |#)*(\w+)(?: one| option)?", trim(normal))
    if not match:
        return None
    word = match.group(1)
    place = _ORDINALS.get(word) or (int(word) if word.isdecimal() and len(word) < 3 else 0)
    if place == -1:
        place = len(question.options)
    return question.options[place - 1] if 0 < place <= len(question.options) else None


def _options_named(normal: str, question: Question) -> tuple[list[Option], str]:
    """The options whose words stand in the text, and the text with those words blanked out."""
    phrases = sorted(
        ((word, option) for option in question.options for word in option.words), key=lambda pair: -len(pair[0])
    )
    named: list[Option] = []
    rest = normal
    for word, option in phrases:
        place = find_phrase(rest, word)
        while place >= 0:
            rest = rest[:place] + "\0" * len(word) + rest[place + len(word) :]
            if option not in named:
                named.append(option)
            place = find_phrase(rest, word)
    return named, rest
