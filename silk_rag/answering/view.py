"""Answers and citations as plain data, in the names of the HTTP contract."""

from __future__ import annotations

from typing import Any

from silk_rag.answering.answer import Answer, Citation, Reply
from silk_rag.documents import Passage, SourceSpan
from silk_rag.retrieval.retriever import Retrieved


def reply_view(reply: Reply) -> dict[str, Any]:
    """An answer or abstention in the shape of `POST /api/v1/ask`, without the conversation."""
    answered = isinstance(reply, Answer)
    return {
        "answer": reply.markdown,
        "mode": reply.mode if isinstance(reply, Answer) else "extractive",
        "language": reply.language,
        "abstained": not answered,
        "reason": None if isinstance(reply, Answer) else reply.reason,
        "suggestions": [] if isinstance(reply, Answer) else list(reply.suggestions),
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations)}
            for sentence in (reply.sentences if isinstance(reply, Answer) else ())
        ],
        "comparison": comparison_view(reply) if isinstance(reply, Answer) else None,
        "citations": [citation_view(citation) for citation in (reply.citations if isinstance(reply, Answer) else ())],
        "passages": [retrieved_view(result) for result in reply.retrieved],
        "notice": reply.notice if isinstance(reply, Answer) else None,
        "following": reply.following,
        "basis": reply.basis if isinstance(reply, Answer) else None,
        "timings_ms": dict(reply.timings_ms),
    }


def comparison_view(answer: Answer) -> dict[str, Any] | None:
    """What the answer sets side by side; a cell of None is one that the papers leave empty."""
    if answer.comparison is None:
        return None
    sentences = answer.sentences
    return {
        "columns": list(answer.comparison.columns),
        "rows": [
            {
                "heading": row.heading,
                "cells": [
                    {"text": sentences[at].text, "citations": list(sentences[at].citations)} if at is not None else None
                    for at in row.cells
                ],
            }
            for row in answer.comparison.rows
        ],
    }


def citation_view(citation: Citation) -> dict[str, Any]:
    """A citation; `quote` is exactly `text[start:end]` of its passage."""
    passage = citation.passage
    return {
        "number": citation.number,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "document": passage.document_title,
        "heading_path": [heading.text for heading in passage.heading_path],
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "source": source_view(passage.source),
    }


def retrieved_view(result: Retrieved) -> dict[str, Any]:
    """A passage found, with the places that say the same."""
    passage = result.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "heading_path": [heading.text for heading in passage.heading_path],
        "text": passage.text,
        "score": round(result.score, 6),
        "source": source_view(passage.source),
        "repeated_in": [other.id for other in result.repeated_in],
    }


def passage_view(passage: Passage) -> dict[str, Any]:
    """A passage with its sentences, headings (which of them are editorial) and provenance."""
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "document": passage.document_title,
        "kind": passage.kind,
        "heading_path": [{"text": heading.text, "editorial": heading.editorial} for heading in passage.heading_path],
        "text": passage.text,
        "start": passage.start,
        "sentences": [{"start": s.start, "end": s.end, "label": s.label} for s in passage.sentences],
        "cases": list(passage.cases),
        "source": source_view(passage.source),
    }


def source_view(span: SourceSpan) -> dict[str, Any]:
    """Where a passage stands in the source as received."""
    return {
        "file": span.file_name,
        "first_line": span.first_line,
        "last_line": span.last_line,
        "unit": span.unit,
    }
