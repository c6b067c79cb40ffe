"""A text taken apart into what it claims: its words with their polarity, its quantities and its names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from silk_rag.answering.support_words import (
    CLAUSE_BORDERS,
    JUDGEMENTS,
    NAMES_NOBODY,
    NEGATION_IDIOMS,
    NEGATIONS,
    NUMBER_WORDS,
    ROUNDING,
    SCALES,
)
from silk_rag.retrieval.words import words_of

_TOKEN = re.compile(r"\w+(?:[’'.-]\w+)*|[.;:!?()\n,]")
_POSSESSIVE = re.compile(r"[’']s?$")
_MARK = re.compile(r"\[\d+(?:\s*[,;–-]\s*\d+)*\]|[*_`#]")
_NUMBER = re.compile(
    r"(?P<currency>[€$£])?\s?(?<![\w.])(?P<digits>\d{1,3}(?:[ ,.\u00a0]\d{3})+(?![\d])|\d+(?:[.,]\d+)?)"
    r"(?:[ \u00a0-]?(?P<scale>hundred|thousand|million|billion|bn|[mk])\b)?"
    r"\s?(?P<unit>%|per ?cent\b|percentage\b|euros?\b|dollars?\b|pounds?\b|[€$£])?",
    re.IGNORECASE,
)
_UNITS = {"€": "euro", "$": "dollar", "£": "pound", "%": "%"}
_SENTENCE_BORDERS = frozenset(".!?:\n")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or border mark: as written, in small plain letters, its stem, and whether its clause is negated."""

    written: str
    plain: str
    stem: str
    content: bool
    negated: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit ("%", a currency, or none); `at` is the place of its token, `rounded` that it says so."""

    value: float
    unit: str | None
    at: int
    rounded: bool = False


@dataclass(frozen=True)
class Claim:
    """What a text claims."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all its words, those of hyphenated words apart too."""
        parts = (part for token in self.tokens for part in (token.stem, *words_of(token.plain)))
        return frozenset(parts)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words in small letters."""
        return frozenset(token.plain for token in self.tokens)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Stems of its content words, each once, in order."""
        return tuple(dict.fromkeys(part for token in self.tokens if token.content for part in words_of(token.plain)))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """All numbers, in figures and in words."""
        return (*_figures(self), *_number_words(self.tokens))

    @cached_property
    def names(self) -> tuple[Token, ...]:
        """Words with a capital that no sentence's beginning explains, and words with several capitals."""
        return tuple(token for token in self.tokens if _is_name(token))

    @cached_property
    def name_stems(self) -> frozenset[str]:
        """Stems of the names and of the words that open a sentence."""
        return frozenset(token.stem for token in self.tokens if _is_name(token) or token.opens)

    @cached_property
    def initials(self) -> str:
        """First letters of its words in order, and again without small words, to recognise abbreviations."""
        words = [token for token in self.tokens if token.plain.isalnum() or "-" in token.plain]
        every = "".join(token.plain[0] for token in words)
        return every + " " + "".join(token.plain[0] for token in words if token.content)


def claim_of(text: str) -> Claim:
    """Take a text apart; citation marks and Markdown are no part of what it says."""
    return _claim_of(_MARK.sub(" ", text))


@lru_cache(maxsize=2_000)
def _claim_of(text: str) -> Claim:
    tokens: list[Token] = []
    opens, start = True, 0
    for found in _TOKEN.finditer(text):
        written = _POSSESSIVE.sub("", found.group())
        plain = plain_letters(written)
        stems = words_of(plain)
        tokens.append(
            Token(written, plain, stems[0] if len(stems) == 1 else plain, bool(stems), negated=False, opens=opens)
        )
        opens = written in _SENTENCE_BORDERS
        if written in ".;:!?,()\n" or plain in CLAUSE_BORDERS:
            tokens[start:] = _with_polarity(tokens[start:])
            start = len(tokens)
    tokens[start:] = _with_polarity(tokens[start:])
    return Claim(text, tuple(tokens))


def plain_letters(text: str) -> str:
    """Small letters without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))


def _with_polarity(clause: list[Token]) -> list[Token]:
    """The clause's tokens, negated from a negation on, or up to one that ends a statement; two undo each other."""
    text = " ".join(token.plain for token in clause)
    idioms = sum(text.count(idiom) for idiom in NEGATION_IDIOMS)
    cues = [at for at, token in enumerate(clause) if token.plain in NEGATIONS][idioms:]
    if len(cues) % 2 == 0:
        return clause
    backwards = not any(token.content for token in clause[cues[0] + 1 :]) or clause[cues[0]].plain in JUDGEMENTS
    reach = range(cues[0]) if backwards else range(cues[0] + 1, len(clause))
    return [replace(token, negated=True) if at in reach else token for at, token in enumerate(clause)]


def _is_name(token: Token) -> bool:
    capitals = sum(character.isupper() for character in token.written)
    if not capitals or token.plain in NAMES_NOBODY or token.plain.rstrip("s") in NAMES_NOBODY:
        return False
    return (not token.opens or capitals > 1) and token.content


def _figures(claim: Claim) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _NUMBER.finditer(claim.text):
        value = _value(match["digits"]) * SCALES.get((match["scale"] or "").lower(), 1.0)
        before = _TOKEN.findall(claim.text[: match.start("digits")])
        rounded = any(plain_letters(word) in ROUNDING or word == "than" for word in before[-2:])
        found.append(Quantity(value, _unit(match["currency"] or match["unit"]), len(before), rounded))
    return found


def _value(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[ ,.\u00a0]\d{3})+", digits):
        return float(re.sub(r"\D", "", digits))
    return float(digits.replace(",", "."))


def _unit(written: str | None) -> str | None:
    if not written:
        return None
    plain = written.lower().replace(" ", "")
    return "%" if plain.startswith("perc") else _UNITS.get(plain, plain.rstrip("s"))


def _number_words(tokens: tuple[Token, ...]) -> list[Quantity]:
    found: list[Quantity] = []
    for at, token in enumerate(tokens):
        value = NUMBER_WORDS.get(token.plain)
        if value is None:
            continue
        after = tokens[at + 1].plain if at + 1 < len(tokens) else ""
        rounded = at > 0 and tokens[at - 1].plain in ROUNDING
        unit = "%" if after in ("per", "percent") else None
        found.append(Quantity(value * SCALES.get(after, 1.0), unit, at, rounded))
    return found
