"""Numbers as people write them: "about a third", "18 months", "a year and a half", "4 out of 5", "quite difficult"."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from silk_rag.assessment.acts import UnclearReason
from silk_rag.assessment.levels import level_told
from silk_rag.assessment.normalise import ends_with, find_phrase, longest_first, normalise, starts_with, trim
from silk_rag.assessment.numerals import in_decimals
from silk_rag.assessment.questionnaire import Scale
from silk_rag.assessment.values import AnswerValue, in_range
from silk_rag.assessment.words import ReplyWords

Understood = AnswerValue | UnclearReason
_WORD = re.compile(r"\w+")
_MORE_THAN = ("more than", "over", "plus de", "más de", "più di", "mais de", "mehr als", "meer dan")
_ARTICLE = r"(?:(?:un|uns|unos|el|il|l'|le|les|the|o|os|um|ein|a) )?"
_DIGITS = r"\d+(?:[.,]\d+)?"
_LEVEL = re.compile(
    r"(?:(?:a|an|un|une|una|uno|um|uma|ein|eine|een|level|grade|score|niveau|nivel|stufe)\s+)?(\d+)"
    r"\s*(?:(?:/|out of|of|von|sur|de|van)\s*(\d+))?"
    r"\s*(?:(?:/|out of|of|von|sur|de|van)\s*(\d+))?"
)
_KOREAN_ENDING = re.compile(
    r"([\d일이삼사오육칠팔구십백]\s*(?:퍼센트|프로|개월|달|년|주|일))(쯤|정도|가량|이나|이죠|이요|요|입니다|예요|이에요|남짓|이상|이하|에서|부터|까지|내지|만에|동안|를)"
)
_VERBS = (
    ""
    "comes?|came|is|was|goes|went|from|vient|viennent|est|viene|vienen|proviene|es|e|vengono|vem|vinha|are|sont|son|sono|sind|zijn|sao|kommt|"
    "kommen|ist|komt|komen"
)
_OF_EACH = (
    r"(?:out )?of(?: every| each)?|for(?: every| each)?|from every|sur(?: chaque)?|de cada|"
    r"sobre(?: cada)?|su(?: ogni)?|di ogni|"
    r"von(?: je| jeden)?|van(?: elke| iedere)?|op(?: elke| iedere)?"
)
# "일 년", "이 년": in front of a year they can only be numbers.
_KOREAN_YEARS = re.compile(r"(?<!\S)(일|이|삼|사|오)\s?년(?!\s*전)")
_WOULD_SAY = re.compile(r"^(?:ich|wir) wurden? (.+) sagen$|^(?:ik|we|wij) zou(?:den)? (.+) zeggen$")
_KOREAN_HALF = re.compile(r"((?:년|달|주|개월)\s?반)(?:이요|이에요|입니다|쯤|요)")
_KOREAN_FRACTION = re.compile(r"(\d+)\s*분의\s*(\d+)")
_ISH_WORD = re.compile(r"([^\W\d_]{3,})-ish(?!\w)")
_KOREAN_POLITE = re.compile(r"(?<=[\d\uac00-\ud7a3])(?:이요|이에요|예요|입니다|요)$")
_ISH = re.compile(r"(\d|\w{3})\s*-?(?:ish|-odd)(?!\w)|(?<=\w)-odd(?!\w)")
_GREW = re.compile(
    r"(?<!\w)(?:from|de|da|von|van)\s+[\d.,]+\s*%?\s+(?:to|a|à|auf|naar|bis)\s+[\d.,]+\s*(?:%|per ?cent)"
)
# What joins two lengths into a range; "and" adds them up.
_BETWEEN_UNITS = r"to|till|until|or|-|–|~|à|a|bis|tot|o|ou|oder|of|에서|부터|내지"
_BETWEEN = "between|entre|tra|fra|zwischen|tussen"
_EITHER = re.compile(r"(?<!\w)(?:or|o|ou|oder|of)(?!\w)")
_PERHAPS = (
    r"maybe|perhaps|possibly|or even|or|peut-etre|ou|quizas|tal vez|o|forse|talvez|vielleicht|oder|misschien|of|아마|"
    r"rather|plutot|mas bien|piuttosto|eher|eerder"
)
# Numbers that "good" and "long" may stand behind: "six bons mois".
_SMALL = (
    r"\d+|two|three|four|five|six|deux|trois|quatre|cinq|dos|tres|cuatro|cinco|seis|due|tre|quattro|sei|"
    r"dois|tres|quatro|"
    r"zwei|drei|vier|sechs|twee|drie|zes"
)
_MONTHS: Mapping[str, float] = {"days": 1 / 30.4375, "weeks": 7 / 30.4375, "months": 1.0, "years": 12.0}


def percent_in(text: str, words: ReplyWords) -> Understood | None:
    """A share of a hundred in normalised text; a reason when a number cannot be taken; None without one."""
    text = _one_in_so_many(_of_a_hundred(in_digits(text, words), words), words)
    text = _halves_of_a_percent(text, words)
    # "From 5 % to 40 %" tells a change, and leaves open which of them is meant.
    if _GREW.search(text):
        return "several_numbers"
    signs = _either(words.percent_signs)
    joiners = _either(words.range_joiners)
    number = f"({_DIGITS}|{_either(longest_first(words.numbers))})"
    ranged = re.search(rf"(?<![\w.,]){number}\s*(?:{signs})?\s*(?:{joiners})\s*{_ARTICLE}{number}\s*(?:{signs})", text)
    if ranged:
        bounds = [_value(ranged.group(1), words), _value(ranged.group(2), words)]
        rest = text[: ranged.start()] + text[ranged.end() :]
        return "several_numbers" if re.search(r"\d", rest) else _ranged(bounds, "percent")
    found = [_value(match, words) for match in re.findall(rf"(?<![\w.,]){number}\s*(?:{signs})(?!\w)", text)]
    # "nothing" and "everything" are a share only by themselves: "nothing to say here, 30 %".
    fractions = [phrase for phrase, share in words.shares.items() if share not in {0, 100}]
    found += [float(words.shares[phrase]) for phrase in _phrases_in(text, fractions)]
    found += [float(100 * int(a) / int(b)) for a, b in re.findall(r"(?<!\d)([1-9])/([1-9]\d?)(?!\d)", text)]
    if not found:
        return _bare_percent(text, words)
    if len(found) > 1:
        return "several_numbers"
    if found[0] == 100 and any(find_phrase(text, phrase) >= 0 for phrase in map(normalise, _MORE_THAN)):
        return "out_of_range"
    return _checked(round(found[0], 1), "percent")


def _one_in_so_many(text: str, words: ReplyWords) -> str:
    """As in "one euro in five", "two out of every ten": the share as a number of per cent, in its place."""
    number = f"({_DIGITS}|{_either(longest_first(words.numbers))})"
    coins = _either(longest_first(words.coins))
    among = _either(longest_first(words.out_of))

    def share(match: re.Match[str]) -> str:
        part, whole = _value(match.group(1), words), _value(match.group(2), words)
        return f"{_rounded(100 * part / whole):g}%" if 0 < part < whole <= 100 else match.group(0)

    behind = rf"(?:{coins}|{_VERBS})(?!\w)|[,.;:!]|$"
    counted = rf"{number}(?:\s+(?:{coins}))?\s+(?:{among})(?: (?:every|each|the|cada))?\s+{number}(?=\s*(?:{behind}))"
    return re.sub(rf"(?<![\w.,]){counted}", share, text)


def _of_a_hundred(text: str, words: ReplyWords) -> str:
    """As in "of every hundred euros we take in, six come from abroad": the share in place of what tells it."""
    number = f"({_DIGITS}|{_either(longest_first(words.numbers))})"
    coins, nearly = _either(longest_first(words.coins)), _either(longest_first(words.approximately))

    def share(match: re.Match[str]) -> str:
        whole, part = _value(match.group(1), words), _value(match.group(2), words)
        return f"{_rounded(100 * part / whole):g}%" if whole in {10, 100, 1000} and 0 < part < whole else match.group(0)

    came = rf"(?:\s+(?:(?:{_VERBS})(?: er)?))?"
    told = rf"(?:{_OF_EACH})\s+{number}\s+(?:{coins})(?:\s+[^\W\d]+){{0,4}}?,?{came}(?:\s+(?:{nearly}))?,?\s+{number}"
    return re.sub(
        rf"(?<!\w){told}(?:\s+(?:{coins}))?(?=\s+(?:{_VERBS}|er|from|von|aus|uit|de|da|di|du)(?!\w)|[,.;:!]|$)",
        share,
        text,
    )


def _rounded(share: float) -> float:
    """12.5 stays, a third is 33: to a tenth where that is exact."""
    return round(share, 1) if math.isclose(share, round(share, 1)) else float(round(share))


def _halves_of_a_percent(text: str, words: ReplyWords) -> str:
    """As in "half a percent", "one and a half per cent"."""
    number, signs = f"({_DIGITS}|{_either(longest_first(words.numbers))})", _either(words.percent_signs)
    more = rf"(?<![\w.,]){number}\s+(?:{_either(words.half_more)})\s*(?:{signs})(?!\w)"
    text = re.sub(more, lambda match: f"{_value(match.group(1), words) + 0.5:g}%", text)
    return re.sub(rf"(?<!\w)(?:{_either(words.half_of)})\s*(?:{signs})(?!\w)", "0.5%", text)


def _bare_percent(text: str, words: ReplyWords) -> Understood | None:
    """A number without a sign counts only when it stands alone: "30", "about 30", "10 to 15"."""
    core = _core(text, (*words.fillers, *words.companions, *words.approximately))
    if core in words.shares:
        return AnswerValue(float(words.shares[core]), "percent")
    ranged = re.fullmatch(rf"(?:between )?({_DIGITS})\s*(?:{_either(words.range_joiners)})\s*({_DIGITS})", core)
    if ranged:
        return _ranged([_value(ranged.group(1), words), _value(ranged.group(2), words)], "percent")
    if not re.fullmatch(_DIGITS, core) and core not in words.numbers:
        return "unit_missing" if re.search(r"\d", text) else None
    value = _value(core, words)
    # 0.3 may be meant as a share of one: a factor of a hundred is worth asking.
    return "unit_missing" if 0 < value < 1 else _checked(value, "percent")


def duration_in(  # noqa: PLR0911 (one return for each way to tell a length, or two)
    text: str, words: ReplyWords
) -> Understood | None:
    """A length of time in normalised text, in the unit the person used; parts ("1 year 3 months") are added up."""
    units = _either(longest_first(words.units))
    text = _parts_of_a_unit(in_digits(text, words), units, words)
    number = f"({_DIGITS}|{_either(longest_first(words.numbers))})"
    half_more = _either(words.half_more)
    ranged = re.search(
        rf"(?<![\w.,]){number}\s*(?:{_either(words.range_joiners)})\s*{_ARTICLE}{number}\s*({units})(?!\w)", text
    )
    if ranged:
        rest = text[: ranged.start()] + text[ranged.end() :]
        bounds = [_value(ranged.group(1), words), _value(ranged.group(2), words)]
        return "several_numbers" if re.search(r"\d", rest) else _ranged(bounds, words.units[ranged.group(3)])
    both = rf"(?<![\w.,]){number}\s*({units})\s*(?:{_BETWEEN_UNITS})\s*{number}\s*({units})(?!\w)"
    if (ends := re.search(both, text)) and words.units[ends.group(2)] == words.units[ends.group(4)]:
        bounds = [_value(ends.group(1), words), _value(ends.group(3), words)]
        return _ranged(bounds, words.units[ends.group(2)])
    spanned = rf"(?<!\w)(?:{_BETWEEN})\s+{number}\s*({units})\s+(?:and|et|y|e|und|en)\s+{number}\s*({units})(?!\w)"
    if apart := re.search(spanned, text) or (ends if ends and not _EITHER.search(ends.group(0)) else None):
        bounds = [_value(apart.group(at), words) * _MONTHS[words.units[apart.group(at + 1)]] for at in (1, 3)]
        return _ranged([round(each, 1) for each in bounds], "months") if bounds[0] < bounds[1] else "several_numbers"
    # "Two years, maybe three": the second has its unit from the first.
    if re.search(rf"(?<!\w)(?:{units})[\s,]+(?:{_PERHAPS})\s+{number}(?!\s*(?:{units}))(?!\w)", text):
        return "several_numbers"
    if re.search(rf"(?<!\w)(?:{units})\s+(?:or|to)\s+(?:{number})(?!\s*(?:{units}))(?!\w)", text):
        return "several_numbers"
    parts: list[tuple[float, str]] = []
    halves = rf"(?<![\w/])(?:1/2(?: of)?(?: an?)?|{_either(words.half_of)})[\s'-]*({units})(?!\w)"
    parts += [(0.5, words.units[unit]) for unit in re.findall(halves, text)]
    remaining = re.sub(halves, " ", text)
    counted = rf"(?<![\w.,]){number}\s*({half_more})?\s*-?({units})(?!\w)\s*({half_more})?"
    for amount, half, unit, later_half in re.findall(counted, remaining):
        parts.append((_value(amount, words) + (0.5 if half or later_half else 0), words.units[unit]))
    if not parts:
        return _bare_duration(text, words)
    spans = [match.span() for match in re.finditer(counted, remaining)]
    between = [remaining[end:start] for (_, end), (start, _) in itertools.pairwise(spans)]
    # "1 year and 3 months" is one length, "wanted 6 months but it took 2 years" is two.
    several = any(
        _WORD.findall(words_) for words_ in (re.sub(r"\b(?:and|et|y|e|und|en)\b", "", gap) for gap in between)
    )
    if several or len({unit for _, unit in parts}) != len(parts):
        return "several_numbers"
    return _added(parts, text)


def _parts_of_a_unit(text: str, units: str, words: ReplyWords) -> str:
    """As in "three quarters of a year": the part as a number of months."""
    parts = {phrase: share for phrase, share in words.shares.items() if 0 < share < 100 and " in " not in phrase}
    of_a = r"(?:of an?|of the|d'une?|d'|of|de un|di un|de um|eines|vom|van een)"

    def months(match: re.Match[str]) -> str:
        return f"{parts[match.group(1)] / 100 * _MONTHS[words.units[match.group(2)]]:.2g} months"

    return re.sub(
        rf"(?<!\w)({_either(longest_first(parts))})\s+{of_a}\s*({units})(?!\w)",
        months,
        _one_and_a_half(text, units, words),
    )


def _one_and_a_half(text: str, units: str, words: ReplyWords) -> str:
    """As in "year and half": one of what is named without a number."""
    number = f"({_DIGITS}|{_either(longest_first(words.numbers))})"
    halves = _either(words.half_more)
    text = re.sub(
        rf"(?<![\w.,]){number}\s+(?:{halves})\s+({units})(?!\w)",
        lambda found: f"{_value(found.group(1), words) + 0.5:g} {found.group(2)}",
        text,
    )
    named = rf"(?<![\w.,])(?:{number}\s*)?({units})\s+(?:{halves})(?!\w)"
    return re.sub(named, lambda found: found.group(0) if found.group(1) else f"1.5 {found.group(2)}", text)


def _added(parts: list[tuple[float, str]], text: str) -> Understood:
    if len(parts) == 1:
        return _checked(parts[0][0], parts[0][1])
    if any(find_phrase(text, word) >= 0 for word in ("or", "oder", "ou", "o", "of")):
        return "several_numbers"
    months = sum(amount * _MONTHS[unit] for amount, unit in parts)
    return _checked(round(months, 1), "months")


def _bare_duration(text: str, words: ReplyWords) -> Understood | None:
    core = _core(text, (*words.fillers, *words.companions, *words.approximately))
    if re.fullmatch(_DIGITS, core) or core in words.numbers:
        return "unit_missing"
    return "unit_missing" if re.search(r"\d", text) else None


def level_in(text: str, scale: Scale, words: ReplyWords) -> Understood | None:
    """A level from 1 to 5 in one clause of normalised text, in digits or in the scale's own words."""
    text = _WOULD_SAY.sub(r"\1\2", trim(text))
    said, text = text, _KOREAN_POLITE.sub("", _ISH_WORD.sub(r"\1", text))
    # "Too low" finds fault with a level and names none, while "low too" does.
    core = trim(text) if starts_with(trim(text), "too") else _core(text, (*words.fillers, *words.approximately))
    for candidate in (trim(text), core):
        level = _level_called(candidate, scale, words)
        if level is not None:
            return AnswerValue(float(level), "level")
    plain = re.sub(rf"^{_ARTICLE}", "", core)
    if plain in words.numbers:
        return _checked(float(words.numbers[plain]), "level")
    told = next((each for each in (level_told(trim(s), scale, words) for s in (said, text)) if each is not None), None)
    if told is not None:
        return AnswerValue(float(told), "level")
    counted = re.fullmatch(r"(\w+) (?:out of|of|on|sur|su|de|em|von|van) (\w+)", core)
    if counted and all(each in words.numbers for each in counted.groups()):
        core = "/".join(f"{words.numbers[each]:g}" for each in counted.groups())
    match = _LEVEL.fullmatch(core)
    if match is None:
        between = re.fullmatch(rf"(?:between )?\d\s*(?:{_either(words.range_joiners)})\s*\d", core)
        return "several_numbers" if between else None
    if match.group(2) not in {None, "5"}:
        return "out_of_range"
    return _checked(float(match.group(1)), "level")


def _level_called(called: str, scale: Scale, words: ReplyWords) -> int | None:
    """A level by its name; "very" before one of the middle names moves it outwards, "rather" leaves it."""
    for names in (scale.words, words.levels):
        if called in names:
            return names[called]
    for strong, intensifiers in ((True, words.very), (False, words.rather)):
        intensifier = next((each for each in intensifiers if starts_with(called, each) and called != each), None)
        level = scale.words.get(trim(called[len(intensifier) :])) if intensifier else None
        if level is not None:
            return {4: 5, 2: 1}.get(level, level) if strong else level
    return None


def in_months(value: AnswerValue) -> float | None:
    """A duration in months, to compare what people said in different units."""
    factor = _MONTHS.get(value.unit or "")
    return None if factor is None or isinstance(value.content, str) else value.content * factor


def in_digits(text: str, words: ReplyWords) -> str:
    """Number words of several parts as digits, so that the hyphen of "dix-huit" does not look like a range.

    Korean endings are set apart from what they follow: "20퍼센트쯤" is "20퍼센트 쯤".
    """
    text = in_decimals(text, words.numbers)
    text = _KOREAN_YEARS.sub(lambda found: f"{'일이삼사오'.index(found.group(1)) + 1}년", text)
    text = _KOREAN_HALF.sub(r"\1 ", _KOREAN_ENDING.sub(r"\1 \2", text))
    text = _KOREAN_FRACTION.sub(r"\2/\1", _ISH.sub(lambda match: match.group(1) or "", text))
    text = _qualified(words).sub(r"\1 ", text)
    for phrase, length in words.lengths.items():
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", length, text)
    spoken = _spoken_numbers(tuple(words.numbers))
    return spoken.sub(lambda match: f"{words.numbers[match.group(0)]:g}", text)


@lru_cache(maxsize=2)
def _spoken_numbers(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """The number words of several parts, made into one pattern once: there are hundreds of them."""
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first(p for p in phrases if not p.isalpha())))})(?!\w)"
    )


@lru_cache(maxsize=2)
def _qualifying(qualifiers: tuple[str, ...]) -> re.Pattern[str]:
    articles = "a|an|un|une|una|uno|um|uma|ein|eine|einen|een|the"
    return re.compile(rf"(?<!\w)({articles}|{_SMALL}) (?:{_either(qualifiers)}) (?=[^\W\d_])")


def _qualified(words: ReplyWords) -> re.Pattern[str]:
    """As in "a good third", "une bonne année": between the article and what is measured."""
    return _qualifying(words.qualifiers)


def _core(text: str, phrases: Iterable[str]) -> str:
    """The text without any of the phrases at its start or its end: "medium I'd say" -> "medium"."""
    ordered = longest_first(phrases)
    core = _without_lead(trim(text), ordered)
    while True:
        phrase = next((phrase for phrase in ordered if ends_with(core, phrase) and core != phrase), None)
        if phrase is None:
            return core
        core = trim(core[: -len(phrase)])


def _without_lead(text: str, phrases: Iterable[str]) -> str:
    """The text after any of the phrases it opens with: "it took about 18" -> "18"."""
    ordered = longest_first(phrases)
    while True:
        phrase = next((phrase for phrase in ordered if starts_with(text, phrase) and text != phrase), None)
        if phrase is None:
            return text
        text = trim(text[len(phrase) :])


def _phrases_in(text: str, phrases: Iterable[str]) -> Iterator[str]:
    """The phrases that stand in the text; what a longer one has claimed no shorter one finds again."""
    for phrase in longest_first(phrases):
        place = find_phrase(text, phrase)
        while place >= 0:
            yield phrase
            text = text[:place] + "\0" * len(phrase) + text[place + len(phrase) :]
            place = find_phrase(text, phrase)


def _either(phrases: Iterable[str]) -> str:
    """One pattern for all phrases, the longest first."""
    return _alternatives(tuple(phrases))


@lru_cache(maxsize=64)
def _alternatives(phrases: tuple[str, ...]) -> str:
    return "|".join(
        re.escape(phrase) if not phrase.isalpha() else rf"{phrase}(?!\w)" for phrase in longest_first(phrases)
    )


def _value(text: str, words: ReplyWords) -> float:
    return float(words.numbers[text]) if text in words.numbers else float(text.replace(",", "."))


def _checked(value: float, unit: str) -> Understood:
    return AnswerValue(value, unit) if in_range(value, unit) else "out_of_range"


def _ranged(bounds: list[float], unit: str) -> Understood:
    low, high = sorted(bounds)
    if not in_range(low, unit) or not in_range(high, unit):
        return "out_of_range"
    return AnswerValue(round((low + high) / 2, 2), unit, low, high)
