"""Take a chat model's reply apart while it comes: sentences, and the passage numbers they cite.

Nothing of the reply's own markup survives: links, pictures, tags, emphasis and headings are taken off, for what they
would do on a reader's screen. A sentence is handed on when the next one has begun, for its citation may follow it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

#: What lies between a sentence and the one before it.
Place = Literal["same paragraph", "new paragraph", "list item"]
#: Without a border for so many characters, a reply is no prose; it is cut, and judged as it is.
_LONGEST_SENTENCE = 1_500
_NUMBERS = (
    r"\s{0,2}(?:passages?|sources?|ref\.?|[#^])?\s{0,2}\d{1,3}"
    r"(?:\s{0,2}(?:[,;–-]|and)\s{0,2}(?:passages?|sources?|[#^])?\s{0,2}\d{1,3}){0,20}\s{0,2}"
)
#: "[1]", "[1, 3]", "[2-4]", "[^1]", "[Passage 2]", "【1】", "(passage 2)"; but "(3)" is a number of the text.
_MARK = re.compile(
    rf"\[{_NUMBERS}\]|【{_NUMBERS}】|\((?:see )?(?:passages?|sources?) ?\d{{1,3}}(?:(?:, ?| and )\d{{1,3}}){{0,20}}\)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})(?:\s*[–-]\s*(\d{1,3}))?")
_ENDS = re.compile(
    r"[.!?…][\"'”’»)\]*_]*(?:\s*(?:\[[^\[\]\n]{0,60}\]|【[^【】\n]{0,60}】))*[.]?\s+(?=[^\s\[【a-z])|\n+"
)
#: A full stop after these, or after a single capital, ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|viz|al|Mr|Mrs|Ms|Dr|St|No|Nr|Inc|Ltd|approx|pp?|bzw|ca|Sra?)|\b[A-Z])\.$"
)
_THOUGHT = re.compile(r"<think>.*?</think>\s*", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:[-*•●–]|\(?\d{1,2}[.)])\s+")
#: The beginning of an item in a numbered list.
_NUMBERED = re.compile(r"\s*\(?\d{1,2}\.")
_COMPLETE = re.compile(r"[.!?…:;][\"'”’»)\]*_]*$")
_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)\S+|\b(?:javascript|data|vbscript):\S+", re.IGNORECASE)
_OPENS_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,500}>?")
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|>\s*)+|[`*|\\~]|(?<!\w)_{1,3}|_{1,3}(?!\w)", re.MULTILINE)
_BEFORE_STOP = re.compile(r"\s+([.,;:!?])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as the model wrote it, without its marks; `cited` are the numbers in them, in order, unchecked."""

    text: str
    cited: tuple[int, ...]
    place: Place


class DraftReader:
    """Turns pieces of a reply into drafts; each piece may give none, one or several."""

    def __init__(self) -> None:
        self._rest = ""
        self._place: Place = "new paragraph"

    def feed(self, piece: str) -> list[Draft]:
        """The sentences that are complete now."""
        self._rest = _THOUGHT.sub("", self._rest + piece)
        if self._rest.lstrip().startswith("<think>"):
            return []
        drafts: list[Draft] = []
        searched = 0
        while border := _ENDS.search(self._rest, searched):
            before = self._rest[: border.start() + 1]
            if before.endswith(".") and (_ABBREVIATION.search(before) or _NUMBERED.fullmatch(before)):
                searched = border.end()
                continue
            if border.end() == len(self._rest) and "\n" in border.group():
                break  # whether a blank line or a mark follows is not known yet
            drafts += self._take(border.end())
            searched = 0
        if len(self._rest) > _LONGEST_SENTENCE:
            drafts += self._take(len(self._rest))
        return drafts

    def finish(self, *, broken: bool = False) -> list[Draft]:
        """What is left: the last sentence, unless the reply was cut within it."""
        drafts = self.feed("\n\n\n") if self._rest.endswith("\n") else []
        rest = self._rest.strip()
        cut = broken or not (_COMPLETE.search(rest) or _MARK.search(rest[-12:]) or _ITEM.match(rest))
        return drafts if cut or rest.startswith("<think>") else drafts + self._take(len(self._rest))

    def _take(self, end: int) -> list[Draft]:
        raw, self._rest = self._rest[:end], self._rest[end:]
        breaks = raw[len(raw.rstrip()) :].count("\n")
        item = _ITEM.match(raw)
        place: Place = "list item" if item else self._place
        if breaks:
            self._place = "new paragraph"
        body = raw[item.end() :] if item else raw
        text = clean(_MARK.sub(" ", body))
        if not any(character.isalnum() for character in text):
            return []
        if not breaks:
            self._place = "same paragraph"
        return [Draft(text, cited_numbers(body), place)]


def cited_numbers(text: str) -> tuple[int, ...]:
    """The passage numbers in a text's marks, each once, in order; a range stands for all in it, up to ten."""
    numbers: list[int] = []
    for mark in _MARK.finditer(text):
        for first, last in _RANGE.findall(mark.group()):
            start, end = int(first), int(last or first)
            numbers += range(start, min(end, start + 9) + 1) if end >= start else [start]
    return tuple(dict.fromkeys(numbers))


def clean(text: str) -> str:
    """One line of plain prose: no markup, no web address, no invisible character."""
    text = _LINK.sub(r"\1", _PICTURE.sub(" ", text))
    text = _TAG.sub(" ", _ADDRESS.sub(" ", text))
    text = _MARKUP.sub("", text)
    text = "".join(" " if _is_hidden(character) else character for character in unicodedata.normalize("NFC", text))
    # Taking something out can bring together what opens a tag: looked at last, when nothing more is taken out.
    return _OPENS_TAG.sub("", _BEFORE_STOP.sub(r"\1", " ".join(text.split())))


def _is_hidden(character: str) -> bool:
    """Control, format, private and unassigned characters; the two joiners that some scripts need are none."""
    return character not in "\u200c\u200d" and unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}
