"""Which passages illuminate a question, and which of their sentences are shown: the editors' choice, kept in YAML.

The papers promise "background information for each" question and never print it; `tool-2-links.yaml` gives it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from silk_rag.assessment.questionnaire import Question, read_mapping
from silk_rag.documents import Passage, Sentence
from silk_rag.errors import CorpusInvalid

LINKS_FILE = "tool-2-links.yaml"
MOST_LINKS = 3
# About three lines of print: enough to be understood alone, short enough to be read.
LONGEST_QUOTE = 420
_WORD = re.compile(r"\w{4,}")
# A table cell is kept whole as one sentence of its passage, however many it holds.
_PIECE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"‘])|\n+")
# Words that stand in most of the editors' sentences and say nothing about a passage.
_EMPTY = frozenset(
    "that with from their they this those what which were have been also into some says names more most other did "
    "internationalisation sseo sseos social".split()
)
_STEM = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A passage that illuminates a question; `why` is the editors' sentence."""

    passage_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Links:
    """The links of every question, and the passages on the balance that the papers ask for.

    `imprint` is the passage with the papers' copyright line and disclaimer, `strategies` are those with Tool 5's cells.
    """

    of_question: Mapping[str, tuple[Link, ...]]
    balance: tuple[Link, ...] = ()
    imprint: str = ""
    strategies: tuple[str, ...] = ()

    def __getitem__(self, question_id: str) -> tuple[Link, ...]:
        """The links of a question; none for one the file does not name."""
        return self.of_question.get(question_id, ())


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a passage, `passage.text[start:end]`, and why the editors show them."""

    passage: Passage
    start: int
    end: int
    why: str

    @property
    def quote(self) -> str:
        """The words themselves."""
        return self.passage.text[self.start : self.end]

    @property
    def place(self) -> str:
        """Where the words stand, for a reader: the document and the last heading."""
        titles = [heading.text for heading in self.passage.heading_path]
        path = [title for title in titles if title != self.passage.document_title]
        return " · ".join([self.passage.document_title, *path[-2:]])


def load_links(tools: Path) -> Links:
    """Read the links from the folder of tools. Raises CorpusInvalid naming the question and the fix."""
    content = read_mapping(tools / LINKS_FILE)
    entries = content.get("links")
    if not isinstance(entries, dict):
        raise CorpusInvalid(f"{LINKS_FILE}: `links` must map question ids to lists.")
    return Links(
        {str(question_id): _links(listed, str(question_id)) for question_id, listed in entries.items()},
        _links(content.get("balance", []), "balance"),
        str(content.get("imprint", "")),
        tuple(map(str, content.get("strategies", ()))),
    )


def _links(listed: object, place: str) -> tuple[Link, ...]:
    if not isinstance(listed, list) or len(listed) > MOST_LINKS:
        raise CorpusInvalid(f"{LINKS_FILE}, {place}: give a list of at most {MOST_LINKS} links.")
    return tuple(_link(each, place) for each in listed)


def _link(entry: object, place: str) -> Link:
    if not isinstance(entry, dict) or not entry.get("passage") or not entry.get("why"):
        raise CorpusInvalid(f"{LINKS_FILE}, {place}: each link needs `passage` and `why`.")
    return Link(str(entry["passage"]), str(entry["why"]))


def quotation(passage: Passage, link: Link, question: Question | None = None) -> Quotation:
    """The sentences of a passage that fit the editors' reason best, in one piece."""
    wanted = _stems(link.why)
    asked = _stems(question.text) if question else frozenset()
    pieces = [piece for sentence in passage.sentences for piece in _pieces(passage, sentence)]
    scores = [_fit(passage.quote(each), wanted, asked) for each in pieces]
    if not scores:
        return Quotation(passage, 0, len(passage.text), link.why)
    best = max(range(len(scores)), key=lambda place: (scores[place], -place))
    first, last = _grown(pieces, scores, best)
    return Quotation(passage, pieces[first].start, pieces[last].end, link.why)


def _pieces(passage: Passage, sentence: Sentence) -> list[Sentence]:
    """A sentence, or the sentences inside a table cell."""
    found = [match.span() for match in _PIECE_END.finditer(passage.text, sentence.start, sentence.end)]
    begins = [sentence.start, *(end for _, end in found)]
    ends = [*(start for start, _ in found), sentence.end]
    return [Sentence(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]


def _fit(sentence: str, wanted: frozenset[str], asked: frozenset[str]) -> float:
    """How many of the reason's words a sentence has; the question's own words only break ties."""
    found = _stems(sentence)
    return len(found & wanted) + 0.3 * len(found & asked)


def _grown(sentences: Sequence[Sentence], scores: Sequence[float], best: int) -> tuple[int, int]:
    """The best sentence and its neighbours, as long as they fit too and the whole stays short."""
    first = last = best
    while True:
        around = [place for place in (first - 1, last + 1) if 0 <= place < len(sentences)]
        fitting = [place for place in around if scores[place] >= max(1.0, scores[best] / 2)]
        for place in sorted(fitting, key=lambda each: -scores[each]):
            begin, end = min(first, place), max(last, place)
            if sentences[end].end - sentences[begin].start <= LONGEST_QUOTE:
                first, last = begin, end
                break
        else:
            return first, last


def _stems(text: str) -> frozenset[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word[:_STEM] for word in words if word not in _EMPTY)


def citation_data(number: int, shown: Quotation) -> dict[str, Any]:
    """A quotation in the shape of the HTTP contract's citations."""
    passage = shown.passage
    return {
        "number": number,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "document": passage.document_title,
        "heading_path": [heading.text for heading in passage.heading_path],
        "quote": shown.quote,
        "start": shown.start,
        "end": shown.end,
        "source": {
            "file": passage.source.file_name,
            "first_line": passage.source.first_line,
            "last_line": passage.source.last_line,
            "unit": passage.source.unit,
        },
    }
