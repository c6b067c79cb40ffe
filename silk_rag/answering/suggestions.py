"""Questions that the papers do answer, offered when they do not answer the one asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from silk_rag.errors import CorpusInvalid
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An example question, who would ask it, and the document that answers it."""

    question: str
    audience: str
    topic: str
    document: str


def read_suggestions(path: Path) -> tuple[Suggestion, ...]:
    """The example questions of a corpus, in file order. Raises CorpusInvalid on a bad entry."""
    try:
        rows: list[dict[str, Any]] = read_yaml(path.read_text(encoding="utf-8"))["questions"]
        return tuple(Suggestion(r["question"], r["audience"], r["topic"], r["document"]) for r in rows)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CorpusInvalid(f"{path}: each entry needs question, audience, topic and document ({error}).") from error


def nearest_suggestions(
    suggestions: Sequence[Suggestion], results: Sequence[Retrieved], *, most: int = 3
) -> tuple[str, ...]:
    """Up to `most` questions, those about the documents found first, then others in file order."""
    order = {document: rank for rank, document in reversed(list(enumerate(r.passage.document_id for r in results)))}
    ranked = sorted(suggestions, key=lambda suggestion: order.get(suggestion.document, len(order)))
    return tuple(suggestion.question for suggestion in ranked[:most])
