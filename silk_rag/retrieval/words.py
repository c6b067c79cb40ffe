"""The words of a text as keyword search sees them: small letters, no stop words, stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"\w+(?:[’'.-]\w+)*")
_STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does doing down during each few for from further had has have having he her here hers him his how i if in into is it
    its itself just let me more most my no nor not of off on once only or other our ours out over own same she should so
    some such than that the their theirs them then there these they this those through to too under until up us very was
    we were what when where which while who whom why will with would you your yours""".split()
)


def words_of(text: str) -> list[str]:
    """Stems of the text's words, in order, stop words left out; accents do not matter (Acció, ACCIO)."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    parts = (part for word in _WORD.findall(plain) for part in re.split(r"[’'.-]", word))
    return _stems(part for part in parts if part and part not in _STOP_WORDS)


def _stems(words: Iterable[str]) -> list[str]:
    return [_stem(word) for word in words]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmed: str = Stemmer.Stemmer("english").stemWord(word)
    return stemmed
