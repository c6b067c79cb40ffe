"""The corpus as a reader browses it: documents, passages, cases, lessons and tools, over one snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from silk_rag.cases import Case
from silk_rag.documents import Document, Passage
from silk_rag.errors import CorpusInvalid, NotFound
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.yaml_text import read_yaml

TOOLS = range(1, 7)
_LESSON = re.compile(r"Lesson Learned (\d+):\s*(.*)")
_LESSON_DOCUMENTS = {"policies": "lessons-policies", "strategies": "lessons-strategies"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson learned: "policies" has 11, "strategies" 12."""

    group: str
    number: int
    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Library:
    """Read-only access by id. Every look-up raises NotFound, naming what there is instead."""

    snapshot: Snapshot
    cases: Sequence[Case]
    tools_folder: Path

    def document(self, identity: str) -> Document:
        """A document by id."""
        document = self.snapshot.documents.get(identity)
        if document is None:
            known = ", ".join(self.snapshot.documents)
            raise NotFound(f"There is no document {identity[:80]!r}. Documents: {known}.")
        return document

    def passage(self, identity: str) -> Passage:
        """A passage by id."""
        row = self.snapshot.row_of.get(identity)
        if row is None:
            raise NotFound(f"There is no passage {identity[:80]!r}. Passage ids come with answers and documents.")
        return self.snapshot.passages[row]

    def case(self, identity: str) -> tuple[Case, list[Passage]]:
        """A case and every passage that speaks of it, in reading order."""
        case = next((case for case in self.cases if case.id == identity), None)
        if case is None:
            raise NotFound(f"There is no case {identity[:80]!r}. Cases: {', '.join(c.id for c in self.cases)}.")
        return case, [passage for passage in self.snapshot.passages if case.id in passage.cases]

    def lessons(self) -> list[Lesson]:
        """All lessons, those on policies first."""
        return [lesson for group in _LESSON_DOCUMENTS for lesson in self._lessons_of(group)]

    def tool(self, number: int) -> tuple[str, Mapping[str, Any]]:
        """A tool's title and its data as kept in the corpus; Tool 6, which is prose, as its passages by section."""
        if number not in TOOLS:
            raise NotFound(f"There is no Tool {number}. The papers have Tools 1 to 6.")
        if number == 6:
            document = self.document("tool-6-policy-brief")
            return document.title, {"id": "tool-6", "recommendations": _sections(document.passages)}
        path = self.tools_folder / f"tool-{number}.yaml"
        try:
            data: Mapping[str, Any] = read_yaml(path.read_text(encoding="utf-8"))
            return str(data["title"]["text"]), data
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            raise CorpusInvalid(f"{path}: the tool cannot be read ({error}).") from error

    def tool_document(self, number: int) -> Document:
        """A tool rendered as a document."""
        self.tool(number)
        return self.document("tool-6-policy-brief" if number == 6 else f"tool-{number}")

    def _lessons_of(self, group: str) -> list[Lesson]:
        document = self.snapshot.documents.get(_LESSON_DOCUMENTS[group])
        by_number: dict[int, tuple[str, list[Passage]]] = {}
        for passage in document.passages if document else ():
            for heading in passage.heading_path:
                found = _LESSON.match(heading.text)
                if found:
                    by_number.setdefault(int(found.group(1)), (found.group(2), []))[1].append(passage)
        return [Lesson(group, number, title, tuple(ps)) for number, (title, ps) in sorted(by_number.items())]


def _sections(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    return [
        {
            "heading_path": [{"text": h.text, "editorial": h.editorial} for h in passage.heading_path],
            "text": passage.text,
            "lines": [passage.source.first_line, passage.source.last_line],
        }
        for passage in passages
    ]
