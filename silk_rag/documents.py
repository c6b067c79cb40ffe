"""The words every part shares: sources, documents, passages and the sentences in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: "own" documents were added by the people who run the assistant; all others are the papers'.
DocumentKind = Literal["paper", "case", "tool", "annex", "scoping-paper", "own"]
#: Documents whose shape is known: a column an organisation, a passage a cell; and a column a strategy, a passage a row.
TOOL_4, TOOL_5 = "tool-4", "tool-5"
SpanUnit = Literal["line", "page", "paragraph"]


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Where words stand in a source file: numbers from 1, both ends included.

    They count lines; in a PDF pages, and in a Word file, which has neither, paragraphs and table rows.
    """

    file: str
    first_line: int
    last_line: int
    unit: SpanUnit = "line"

    @property
    def file_name(self) -> str:
        """The file as it is called in its folder; sources of the corpus are named without their ending."""
        return self.file if "." in self.file else f"{self.file}.txt"

    @property
    def place(self) -> str:
        """The span in words: "lines 3-9", "page 4"."""
        if self.first_line == self.last_line:
            return f"{self.unit} {self.first_line}"
        return f"{self.unit}s {self.first_line}-{self.last_line}"


@dataclass(frozen=True, slots=True)
class Heading:
    """One step of a heading path. `editorial` headings were added by the editors: never the papers' words."""

    text: str
    editorial: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, list item or table cell of a passage: `passage.text[start:end]`, the smallest thing quoted.

    `label` is what stands beside it in print but not in its text, such as the heading of its table column.
    """

    start: int
    end: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrieval unit: one lesson, recommendation, approach, table row ... of one document.

    `text` is exactly `document.text[start:start + len(text)]` and holds the papers' own words only.
    """

    id: str
    document_id: str
    document_title: str
    kind: DocumentKind
    heading_path: tuple[Heading, ...]
    text: str
    start: int
    sentences: tuple[Sentence, ...]
    source: SourceSpan
    cases: tuple[str, ...] = ()

    def quote(self, sentence: Sentence) -> str:
        """The words of one of the passage's sentences."""
        return self.text[sentence.start : sentence.end]


@dataclass(frozen=True, slots=True)
class Document:
    """One part of a source: its text is headings and passages, joined by blank lines."""

    id: str
    title: str
    kind: DocumentKind
    text: str
    passages: tuple[Passage, ...]
    source: str
