"""What kind of thing a question asks for, read from its wording.

What decides whether the papers can answer at all (a quantity and what is counted, a year, a statement that the
question takes for granted, an instruction that is no question), and what only asks the papers for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNIT_ENDS = (
    "do|does|did|is|are|was|were|can|could|should|would|will|has|have|had|of|in|for|to|that|which|who|work|turned|make|"
    "makes|set|pay|live|take|takes|join|belong|belongs"
)
_COUNTED = re.compile(
    rf"\bhow many\s+(?P<unit>(?:[\w'’-]+\s+){{0,3}}?[\w'’-]+)\s*(?=\b(?:{_UNIT_ENDS})\b|[?,.;]|$)", re.IGNORECASE
)
_MEASURES = (
    "share|percentage|proportion|number|amount|sum|price|costs?|salary|salaries|wages?|fees?|royalty|royalties|turnover|budget|"
    "figure|total|income|profit|interest"
)
_QUANTITY = re.compile(
    r"\bhow (?:many|big|large|long|old|high|far)\b"
    r"|\bhow much (?:\w+ )?(?:money|funding|grant|cash|capital|income|revenue|euros?|dollars?|did|does|do|is|was|were|"
    r"can|will|has)\b"
    rf"|\b(?:what|which) (?:[\w'’-]+ ){{0,4}}?(?:{_MEASURES})\b|\bper ?cent(?:age)?\b"
    r"|\bcombien\b|\bcu[áa]nt[oa]s?\b|\bquant[oiae]s?\b|\bwie ?viele?n?\b|\bwieviel\w*\b|\bhoeveel\b|얼마|몇",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\b(?:what|which|how many|how much)\s+(?P<head>(?:[\w'’-]+\s+){0,3}?[\w'’-]+)\s*"
    rf"(?=\b(?:{_UNIT_ENDS}|each|a|an|the)\b|[?,.;])",
    re.IGNORECASE,
)
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|half|third|quarter|dozens?|"
    "hundreds?|thousands?|million"
)
NUMBER = re.compile(
    rf"[£$€]\s?\d[\d.,]*\s?(?:m|bn|million|billion)?|\b\d[\d.,]*\s?(?:%|per cent)|\b\d{{1,3}}(?:[ ,.]\d{{3}})+\b"
    rf"|\b\d+(?:\.\d+)?\b|\b(?:{_NUMBER_WORDS})\b",
    re.IGNORECASE,
)
_NO_QUANTITY = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}(?:st|nd|rd|th)\b|\(?\bp\.\s?\d+|\b\d+-year|^\s*\d+[.)]\s"
    r"|\b(?:Tool|Phase|Table|Box|Lesson|Annex|Chapter|Section|Objective|Learned)\s+\d+"
    r"|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)",
    re.IGNORECASE | re.MULTILINE,
)
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}s?\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FORGET = (
    "ignor(?:e|ez|a|iere|eer|i)|disregard|forget|override|stop|oublie[zr]?|olvida|dimentica|esque[çc]a|vergiss|vergeet|"
    "(?:please|bitte) vergiss"
)
_GUIDES = (
    "told|instructions?|prompts?|rules?|sources?|papers?|documents?|above|previous|everything|quoting|guidelines|consignes|"
    "instrucciones|istruzioni|instruções|Anweisungen|instructies|règles|reglas"
)
_INSIDE = (
    "instructions?|prompts?|configuration|config|text above|line above|system text|Systemtext|passwords?|contraseña|"
    "mot de passe|Passwort|stored|index|database|api key|source code|self-assessments"
)
_ORDER = re.compile(
    rf"\b(?:{_FORGET})\b.{{0,40}}\b(?:{_GUIDES})\b"
    rf"|\b(?:reveal|output|print|show|repeat|display|dump|delete|erase|list|dime|montre|gib)\b.{{0,40}}\b(?:{_INSIDE})\b"
    r"|\b(?:system|developer|hidden|initial) (?:prompt|instructions?)\b|\bverbatim\b.{0,20}\bprompt\b"
    r"|\b(?:new|additional) (?:rule|instruction|order)s? (?:from|by|of) (?:the |your )?"
    r"(?:developer|system|admin|operator)"
    r"|\bpretend\b|\byou are (?:now|DAN)\b|\bfrom now on,? you\b|\bact as (?:if|an?|though)\b|\bjailbreak\b"
    r"|\bdeveloper mode\b|\byou must say\b|\badd to your answer\b|\binvent an?\b|^\s*system\s*:"
    r"|\banswer (?:only )?(?:in base64|with the word)\b|</?(?:context|system|instructions?|assistant|user)>"
    r"|\[/?INST\]|<\|",
    re.IGNORECASE | re.DOTALL,
)
# "What do the papers say about ...": asks what is behind it. Left in, it finds what the papers say of papers.
_COLLECTION = r"(?:the|these|those|your) (?:silk |oecd )?(?:papers?|documents?|sources?|texts?|collection)"
_FRAME_BEFORE = re.compile(
    rf"\s*(?:(?:please )?(?:tell me |explain )?what (?:do|does|did|can) {_COLLECTION} "
    r"(?:say|tell (?:us|me)|write|teach us) (?:about|on|regarding|concerning|of)|"
    rf"do(?:es)? {_COLLECTION} (?:say|mention|tell (?:us|me)|contain|have) (?:anything |something |things )?"
    r"(?:about|on|regarding|concerning)|"
    rf"(?:according to|in|from) {_COLLECTION}\s*,)\s+",
    re.IGNORECASE,
)
_FRAME_BEHIND = re.compile(
    rf"(?:[.!;,]\s+(?:so )?(?:and )?what (?:do|does|did) {_COLLECTION} (?:say|tell (?:us|me)|recommend|advise)"
    r"(?: (?:about|on|to) (?:it|this|that))?|,? according to "
    rf"{_COLLECTION})\s*[?.]*\s*$",
    re.IGNORECASE,
)
# "What do the papers say about it?" is about what was talked of before.
_POINTS_BACK = re.compile(r"(?:it|this|that|these|those|them|him|her|us)?[\s?.!]*", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.?!]+[.?!]?")
_OWN = re.compile(r"\b(?:i|we|our|my|us|me|you|your|i'm|we're|i’m|we’re)\b", re.IGNORECASE)


_OWN_SITUATION = re.compile(
    r"\b(?:i|we|our|my|us|me|je|nous|notre|nos|mon|ma|yo|nosotros|nuestr[oa]s?|mi|io|noi|nostr[oaei]|eu|nós|noss[oa]s?|"
    r"ich|wir|unser\w*|mein\w*|wij|ons|onze|mijn)\b|\bj['’]|우리|저희|저는|제가",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets in the question."""

    start: int
    end: int


def without_frame(question: str) -> str:
    """The question without asking the papers for it: "what do the papers say about risks?" asks for risks."""
    before = _FRAME_BEFORE.match(question)
    bare = _FRAME_BEHIND.sub("", question[before.end() :] if before else question).strip()
    return question if _POINTS_BACK.fullmatch(bare) else bare


def is_order(question: str) -> bool:
    """Whether the text tells the assistant what to do or to be instead of asking what the papers say."""
    return _ORDER.search(question) is not None


def is_own_situation(question: str) -> bool:
    """Whether a person asks about the own organisation: the papers answer that in several places, as a rule."""
    return _OWN_SITUATION.search(question) is not None


def asks_quantity(question: str) -> bool:
    """Whether a figure is wanted: a count, a sum, a share, a duration."""
    return _QUANTITY.search(question) is not None


def counted_thing(question: str) -> Span | None:
    """Where the question names what it wants counted ("riders" in "How many riders ...")."""
    found = _COUNTED.search(question)
    return Span(*found.span("unit")) if found else None


def asked_thing(question: str) -> Span | None:
    """Where the question names the kind of thing it wants ("annual fee" in "What annual fee does ...")."""
    found = _HEAD.search(question)
    return Span(*found.span("head")) if found else None


def abbreviations_in(question: str) -> list[str]:
    """Words of two capitals or more ("SSEO", "GECES", "SSEOs"), unless the whole question is in capitals."""
    return [] if question.isupper() else _ABBREVIATION.findall(question)


def quantities_in(text: str) -> list[Span]:
    """The numbers of a text that may count something: not its years, dates, page and list numbers."""
    blanked = _NO_QUANTITY.sub(lambda found: " " * len(found.group()), text)
    return [Span(*found.span()) for found in NUMBER.finditer(blanked)]


def years_in(text: str) -> set[str]:
    """The years a text names."""
    return set(_YEAR.findall(text))


def statements_in(question: str) -> list[str]:
    """What the question states about others before it asks: sentences without a question mark or a first person."""
    sentences = [found.group().strip() for found in _SENTENCE.finditer(question)]
    return [s for s in sentences if s and not s.endswith("?") and not _OWN.search(s) and len(s.split()) >= 5]
