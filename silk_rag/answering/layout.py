"""How an answer's sentences are laid out as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from silk_rag.answering.answer import AnswerSentence, Comparison
from silk_rag.answering.phrases import Phrases

#: More columns than this make a table that nobody can read: it is turned round.
MOST_COLUMNS = 3
_LIST_MARK = re.compile(r"^[●►•▪-]\s*")


def lay_out(sentences: Sequence[AnswerSentence]) -> str:
    """Markdown: the first part alone, then a paragraph a speaker, each part with its [n] mark.

    Running text of one speaker is one paragraph; lists stand on lines of their own.
    """
    blocks: list[str] = []
    speaker: str | None = None
    for at, sentence in enumerate(sentences):
        marks = "".join(f" [{number}]" for number in sentence.citations)
        text = _as_markdown(sentence.text) + marks
        new_speaker = sentence.attribution != speaker
        speaker = sentence.attribution
        if new_speaker and speaker and (at > 0 or sentence.needs_place) and not _names_itself(text, speaker):
            name = f"**{speaker.rstrip(': ')}:**"
            text = f"{name}\n\n{text}" if _is_list_line(text) else f"{name} {text}"
        if at > 1 and not new_speaker and "\n" not in blocks[-1] + text and not _is_list_line(text):
            blocks[-1] += f" {text}"
        else:
            blocks.append(text)
    return "\n\n".join(blocks)


def presented(text: str) -> str:
    """The words as an answer shows them: a sentence that print began after a heading gets its capital."""
    return text[:1].upper() + text[1:]


def table_of(comparison: Comparison, unnamed_row: str) -> tuple[list[str], list[tuple[str, list[int | None]]]]:
    """Headings of the columns, and the rows as shown: a comparison of many things has a row for each of them."""
    headings = [short_heading(row.heading) if row.heading else unnamed_row for row in comparison.rows]
    if len(comparison.columns) <= MOST_COLUMNS:
        return list(comparison.columns), [
            (heading, list(row.cells)) for heading, row in zip(headings, comparison.rows, strict=True)
        ]
    return headings, [(name, [row.cells[at] for row in comparison.rows]) for at, name in enumerate(comparison.columns)]


def short_heading(heading: str) -> str:
    """A long heading of the papers up to its first aside: what it goes on with stands in the source."""
    return re.split(r"\s*[(?,]", heading, maxsplit=1)[0]


def as_table(comparison: Comparison, sentences: Sequence[AnswerSentence], phrases: Phrases) -> str:
    """A comparison as a Markdown table, each cell with its [n] mark."""
    columns, rows = table_of(comparison, phrases["from-text"])
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    for heading, cells in rows:
        shown = [
            phrases["not-reported"]
            if at is None
            else " ".join([in_a_cell(sentences[at].text), *(f"[{n}]" for n in sentences[at].citations)])
            for at in cells
        ]
        lines.append([f"**{heading}**", *shown])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def in_a_cell(text: str) -> str:
    """Text in one line, that no sign of its own breaks out of a table's cell."""
    items = [_LIST_MARK.sub("", block.strip()) for block in text.split("\n") if block.strip()]
    closed = [item if item.endswith((".", "!", "?", ";", ":", ",")) else f"{item};" for item in items[:-1]]
    return " ".join(" ".join([*closed, *items[-1:]]).split()).replace("|", "\\|")


def _as_markdown(text: str) -> str:
    """Paragraphs stay paragraphs; items, marked in print or one a line in a tool, become a Markdown list."""
    blocks = [_LIST_MARK.sub("- ", block.strip()) for block in re.split(r"\n\s*\n", text) if block.strip()]
    lines: list[str] = []
    for block in blocks:
        first, *items = block.split("\n")
        lines.append(first)
        stripped = (item.strip() for item in items)
        lines.extend(item if _is_list_line(item) else f"- {item}" for item in stripped if item)
    spaced = [lines[0]]
    for before, line in pairwise(lines):
        both_items = _is_list_line(before) and _is_list_line(line)
        spaced.append(("\n" if both_items else "\n\n") + line)
    return "".join(spaced)


def _names_itself(text: str, speaker: str) -> bool:
    """Whether the papers' own words begin with the speaker's name and a colon."""
    return text.casefold().startswith(f"{speaker.casefold()}:")


def _is_list_line(line: str) -> bool:
    return re.match(r"- |\d+[.)] ", line) is not None
