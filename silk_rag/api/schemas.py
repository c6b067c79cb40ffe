"""Requests and responses of the question and browsing routes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A request body: what it does not know it refuses, so that a misspelt field is not silently ignored."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AskRequest(Strict):
    """A question for the papers."""

    question: Annotated[str, Field(description="in any language; at most 4,000 characters")]
    conversation_id: Annotated[str | None, Field(max_length=100)] = None
    k: Annotated[int, Field(ge=1, le=50, description="how many passages to retrieve")] = 8
    language: Annotated[str | None, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1; detected if absent")] = None
    stream: Annotated[bool, Field(description="server-sent events: token, citation, done, error")] = False


class Source(BaseModel):
    """Lines of a source file as received; of an own document perhaps pages or paragraphs."""

    file: str
    first_line: int
    last_line: int
    unit: Literal["line", "page", "paragraph"] = "line"


class CitationView(BaseModel):
    """A quotation: exactly `text[start:end]` of its passage."""

    number: int
    passage_id: str
    document_id: str
    document: str
    heading_path: list[str]
    quote: str
    start: int
    end: int
    source: Source


class SentenceView(BaseModel):
    """A sentence of an answer and the numbers of its citations."""

    text: str
    citations: list[int]


class ComparisonRowView(BaseModel):
    """A row of a comparison: a cell a column, null where the papers report nothing."""

    heading: Annotated[str | None, Field(description="the papers' heading of the row; null: from running text")]
    cells: list[SentenceView | None]


class ComparisonView(BaseModel):
    """The answer's sentences side by side, a column for each thing that the question compares."""

    columns: list[str]
    rows: list[ComparisonRowView]


class RetrievedView(BaseModel):
    """A passage found, best first."""

    passage_id: str
    document_id: str
    heading_path: list[str]
    text: str
    score: float
    source: Source
    repeated_in: list[str]


class AskResponse(BaseModel):
    """An answer, or an abstention with its reason and what can be asked instead."""

    conversation_id: str
    answer: str
    mode: Literal["extractive", "generative"]
    language: str
    abstained: bool
    reason: str | None
    suggestions: list[str]
    sentences: list[SentenceView]
    comparison: ComparisonView | None = None
    citations: list[CitationView]
    passages: list[RetrievedView]
    notice: str | None = None
    basis: Annotated[str | None, Field(description="what kind of evidence the answer rests on, in a line")] = None
    following: Annotated[str | None, Field(description="the earlier question this one was read with")] = None
    timings_ms: dict[str, float]


class SearchResponse(BaseModel):
    """Passages found for a search."""

    query: str
    passages: list[RetrievedView]


class HeadingView(BaseModel):
    """A heading; editorial ones are not the papers' words."""

    text: str
    editorial: bool


class PassageSentence(BaseModel):
    """Offsets of a sentence, item or cell in its passage's text, and its label."""

    start: int
    end: int
    label: str | None


class PassageView(BaseModel):
    """A passage with its provenance."""

    passage_id: str
    document_id: str
    document: str
    kind: str
    heading_path: list[HeadingView]
    text: str
    start: int
    sentences: list[PassageSentence]
    cases: list[str]
    source: Source


class DocumentSummary(BaseModel):
    """A document of the corpus."""

    id: str
    title: str
    kind: str
    source: str
    passages: int


class DocumentView(DocumentSummary):
    """A document with its text and passages; each passage's `start` is its offset in `text`."""

    text: str
    content: list[PassageView]


class ToolView(BaseModel):
    """A tool as data, each leaf with its source lines, as kept in corpus/tools."""

    tool: int
    title: str
    data: dict[str, Any]
