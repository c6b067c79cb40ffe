"""Reads careless typing: "jst coops n a few shops" -> "just coops and a few shops".

Used only where the words as they were typed are not understood, so that nothing that is understood is changed. A word
is put right when it is a usual shortening, or when one slip of the finger makes it one single word people use here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from silk_rag.assessment.normalise import normalise, one_slip

_WORD = re.compile(r"[^\W\d_][\w']*|(?<=[^\W\d_]\s)[24](?=\s+[^\W\d_])")
_COUNTED = re.compile(
    r"[24]\s+(?:out|of|in|to|or|and|days?|weeks?|months?|years?|yrs?|times|people|countries|partners|members|per|percent|more)\b"
)
_ENOUGH_TO_MEND = 5
_ENOUGH_TO_TURN = 3


@dataclass(frozen=True)
class Speller:
    """`shortenings` are what people type for a word; `known` counts how often each known word is used."""

    shortenings: Mapping[str, str]
    known: Mapping[str, int]
    _by_start: Mapping[tuple[str, int], tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_start: dict[tuple[str, int], list[str]] = {}
        for word in self.known:
            if len(word) >= _ENOUGH_TO_TURN:
                by_start.setdefault((word[0], len(word)), []).append(word)
        object.__setattr__(self, "_by_start", {key: tuple(words) for key, words in by_start.items()})

    def put_right(self, text: str, language: str = "en") -> str:
        """The text with shortenings written out (in English) and slips mended; unknown words stay."""
        english = language.casefold().partition("-")[0] == "en"
        counted = {match.start() for match in _COUNTED.finditer(text)}

        def mended(match: re.Match[str]) -> str:
            if match.start() in counted:
                return match.group(0)
            return self._word(match.group(0), first=match.start() == 0, english=english)

        return _WORD.sub(mended, text)

    def _word(self, typed: str, *, first: bool, english: bool) -> str:
        word = normalise(typed)
        if english and first and word in {"y", "n"}:
            return "yes" if word == "y" else "no"
        if english and word in self.shortenings:
            return self.shortenings[word]
        # A word with a capital amid a message is a name.
        if word in self.known or len(word) < _ENOUGH_TO_TURN or (typed[0].isupper() and not first):
            return typed
        return self._nearest(word) or typed

    def _nearest(self, word: str) -> str | None:
        near = [
            known
            for length in (len(word) - 1, len(word), len(word) + 1)
            for known in self._by_start.get((word[0], length), ())
            if one_slip(word, known)
        ]
        if len(word) < _ENOUGH_TO_MEND:
            # "teh", "moer": a short word is a slip only when two letters changed places.
            near = [known for known in near if sorted(known) == sorted(word)]
        return max(near, key=lambda known: (self.known[known], known)) if near else None
