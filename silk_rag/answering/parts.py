"""What an answer quotes: stretches of passages around the sentences that fit best.

A sentence that leans on the one before it brings it along; a line that leads to a list brings the list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from silk_rag.answering.evidence import Candidate
from silk_rag.documents import TOOL_4, Passage
from silk_rag.retrieval.duplicates import near_duplicates, shingles
from silk_rag.retrieval.retriever import Retrieved

MOST_PARTS = 8
#: A further sentence must fit at least this well, compared with the first.
LEAST_FIT = 0.65
#: The best sentence of another passage, where an answer is to be broad, at least this well.
LEAST_BROAD_FIT = 0.55
#: A list is quoted whole up to this many words; of a longer one only the items that fit. A line that leads to a list
#: says nothing without it: in the first passage it brings a longer one too.
LONGEST_LIST_WORDS, LONGEST_LED_LIST_WORDS = 100, 200
#: A short passage near the top is quoted whole: its sentences belong together.
SHORT_PASSAGE_WORDS = 50
SHORT_PASSAGE_RANKS = 3
#: A cell of Tool 4 is quoted whole up to this many words.
SHORT_CELL_WORDS = 60
#: Shorter sentences are headings, references and the like, unless they are cells or items.
LEAST_WORDS = 5
#: "6 Guide d'analyse ...": the number of a footnote, and its text.
_FOOTNOTE = re.compile(r"\d{1,2} [A-Z][a-z]")
_ITEM_MARK = re.compile(r"(?:[●►•▪]|(?:^|\n)\s*-|(?:^|\n)\s*\(?(?:\d{1,2}|[A-Za-z])[.)])\s*$")
_LEANS = re.compile(
    r"(?:as (?:signalled|mentioned|stated|noted|said) (?:above|before|earlier)|to achieve (?:this|such|these)|"
    r"apart from (?:this|these)|"
    r"the (?:aim|goal|purpose|objective|idea) (?:is|was)|"
    r"second,|if (?:this|such|it|so)|on the other hand|for this reason|in the same way|"
    r"this|these|those|it|its|they|their|such|he|she|here|thus|therefore|however|moreover|furthermore|in addition|"
    r"despite (?:this|these|that)|there,|"
    r"for example|for instance|consequently|in this sense|in other words|indeed|in fact|also|similarly|instead|finally|"
    r"on the contrary|nevertheless|the second|secondly|thirdly|ultimately|as such|that is|through this|in exchange|"
    r"key to this|an example (?:is|was|of)|another (?:is|was|example|reason|way)|a (?:less|third|similar))\b",
    re.IGNORECASE,
)


#: "The main ones are described in the list below": it sends the reader to a place that the quotation does not show.
_SENDS_ELSEWHERE = re.compile(
    r"\b(?:described|listed|presented|shown|summari[sz]ed|given|set out|included|detailed)(?: in (?:the|an?) \w+)? "
    r"below\b|\b(?:table|list|box|figure|chart) below\b|\bthe following (?:table|list|box|figure|section|chapter)\b|"
    r"\b(?:next|following|another|corresponding) (?:section|chapter)\b|\borgani[sz]ed as follows\b",
    re.IGNORECASE,
)
#: A passage of no more words with such a sentence only announces what comes elsewhere.
LONGEST_ANNOUNCEMENT_WORDS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one passage: sentences `first` to `last`, both included, quoted as one."""

    retrieved: Retrieved
    rank: int
    first: int
    last: int
    fit: float

    @property
    def passage(self) -> Passage:
        """The passage it is a part of."""
        return self.retrieved.passage

    @property
    def start(self) -> int:
        """Where it begins in the passage's text."""
        return self.passage.sentences[self.first].start

    @property
    def end(self) -> int:
        """Where it ends in the passage's text."""
        return self.passage.sentences[self.last].end

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.text[self.start : self.end]


def choose(candidates: Sequence[Candidate], *, most_words: int, breadth: int = 1) -> list[Part]:
    """The parts of an answer, the best first, the others by passage and place; nothing is said twice.

    The best sentences of the first `breadth` passages have their turn before further sentences of any.
    """
    by_fit = sorted(filter(says_something, candidates), key=lambda c: (-c.fit, c.rank, c.number)) or list(candidates)
    best = by_fit[0].fit
    broad = _best_of_each(by_fit, breadth)
    chosen: list[Part] = []
    words = 0
    for candidate in [*broad, *(candidate for candidate in by_fit if candidate not in broad)]:
        if len(chosen) == MOST_PARTS or (candidate not in broad and candidate.fit < LEAST_FIT * best):
            break
        part = part_for(candidate)
        size = len(part.text.split())
        if chosen and (words + size > most_words or repeats(part, chosen)):
            continue
        chosen.append(part)
        words += size
    first, *others = chosen
    passages = list(dict.fromkeys(part.rank for part in chosen))
    others.sort(key=lambda part: (passages.index(part.rank), part.first))
    return joined([first, *others])


def _best_of_each(by_fit: Sequence[Candidate], breadth: int) -> list[Candidate]:
    """The sentence that fits best, and the best of each other one of the first passages that fits at all."""
    best: dict[int, Candidate] = {}
    for candidate in by_fit:
        best.setdefault(candidate.rank, candidate)
    others = (best[rank] for rank in range(breadth) if rank in best and best[rank] is not by_fit[0])
    return [by_fit[0], *(each for each in others if each.fit >= LEAST_BROAD_FIT * by_fit[0].fit)]


def needs_place(part: Part) -> bool:
    """Whether a part does not say by itself what it is about: a cell, an item, a line of a tool."""
    sentence = part.passage.sentences[part.first]
    return sentence.label is not None or part.passage.kind == "tool" or _is_item(part.passage, part.first)


def says_something(candidate: Candidate) -> bool:
    """Not a bare heading, reference, repetition of the passage's own heading or announcement of another place."""
    text = candidate.text
    if _is_heading(candidate.passage, candidate.number) or _FOOTNOTE.match(text):
        return False
    if _sends_elsewhere(candidate.passage, candidate.number) or _only_announces(candidate.passage):
        return False
    return candidate.sentence.label is not None or len(text.split()) >= LEAST_WORDS


def _sends_elsewhere(passage: Passage, at: int) -> bool:
    """Whether a sentence points to a list, table or section that does not follow at once."""
    led = at + 1 < len(passage.sentences) and _is_item(passage, at + 1)
    return not led and _SENDS_ELSEWHERE.search(passage.quote(passage.sentences[at])) is not None


def _only_announces(passage: Passage) -> bool:
    short = len(passage.text.split()) <= LONGEST_ANNOUNCEMENT_WORDS
    return short and any(_sends_elsewhere(passage, at) for at in range(len(passage.sentences)))


def part_for(candidate: Candidate) -> Part:
    """The sentence with what it cannot stand without, and without the passage's own heading, which is shown anyway."""
    part = _with_surroundings(candidate)
    repeats_heading = part.first < part.last and _is_heading(part.passage, part.first)
    return replace(part, first=part.first + 1) if repeats_heading else part


def _is_heading(passage: Passage, at: int) -> bool:
    """Whether a sentence repeats the heading that the passage stands under."""
    return bool(passage.heading_path) and passage.quote(passage.sentences[at]) == passage.heading_path[-1].text


def _with_surroundings(candidate: Candidate) -> Part:
    """The sentence with its list, the line that leads to it, or the sentence before."""
    passage, at = candidate.passage, candidate.number
    if candidate.rank < SHORT_PASSAGE_RANKS and _is_short_prose(passage):
        return Part(candidate.retrieved, candidate.rank, 0, len(passage.sentences) - 1, candidate.fit)
    if _is_short_cell(passage):
        return Part(candidate.retrieved, candidate.rank, 0, len(passage.sentences) - 1, candidate.fit)
    first, last = _list_around(passage, at)
    size = len(passage.text[passage.sentences[first].start : passage.sentences[last].end].split())
    longest = LONGEST_LED_LIST_WORDS if at == first and candidate.rank == 0 else LONGEST_LIST_WORDS
    if (first, last) == (at, at) or size > longest:
        first = _where_it_stands_alone(passage, at)
        last = at
    return Part(candidate.retrieved, candidate.rank, first, last, candidate.fit)


def _where_it_stands_alone(passage: Passage, at: int) -> int:
    """Back from a sentence that leans on the one before it ("It is so because ..."), at most two sentences."""
    first = at
    while first > max(0, at - 2) and _LEANS.match(passage.quote(passage.sentences[first])):
        if passage.sentences[first].label is not None or _begins_item(passage, first):
            break
        first -= 1
    return first


def _is_short_prose(passage: Passage) -> bool:
    labelled = any(sentence.label is not None for sentence in passage.sentences)
    return not labelled and len(passage.text.split()) <= SHORT_PASSAGE_WORDS


def _is_short_cell(passage: Passage) -> bool:
    """A cell of Tool 4 is a note in few words: its lines are read together."""
    is_cell = passage.document_id == TOOL_4 and all(sentence.label is None for sentence in passage.sentences)
    return is_cell and len(passage.text.split()) <= SHORT_CELL_WORDS


def _list_around(passage: Passage, at: int) -> tuple[int, int]:
    """First and last sentence of the list that a sentence leads to or belongs to, its lead-in included."""
    sentences = passage.sentences
    if sentences[at].label is not None:
        return at, at
    head = at
    while head > 0 and _is_item(passage, head):
        head -= 1
    if not passage.quote(sentences[head]).rstrip().endswith(":") and not _is_item(passage, head):
        return at, at
    last = head
    while last + 1 < len(sentences) and _is_item(passage, last + 1):
        last += 1
    return (head, last) if head <= at <= last else (at, at)


def _is_item(passage: Passage, at: int) -> bool:
    """Whether a sentence belongs to a list item: print put a mark between it and the one before, or before it."""
    if _begins_item(passage, at):
        return True
    same_block = "\n" not in _gap_before(passage, at)
    return same_block and at > 0 and _is_item(passage, at - 1)


def _begins_item(passage: Passage, at: int) -> bool:
    return _ITEM_MARK.search(_gap_before(passage, at)) is not None


def _gap_before(passage: Passage, at: int) -> str:
    return passage.text[passage.sentences[at - 1].end if at else 0 : passage.sentences[at].start]


def repeats(part: Part, chosen: Sequence[Part]) -> bool:
    """Whether a part repeats or overlaps one that is chosen already."""
    own = shingles(part.text)
    for other in chosen:
        same_passage = other.passage.id == part.passage.id
        if same_passage and part.first <= other.last and other.first <= part.last:
            return True
        if near_duplicates(own, shingles(other.text)):
            return True
    return False


def joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbouring sentences of one passage become one part, so that they are read and quoted in one piece.

    Cells of a table stay apart, for each belongs to its own column.
    """
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and last.passage.id == part.passage.id and part.passage.sentences[part.first].label is None:
            if part.first == last.last + 1:
                joined[-1] = replace(last, last=part.last)
                continue
            if part.last == last.first - 1:
                joined[-1] = replace(last, first=part.first)
                continue
        joined.append(part)
    return joined
