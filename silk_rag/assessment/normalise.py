"""Makes words comparable: what two people would call the same word, typed differently, becomes the same string."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_APOSTROPHES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"'}
)
# "1½" would become "11/2".
_FRACTIONS = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "\u2044": "/"})
# Typed without their apostrophe; each is no other word in any of the languages but for the French "dont"
# ("im" is one in German).
_CONTRACTED = re.compile(
    r"(?<![\w'])(?:(do|does|did|ca|could|would|should|was|were|is|are|has|have|had|wo|ai|must|need)nt|"
    r"(that|there|what|who|here)s|(they|you)re|(i|we|you|they)ve|(i)d(?= (?:say|call|put|rather|go with|guess)))"
    r"(?![\w'])"
)
_EDGES = " \t\n.,;:!?\u00bf\u00a1\"'()[]*_-\u2013\u2014~\u2026"


def normalise(text: str) -> str:
    """Casefolded, without accents and control characters, one space between words, letters typed thrice once.

    English contractions get their apostrophe back: "didnt" is "didn't".

    Line breaks survive as line breaks: they end a sentence.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).translate(_FRACTIONS))
    kept = "".join(sign for sign in decomposed if _is_kept(sign))
    folded = unicodedata.normalize("NFC", kept).casefold()
    squeezed = re.sub(r"([a-z])\1{2,}", r"\1", folded)
    contracted = _CONTRACTED.sub(_with_apostrophe, squeezed)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in contracted.splitlines())
    return "\n".join(line for line in lines if line)


def _with_apostrophe(match: re.Match[str]) -> str:
    word = match.group(0)
    before = match.group(match.lastindex or 0)
    return f"{before}n't" if word.endswith("nt") else f"{before}'{word[len(before) :]}"


def _is_kept(sign: str) -> bool:
    return sign in "\n\t" or unicodedata.category(sign) not in {"Mn", "Cc", "Cf", "Cs", "Co", "Cn"}


def trim(text: str) -> str:
    """Without the punctuation and spaces at both ends."""
    return text.strip(_EDGES)


def starts_with(text: str, phrase: str) -> bool:
    """Whether the text begins with the phrase as whole words."""
    return text.startswith(phrase) and not text[len(phrase) : len(phrase) + 1].isalnum()


def ends_with(text: str, phrase: str) -> bool:
    """Whether the text ends with the phrase as whole words."""
    before = len(text) - len(phrase)
    return text.endswith(phrase) and (before == 0 or not text[before - 1].isalnum())


def find_phrase(text: str, phrase: str) -> int:
    """Where the phrase stands in the text as whole words; -1 when it does not."""
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        if (start == 0 or not text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
            return start
        start = text.find(phrase, start + 1)
    return -1


def longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    """The phrases, longest first, so that the first to match is the most telling one."""
    return tuple(sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)))


def one_slip(typed: str, meant: str) -> bool:
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
