"""The parts of the papers that a question points at: cases, tools, tables, boxes, lessons, questions of Tool 2.

A question about two organisations needs passages of both; one that names "Tool 5" is asking about that tool. Each
part pointed at gets a ranking of its own, so that none is crowded out by the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from silk_rag.documents import Passage
from silk_rag.retrieval.query import Query

#: More parts than this are an enumeration: the question is about all of them together.
MOST_FOCUSES = 6


@dataclass(frozen=True, slots=True)
class Focus:
    """A part of the papers; `holds` says whether a passage belongs to it."""

    name: str
    is_case: bool
    holds: Callable[[Passage], bool]


def focuses_of(query: Query) -> list[Focus]:
    """What the question points at, cases first; at most six."""
    cases = [_case(identity) for identity in query.cases]
    return [*cases, *_places(query.text)][:MOST_FOCUSES]


def _case(identity: str) -> Focus:
    return Focus(identity, is_case=True, holds=lambda passage: identity in passage.cases)


def _places(text: str) -> Iterator[Focus]:
    for pattern, make in _PATTERNS:
        for found in pattern.finditer(text):
            yield Focus(found.group(), is_case=False, holds=make(found))


def _tool(found: re.Match[str]) -> Callable[[Passage], bool]:
    prefix = f"tool-{found.group(1)}"
    return lambda passage: passage.document_id.startswith(prefix)


def _document(identity: str) -> Callable[[re.Match[str]], Callable[[Passage], bool]]:
    return lambda _: lambda passage: passage.document_id == identity


def _table(found: re.Match[str]) -> Callable[[Passage], bool]:
    identity = f"table-{found.group(1)}"
    return lambda passage: passage.document_id == identity


def _box(found: re.Match[str]) -> Callable[[Passage], bool]:
    identity = {"1": "box-scotland", "2": "box-coopcycle", "2.1": "box-2-1-tool-2"}[found.group(1)]
    return lambda passage: passage.document_id == identity


def _lesson(found: re.Match[str]) -> Callable[[Passage], bool]:
    heading = re.compile(rf"Lesson Learned {found.group(1)}\b")
    group = found.group(2) or ""
    return lambda passage: (
        passage.document_id.startswith("lessons-")
        and (not group or passage.document_id.startswith(f"lessons-{group[:5].lower()}"))
        and any(heading.match(step.text) for step in passage.heading_path)
    )


def _grid_question(found: re.Match[str]) -> Callable[[Passage], bool]:
    label = found.group(1)
    return lambda passage: passage.document_id == "tool-2" and any(s.label == label for s in passage.sentences)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Callable[[Passage], bool]]], ...] = (
    (
        re.compile(r"\b(?:tool|outil|herramienta|strumento|ferramenta|werkzeug|instrument)\s+([1-6])\b", re.IGNORECASE),
        _tool,
    ),
    (re.compile(r"도구\s*([1-6])"), _tool),
    (re.compile(r"\btable\s+([12])\b", re.IGNORECASE), _table),
    (re.compile(r"\bbox\s+(2\.1|[12])\b", re.IGNORECASE), _box),
    (re.compile(r"\bpolicy brief\b", re.IGNORECASE), _document("tool-6-policy-brief")),
    (re.compile(r"\b(?:scoping|annexed) paper\b", re.IGNORECASE), _document("scoping-paper")),
    (
        re.compile(r"\blesson\s+(?:learned\s+)?(\d{1,2})(?:\s+on\s+(?:the\s+)?(polic\w+|strateg\w+))?", re.IGNORECASE),
        _lesson,
    ),
    (re.compile(r"\bquestion\s+([A-F]\d{1,2})\b"), _grid_question),
)
