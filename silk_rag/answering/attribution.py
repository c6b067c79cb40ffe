"""Whose words or experience a passage holds, in a few words: "Equal Exchange", "Policy lesson 7", "Tool 5, Merger"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from silk_rag.cases import Case
from silk_rag.documents import Passage, Sentence

#: A passage that is about a case names it within so many characters.
_BEGINNING = 120
_LESSON = re.compile(r"Lesson Learned (\d+)")
_DOCUMENT_NAMES: Mapping[str, str] = {
    "foreword": "Foreword",
    "executive-summary": "Executive summary",
    "rationale": "Chapter 1",
    "box-scotland": "Box 1",
    "box-coopcycle": "Box 2",
    "continuation": "Chapter 3",
    "tool-6-policy-brief": "Tool 6, policy brief",
    "box-2-1-tool-2": "Box 2.1 on Tool 2",
    "consortium": "Annex A",
    "assessing-internationalisation": "Annex B",
    "tool-5-introduction": "Tool 5",
    "annex-good-practices": "Annex",
    "scoping-paper": "Scoping paper",
    "table-1": "Scoping paper, Table 1",
    "table-2": "Scoping paper, Table 2",
}


def place_name(passage: Passage) -> str:
    """A short name for where a passage stands, for a list of citations."""
    lesson = _lesson(passage)
    if lesson:
        return lesson
    name = _DOCUMENT_NAMES.get(passage.document_id)
    if name is None:
        name = passage.document_id.replace("-", " ").capitalize() if passage.kind == "tool" else passage.document_title
    headings = [heading.text for heading in passage.heading_path]
    if passage.document_id == "annex-good-practices" and headings:
        # Drivers, barriers and good practices have the same headings below: which of them it is has to be said.
        return ", ".join(dict.fromkeys([name, headings[0].split(" (")[0], headings[-1]]))
    return ", ".join([name, *headings[-1:]]) if passage.document_id != "tool-4" else ", ".join([name, *headings[:1]])


def attribution(passage: Passage, sentence: Sentence, cases: Mapping[str, Case]) -> str:
    """Who or what a sentence speaks for: its table column, its case, its lesson, or its place."""
    if sentence.label and passage.document_id.startswith(("tool-5", "table-")):
        return f"{place_name(passage)}, {sentence.label}"
    if passage.document_id == "tool-4" and passage.heading_path:
        return ", ".join(filter(None, (passage.heading_path[0].text, sentence.label)))
    lesson = _lesson(passage)
    if lesson:
        return lesson
    if (
        len(passage.cases) == 1
        and passage.cases[0] in cases
        and tells_of(cases[passage.cases[0]], passage, passage.quote(sentence))
    ):
        return cases[passage.cases[0]].name
    return place_name(passage)


def tells_of(case: Case, passage: Passage, quote: str) -> bool:
    """Whether a quotation is about a case: named in the headings, where the passage begins, or in the words quoted."""
    headings = (passage.document_title, *(heading.text for heading in passage.heading_path))
    return any(case.named_in(text) for text in (*headings, passage.text[:_BEGINNING], quote))


def _lesson(passage: Passage) -> str | None:
    kind = {"lessons-policies": "Policy", "lessons-strategies": "Strategy"}.get(passage.document_id)
    if kind is None:
        return None
    found = next((m for h in passage.heading_path if (m := _LESSON.search(h.text))), None)
    return f"{kind} lesson {found.group(1)}" if found else None
