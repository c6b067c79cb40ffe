"""Finds the options of a choice in a person's words: by number, by name, or one slip of the finger away."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from silk_rag.assessment.doubts import is_about_something_else
from silk_rag.assessment.normalise import find_phrase, one_slip, starts_with, trim
from silk_rag.assessment.questionnaire import Option, Question
from silk_rag.assessment.words import ReplyWords

# "We export nothing", "on n'exporte rien".
_NONE_OF_IT = re.compile(r"\0\s*(?:nothing|hardly|rien|nada|niente|nichts|kaum|niets)\b")
# "We are a co-op" says who one is, not whom one works with.
_OURSELVES = re.compile(
    r"\b(?:we are|we're|i am|i'm|nous sommes|on est|somos|soy|siamo|sono|wir sind|ich bin|we zijn|wij zijn)"
    r"\s+(?:an?|the|une?|uma?|una|eine?|een)\s+(?:[^\W\0]+\s+){0,3}\0"
)
# "Our partner is inward, we are outward": two options of two.
_APART = re.compile(r"\0[^\0]*[,.;:][^\0]*\b(?:is|are|was|were)\b[^\0]*\0")
_FIRST_PERSON = re.compile(
    r"^(?:we|we'd|we'll|they|nous|on|wir|wij|a gente) |(?:amos|emos|imos|iamo)$|(?:아요|어요|해요|니다|와요|내요)$"
)
_KOREAN_PARTICLE = re.compile(
    r"(?<=[\uac00-\ud7a3]{2})(?:이랑|들뿐입니다|들뿐이에요|뿐입니다|뿐이에요|들하고만|하고만|들하고|하고|들과만|들과|과만|와만|들만|만|과|와|을|를|은|는|도|들|이요|요)(?=[\s,.!?]|$)|"
    r"(?<=[\uac00-\ud7a3])(?:이요|요)$"
)
# "I'm positive that it is negative" names one option.
_CERTAIN = re.compile(r"(?<!\w)(?:i'm|i am|we're|we are) (?:quite |very )?positive,? (?:that )?(?=\w)")
_CLAUSES = re.compile(r"[,;:.!]|(?<=없고)\s|(?<=않고)\s|(?<=아니고)\s|(?<=아니라)\s")
_IS = re.compile(r"(?<!\w)(?:is|are|was|were)(?!\w)")
_IF_ANYTHING = re.compile(r"(?i)\b(?:if anything|if i (?:had|have) to choose)\b")
_ALL_OF_THEM = re.compile(
    r"(?<!\w)(?:all|each|every one|both|the lot|most) of (?:them|these|those|it)(?!\w)|"
    r"^(?:they're |theyre |they are |they were )all(?!\w)"
)
# "co-ops and one university": a second partner that no option names.
_HALF_NAMED = re.compile(r"\0\s*(?:and|&|plus|et|und|y|e|en)\s+(?:\w+\s*){1,3}$")
_ORDINALS = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
# As many words as a bare answer has; in a longer message a slip may be another word.
_SHORT = 5
_ENOUGH_TO_FUZZ = 6
_NEITHER = re.compile(r"\0\s*(?:nor|ni|ne|nem|noch)\s+\0")
_NOT_ONLY = re.compile(
    r"(?<!\w)(?:not (?:only|just)|no solo|no solamente|non solo|non soltanto|nao so|nao apenas|pas (?:que|"
    r"seulement)|nicht nur|niet alleen|뿐만 아니라)(?!\w)"
)
_KOREAN_DENIES = re.compile(r"(?<![\uac00-\ud7a3])(?:없|않|아니|못)[\uac00-\ud7a3]*")
# Fillers that would name an option elsewhere: "bueno, negativo".
_OPENED = re.compile(r"^(?:bon|bueno|bom|bem|bene|gut|na gut|goed|nou goed|igual),\s+(?=\w)")
_COMPARED = re.compile(r"(?<!\w)(?:more|plus|mas|piu|mais|mehr|meer) \0+ (?:than|que|di|che|do que|als|dan) \0")
_KOREAN_STEM = 2


def widened(question: Question, words: ReplyWords) -> Question:
    """The question with the further words for its options."""
    options = (
        replace(each, words=tuple(dict.fromkeys((*each.words, *words.options.get(each.key, ())))))
        for each in question.options
    )
    return replace(question, options=tuple(options))


def opened(normal: str, question: Question, words: ReplyWords) -> str:
    """The text without a filler at its head that would name an option, and with "a state university" by its kind."""
    said = _OPENED.sub("", normal)
    for key, adjectives in words.owned.items():
        option = question.option(key)
        if option is not None:
            said = _owned(adjectives, words.institutions).sub(option.words[0], said)
    return said


@lru_cache(maxsize=4)
def _owned(adjectives: tuple[str, ...], institutions: tuple[str, ...]) -> re.Pattern[str]:
    """As in "a state university", "universidades públicas"."""
    whose, what = "|".join(map(re.escape, adjectives)), "|".join(map(re.escape, institutions))
    ending = r"(?:이에요|입니다|이요|요|들|이랑|하고|과|와)?(?!\w)"
    article = r"(?<!\w)(?:(?:an?|une?|una|uno|um|uma|eine?|een) )?"
    return re.compile(rf"{article}(?:(?:{whose}) (?:{what})|(?:{what}) (?:{whose})){ending}")


def is_compared(rest: str) -> bool:
    """As in "more bad than good", on a text with the options blanked out."""
    return _COMPARED.search(rest) is not None


def of_the_pair(rest: str, question: Question) -> Option | None:
    """As in "neither good nor bad": the option that is neither, on a text with the options blanked out."""
    neutral = [each for each in question.options if each.reads == "neutral"]
    return neutral[0] if len(neutral) == 1 and _NEITHER.search(rest) else None


def options_named(normal: str, question: Question) -> tuple[list[Option], str]:
    """The options whose words stand in the text, and the text with those words blanked out."""
    named, rest = _by_name(normal, question)
    if not named and _KOREAN_PARTICLE.search(normal):
        named, rest = _by_name(_KOREAN_PARTICLE.sub(" ", normal), question)
    if not named:
        named, rest = _in_korean(normal, question)
    return (named, rest) if named else _mistyped(normal, question)


def _in_korean(normal: str, question: Question) -> tuple[list[Option], str]:
    """As in "해외로 수출하는 쪽": a Korean word goes on where its option's name ends."""
    meant = {
        option.key: option
        for token in re.findall(r"[\uac00-\ud7a3]+", normal)
        for option in question.options
        for word in option.words
        if len(word) >= _KOREAN_STEM and "\uac00" <= word[0] <= "\ud7a3" and token.startswith(word)
    }
    if len(meant) != 1:
        return [], normal
    option = next(iter(meant.values()))
    stems = "|".join(re.escape(word) for word in option.words if "\uac00" <= word[0] <= "\ud7a3")
    return [option], re.sub(rf"(?:{stems})[\uac00-\ud7a3]*", lambda found: "\0" * len(found.group(0)), normal)


def affirmed(normal: str, question: Question, words: ReplyWords) -> tuple[list[Option], str] | None:
    """What is left when a clause denies one option and another clause names one: "not to sell, we buy in Peru"."""
    parts = [options_named(clause, question) for clause in _CLAUSES.split(normal)]
    named = [(options, rest) for options, rest in parts if options]
    denied = [option for options, rest in named if is_denied(rest, words) for option in options]
    clean = [(options, rest) for options, rest in named if not is_denied(rest, words)]
    beside = any(not options and is_denied(rest, words) for options, rest in parts)
    if not (denied or beside) or len(clean) != 1 or any(option in denied for option in clean[0][0]):
        return None
    return clean[0]


def is_denied(rest: str, words: ReplyWords) -> bool:
    """As in "not outward", "we export nothing", on a text with the options blanked out."""
    plain = _NOT_ONLY.sub(" ", _IF_ANYTHING.sub(" ", rest))
    if _KOREAN_DENIES.search(plain):
        return True
    return any(find_phrase(plain, word) >= 0 for word in words.opposing) or _NONE_OF_IT.search(rest) is not None


def names_half(rest: str) -> bool:
    """As in "co-ops and one university": a second partner that no option names."""
    return _HALF_NAMED.search(rest) is not None


def is_an_answer(normal: str, text: str, rest: str, question: Question, words: ReplyWords) -> bool:
    """Whether the options are the answer; not in "our competitors export", "we are a co-op"."""
    if _OURSELVES.search(rest) or _APART.search(rest):
        return False
    clauses = [clause for clause in re.split(r"[,;.:!()]", _IF_ANYTHING.sub(" ", rest)) if "\0" in clause]
    return _says_so(normal, question) or any(_is_close(clause, text, question, words) for clause in clauses)


def _says_so(normal: str, question: Question) -> bool:
    """As in "we export cheese to Mali", "exportamos": said of oneself, whatever else is said."""
    every = [word for option in question.options for word in option.words]
    if any(find_phrase(normal, word) >= 0 for word in every if _FIRST_PERSON.search(word)):
        return True
    # "Export to Germany and Austria": with no subject before it, it is said of oneself.
    return _IS.search(normal) is None and any(starts_with(normal, f"{word} to") for word in every)


def _is_close(rest: str, text: str, question: Question, words: ReplyWords) -> bool:
    """Whether the words beside the option say no more than a person says with an answer."""
    known = [word for option in question.options for word in option.words if "*" not in word]
    known += words.beside_options
    return not is_about_something_else(rest, text, question, known, words, most=0)


def _mistyped(normal: str, question: Question) -> tuple[list[Option], str]:
    """Options one slip of the finger away, in a message that is short enough to be nothing but an answer."""
    tokens = normal.split()
    if len(tokens) > _SHORT:
        return [], normal
    by_word = {
        word: option
        for option in question.options
        for word in option.words
        if len(word) >= _ENOUGH_TO_FUZZ and "*" not in word
    }
    named: list[Option] = []
    for token in tokens:
        meant = {id(option): option for word, option in by_word.items() if _slipped(trim(token), word)}
        if len(meant) == 1:
            named += [option for option in meant.values() if option not in named]
            normal = normal.replace(token, "\0" * len(token))
    return named, normal


def _slipped(typed: str, meant: str) -> bool:
    return len(typed) >= _ENOUGH_TO_FUZZ - 1 and one_slip(typed, meant)


def option_by_number(normal: str, question: Question) -> Option | None:
    """As in "2", "option 2", "the second one"."""
    match = re.fullmatch(r"(?:the |option |number |no\. |#)*(\w+)(?: one| option)?", trim(normal))
    if not match:
        return None
    word = match.group(1)
    place = _ORDINALS.get(word) or (int(word) if word.isdecimal() and len(word) < 3 else 0)
    if place == -1:
        place = len(question.options)
    return question.options[place - 1] if 0 < place <= len(question.options) else None


def _without_quantifiers(normal: str, single: list[str]) -> str:
    """As in "private firms, all of them": "all" says how many of the one kind that is named, and names no mixture."""
    plain = _ALL_OF_THEM.sub(" ", normal)
    return plain if plain != normal and any(find_phrase(plain, word) >= 0 for word in single) else normal


def _by_name(normal: str, question: Question) -> tuple[list[Option], str]:
    """The options whose words stand in the text, and the text with those words blanked out."""
    phrases = sorted(
        ((word, option) for option in question.options for word in option.words), key=lambda pair: -len(pair[0])
    )
    named: list[Option] = []
    rest = _without_quantifiers(_CERTAIN.sub(" ", normal), [word for word, option in phrases if not option.combines])
    for word, option in phrases:
        while found := _found(rest, word):
            rest = rest[: found[0]] + "\0" * (found[1] - found[0]) + rest[found[1] :]
            if option not in named:
                named.append(option)
    return named, rest


def _found(text: str, word: str) -> tuple[int, int] | None:
    """Where a word stands, from and to; "copi*" is every word that begins so."""
    if word.endswith("*"):
        match = re.search(rf"(?<!\w){re.escape(word[:-1])}\w*", text)
        return match.span() if match else None
    place = find_phrase(text, word)
    return (place, place + len(word)) if place >= 0 else None
