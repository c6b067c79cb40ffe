"""Read the tools and tables of the corpus, kept as YAML, and render them as documents.

Every leaf of such a file is `{text, lines}`: words of the papers and the source lines they stand in. Rendering gives
one passage a step, category, phase, organisation's cell or table row; its sentences are the prompts, questions,
indicators and cells, each with the heading of its column or its number as label. Tool 4's cells are running text and
parted into sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ingest.alignment import LineRange, letters_of
from ingest.markdown import passage_id
from ingest.sentences import sentences_of
from silk_rag.documents import Document, DocumentKind, Heading, Passage, Sentence, SourceSpan
from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml

_SHORT_ROWS = ("industry", "country", "founding-year", "legal-status")


@dataclass(frozen=True, slots=True)
class Leaf:
    """Words of the papers, the source lines they stand in, and a label printed elsewhere."""

    text: str
    lines: LineRange
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What becomes one passage: its heading path and its leaves, in order."""

    headings: tuple[Heading, ...]
    leaves: tuple[Leaf, ...]
    running_text: bool = False


@dataclass(frozen=True, slots=True)
class ToolFile:
    """A tool or table as read, with the groups that become its passages."""

    path: Path
    id: str
    title: str
    kind: DocumentKind
    source: str
    lines: tuple[LineRange, ...]
    data: Mapping[str, Any]
    groups: tuple[Group, ...] = field(default=())


def read_tool(path: Path) -> ToolFile:
    """Read one tool or table. Raises CorpusInvalid, naming file and place, when a part is missing."""
    try:
        data: Mapping[str, Any] = read_yaml(path.read_text(encoding="utf-8"))
        groups = tuple(group for group in _groups(data) if group.leaves)
        ranges = tuple(LineRange(int(first), int(last)) for first, last in data["lines"])
        return ToolFile(path, data["id"], data["title"]["text"], data["kind"], data["source"], ranges, data, groups)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise CorpusInvalid(f"{path}: a part is missing or misspelt ({type(error).__name__}: {error}).") from error


def document_from(tool: ToolFile) -> Document:
    """Render a tool as a document: a line for each heading, then the passages."""
    text = f"# {tool.title}"
    passages: list[Passage] = []
    shown: tuple[Heading, ...] = ()
    for group in tool.groups:
        text += "".join(_new_headings(shown, group.headings)) + "\n\n"
        shown = group.headings
        passage = _passage(tool, group, start=len(text))
        passages.append(passage)
        text += passage.text
    return Document(tool.id, tool.title, tool.kind, text + "\n", tuple(passages), tool.source)


def leaves_in(data: object) -> Iterator[Mapping[str, Any]]:
    """Every `{text, lines}` below a part of a tool's data, in file order."""
    if isinstance(data, Mapping):
        if "text" in data and "lines" in data:
            yield data
        for value in data.values():
            yield from leaves_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from leaves_in(value)


def _passage(tool: ToolFile, group: Group, *, start: int) -> Passage:
    sentences: list[Sentence] = []
    text = ""
    for leaf in group.leaves:
        text += "\n" if text else ""
        sentences += _sentences(leaf, at=len(text), running_text=group.running_text)
        text += leaf.text
    first = min(leaf.lines.first for leaf in group.leaves)
    last = max(leaf.lines.last for leaf in group.leaves)
    return Passage(
        id=passage_id(tool.id, "\n".join((*(step.text for step in group.headings), text))),
        document_id=tool.id,
        document_title=tool.title,
        kind=tool.kind,
        heading_path=group.headings,
        text=text,
        start=start,
        sentences=tuple(sentences),
        source=SourceSpan(tool.source, first, last),
    )


def _sentences(leaf: Leaf, *, at: int, running_text: bool) -> Iterator[Sentence]:
    """A leaf is quoted whole; a cell of running text, which may be long, sentence by sentence."""
    if not running_text:
        yield Sentence(at, at + len(leaf.text), leaf.label)
        return
    for line in re.finditer(r"[^\n]+", leaf.text):
        yield from sentences_of(line.group(), offset=at + line.start())


def _new_headings(shown: Sequence[Heading], wanted: Sequence[Heading]) -> Iterator[str]:
    common = 0
    while common < min(len(shown), len(wanted)) and shown[common] == wanted[common]:
        common += 1
    for depth, heading in enumerate(wanted[common:], common + 2):
        yield f"\n\n{'#' * depth} {heading.text}"


def _groups(data: Mapping[str, Any]) -> Iterator[Group]:
    if data.get("introduction"):
        yield Group((Heading("Introduction", editorial=True),), tuple(_leaf(item) for item in data["introduction"]))
    for phase in (*data.get("phases", ()), *data.get("question_phases", ())):
        for step in phase["steps"]:
            yield Group((_heading(phase["name"]), _heading(step["name"])), tuple(map(_leaf, step["prompts"])))
    for phase in data.get("indicator_phases", ()):
        name = _leaf(phase["name"])
        indicators = tuple(map(_leaf, phase["indicators"]))
        yield Group((Heading("Indicators", editorial=True), Heading(name.text)), (name, *indicators))
    for category in data.get("categories", ()):
        yield Group((_category_heading(category),), tuple(_question_leaf(item) for item in category["questions"]))
    if "organisations" in data:
        yield from _organisation_groups(data)
    for table in data.get("tables", ()):
        yield from _impact_table_groups(table)
    if "columns" in data:
        names = {column["id"]: column["name"]["text"] for column in data["columns"]}
        for row in data["rows"]:
            leaves = tuple(_cells(row["cells"], names))
            yield Group((Heading(leaves[0].text),) if leaves else (), leaves)


def _organisation_groups(data: Mapping[str, Any]) -> Iterator[Group]:
    """Tool 4: one passage a cell; the four short facts about an organisation together make one."""
    for organisation in data["organisations"]:
        name = _heading(organisation["name"])
        cells = [(row, row["cells"].get(organisation["id"])) for row in data["rows"]]
        short = [_leaf(cell, row["heading"]["text"]) for row, cell in cells if cell and row["id"] in _SHORT_ROWS]
        yield Group((name, Heading("Company characteristics")), tuple(short))
        for row, cell in cells:
            if cell and row["id"] not in _SHORT_ROWS:
                yield Group((name, _heading(row["heading"])), (_leaf(cell),), running_text=True)


def _impact_table_groups(table: Mapping[str, Any]) -> Iterator[Group]:
    """Tool 5: one passage a guiding principle, a sentence a strategy; the definitions first."""
    title = _heading(table["title"])
    names = {strategy["id"]: strategy["name"]["text"] for strategy in table["strategies"]}
    definitions = tuple(
        _leaf(strategy["definition"], strategy["name"]["text"])
        for strategy in table["strategies"]
        if strategy.get("definition")
    )
    yield Group((title, Heading("Definition")), definitions)
    for principle in table["principles"]:
        yield Group((title, _heading(principle["name"])), tuple(_cells(principle["cells"], names)))


def _cells(cells: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Leaf]:
    for column, name in names.items():
        # A row of dots closes a table that print leaves open: nothing there to find or to quote.
        if cells.get(column) and letters_of(cells[column]["text"]):
            yield _leaf(cells[column], name)


def _category_heading(category: Mapping[str, Any]) -> Heading:
    return Heading(f"{category['id']} – {category['name']['text']}")


def _question_leaf(question: Mapping[str, Any]) -> Leaf:
    return _leaf(question, question["id"])


def _heading(leaf: Mapping[str, Any]) -> Heading:
    return Heading(leaf["text"])


def _leaf(data: Mapping[str, Any], label: str | None = None) -> Leaf:
    first, last = data["lines"]
    return Leaf(data["text"], LineRange(int(first), int(last)), label)
