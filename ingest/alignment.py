"""Align a corpus text with the source it was taken from, letter by letter.

Cleaning joins lines and mends split words, so spaces, hyphens and punctuation may differ; letters and digits may not.
Both sides are therefore reduced to their letters and digits, each keeping the source line it came from.

Used when the corpus is read (to give every passage its source lines) and by `python -m ingest.verify`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Web addresses and running heads in the middle of a paragraph are at most this many letters long.
_WINDOW_SLACK = 4000
#: A text shorter than this may stand in many places: it is only taken near the one found before it.
_DISTINCTIVE_LETTERS = 40
_NEAR = 400


@dataclass(frozen=True, slots=True)
class LineRange:
    """Source lines, numbered from 1, both ends included."""

    first: int
    last: int


class SourceLetters:
    """The letters and digits of some source lines, in order, with the line of each.

    Built once per document; `letters[i]` stands on source line `line_of(i)`.
    """

    def __init__(self, source_lines: Sequence[str], ranges: Iterable[LineRange]) -> None:
        pieces: list[str] = []
        self._starts: list[int] = []
        self._lines: list[int] = []
        length = 0
        for number in (n for r in ranges for n in range(r.first, r.last + 1)):
            letters = letters_of(source_lines[number - 1])
            if letters:
                self._starts.append(length)
                self._lines.append(number)
                pieces.append(letters)
                length += len(letters)
        self.letters = "".join(pieces)

    def line_of(self, index: int) -> int:
        """The source line of the letter at `index`."""
        return self._lines[bisect_right(self._starts, index) - 1]

    def places_within(self, lines: LineRange | None) -> list[int]:
        """Indices of the letters that stand on these lines; of all letters when none are given."""
        everywhere = range(len(self.letters))
        if lines is None:
            return list(everywhere)
        return [i for i in everywhere if lines.first <= self.line_of(i) <= lines.last]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a text was found: the source letters it uses (sorted indices) and how many of its own were found."""

    used: tuple[int, ...]
    found: int
    wanted: int

    @property
    def ratio(self) -> float:
        """Share of the text's letters that stand in the source in order; 1.0 for a text without letters."""
        return self.found / self.wanted if self.wanted else 1.0


def letters_of(text: str) -> str:
    """The text's letters and digits, compatibility forms folded, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def align(texts: Sequence[str], source: SourceLetters) -> list[Match]:
    """Find each text in the source, all in order; a text that was mended is found by its longest common parts.

    `texts` are short (a paragraph, an item, a cell). The result has one `Match` a text.
    """
    wanted = [letters_of(text) for text in texts]
    exact = _exact_places(wanted, source.letters)
    matches: list[Match] = []
    cursor = 0
    for number, letters in enumerate(wanted):
        at = exact[number]
        if at is not None:
            matches.append(Match(tuple(range(at, at + len(letters))), len(letters), len(letters)))
            cursor = at + len(letters)
            continue
        following = next((place for place in exact[number + 1 :] if place is not None), len(source.letters))
        end = min(following, cursor + len(letters) + _WINDOW_SLACK)
        match = _fuzzy(letters, source.letters, cursor, end)
        matches.append(match)
        cursor = match.used[-1] + 1 if match.used else cursor
    return matches


def _exact_places(wanted: Sequence[str], source: str) -> list[int | None]:
    """Start of each text that stands in the source letter for letter after the one before it, else None."""
    places: list[int | None] = []
    cursor = 0
    for letters in wanted:
        limit = len(source) if len(letters) > _DISTINCTIVE_LETTERS else cursor + _NEAR
        at = source.find(letters, cursor, limit) if letters else cursor
        places.append(None if at < 0 else at)
        if at >= 0:
            cursor = at + len(letters)
    return places


def _fuzzy(letters: str, source: str, start: int, end: int) -> Match:
    window = source[start:end]
    blocks = SequenceMatcher(None, letters, window, autojunk=False).get_matching_blocks()
    kept = [block for block in blocks if block.size >= 3]
    used = [start + block.b + offset for block in kept for offset in range(block.size)]
    return Match(tuple(used), len(used), len(letters))


def align_anywhere(
    text: str, source: SourceLetters, used: set[int], lines: LineRange | None = None, *, exact: bool = False
) -> Match:
    """Find a text among the source letters not yet used, within `lines` when given, and mark what it uses as used.

    For texts whose order in print is not their order in the corpus: headings, table cells, what is left out. With
    `exact`, a text that does not stand there letter for letter uses nothing.
    """
    wanted = letters_of(text)
    free = [i for i in source.places_within(lines) if i not in used]
    window = "".join(source.letters[i] for i in free)
    at = window.find(wanted)
    if at >= 0:
        match = Match(tuple(free[at : at + len(wanted)]), len(wanted), len(wanted))
    elif exact:
        match = Match((), 0, len(wanted))
    else:
        fuzzy = _fuzzy(wanted, window, 0, len(window))
        match = Match(tuple(free[i] for i in fuzzy.used), fuzzy.found, fuzzy.wanted)
    used.update(match.used)
    return match
