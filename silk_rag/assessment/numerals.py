"""Numbers in words up to 99, put together as eight languages do: "thirty-five", "fünfunddreißig", "이십오"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "vingt trente quarante cinquante soixante - quatre-vingt -",
    "es": "veinti treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
_ONES = {
    "en": "one two three four five six seven eight nine",
    "fr": "un deux trois quatre cinq six sept huit neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "it": "uno due tre quattro cinque sei sette otto nove",
    "pt": "um dois tres quatro cinco seis sete oito nove",
    "de": "ein zwei drei vier funf sechs sieben acht neun",
    "nl": "een twee drie vier vijf zes zeven acht negen",
}
_TEENS = {
    "en": "thirteen:13 fourteen:14 sixteen:16 seventeen:17 nineteen:19",
    "fr": "treize:13 quatorze:14 seize:16 dix-sept:17 dix-neuf:19",
    "es": "trece:13 catorce:14 dieciseis:16 diecisiete:17 diecinueve:19",
    "it": "tredici:13 quattordici:14 sedici:16 diciassette:17 diciannove:19",
    "pt": "treze:13 catorze:14 dezasseis:16 dezesseis:16 dezassete:17 dezessete:17 dezanove:19 dezenove:19",
    "de": "dreizehn:13 vierzehn:14 sechzehn:16 siebzehn:17 neunzehn:19",
    "nl": "dertien:13 veertien:14 zestien:16 zeventien:17 negentien:19",
}

_MIXED = re.compile(r"(?<![\w/.,])(\d{1,3})(?:-| (?:and |et |y |e |und |en )?)([1-3])/([2-4])(?![\d/])")
_POINT = re.compile(r"(?<![\w.,-])(\w+) (?:point|comma|virgule|coma|virgola|virgula|ponto|punto|komma) (\w+)(?!\w)")


def in_decimals(text: str, numbers: Mapping[str, float]) -> str:
    """As in "1 1/2 years", "zero point five percent", "deux virgule cinq"."""

    def mixed(match: re.Match[str]) -> str:
        whole, part, of = (int(each) for each in match.groups())
        return f"{whole + part / of:.4g}" if part < of else match.group(0)

    def pointed(match: re.Match[str]) -> str:
        whole, part = ((f"{numbers[each]:g}" if each in numbers else each) for each in match.groups())
        return f"{whole}.{part}" if whole.isdigit() and part.isdigit() else match.group(0)

    return _POINT.sub(pointed, _MIXED.sub(mixed, text))


def numerals() -> dict[str, float]:
    """Every such number as `normalise` leaves it, with its value."""
    teens = (pair.split(":") for pairs in _TEENS.values() for pair in pairs.split())
    return {word: float(value) for word, value in teens} | dict(_put_together()) | dict(_in_korean())


def _in_korean() -> Iterator[tuple[str, float]]:
    """Sino-Korean numbers up to 99 and native ones that count months; "이" ("this") and "구" are left out."""
    ones = "일 이 삼 사 오 육 칠 팔 구".split()
    for ten in range(1, 10):
        tens = f"{ones[ten - 1] if ten > 1 else ''}십"
        yield tens, float(10 * ten)
        yield from ((f"{tens}{unit}", float(10 * ten + one)) for one, unit in enumerate(ones, start=1))
    yield from ((unit, float(one)) for one, unit in enumerate(ones, start=1) if unit not in {"이", "구"})
    for one, unit in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(), start=1):
        yield unit, float(one)


def _put_together() -> Iterator[tuple[str, float]]:
    for language, tens in _TENS.items():
        for ten, word in zip(range(20, 100, 10), tens.split(), strict=True):
            for one, unit in enumerate(_ONES[language].split(), start=1):
                if word != "-":
                    yield from ((each, float(ten + one)) for each in _forms(language, word, unit))
    for ten, word in ((60, "soixante"), (80, "quatre-vingt")):
        for more, unit in enumerate(
            "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split(), 10
        ):
            yield f"{word}-{unit}", float(ten + more)


def _forms(language: str, ten: str, unit: str) -> tuple[str, ...]:
    """How a language joins a ten and a unit; English and French are typed with a hyphen or without."""
    if language in {"de", "nl"}:
        return (f"{unit}{'und' if language == 'de' else 'en'}{ten}",)
    if language == "it":
        return (f"{ten[:-1] if unit in {'uno', 'otto'} else ten}{unit}",)
    if language == "es":
        return (f"{ten}{unit}",) if ten == "veinti" else (f"{ten} y {unit}",)
    if language == "pt":
        return (f"{ten} e {unit}",)
    return f"{ten}-{unit}", f"{ten} {unit}"
