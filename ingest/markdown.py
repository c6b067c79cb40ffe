"""Read a Markdown document of the corpus: front matter, headings, passages.

The format is described in corpus/README.md. One section (a heading and the blocks directly below it) is one passage,
unless it is so long that it has to be divided between two of its blocks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from ingest.alignment import LineRange
from ingest.sentences import sentences_of, starts_as_item
from silk_rag.documents import Document, DocumentKind, Heading, Passage, Sentence, SourceSpan
from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml

#: A section longer than this many words is divided; the longest single approach of the scoping paper has about 300.
LONGEST_PASSAGE_WORDS = 330
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(\s*\{editorial\})?\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or heading: `text[start:end]` of the document."""

    start: int
    end: int
    text: str
    level: int = 0
    editorial: bool = False


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands above a document's text."""

    id: str
    title: str
    kind: DocumentKind
    source: str
    lines: tuple[LineRange, ...]


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """A document file taken apart, before its passages are made."""

    path: Path
    front: FrontMatter
    body: str
    blocks: tuple[Block, ...]


def read_markdown(path: Path) -> MarkdownFile:
    """Take a document file apart. Raises CorpusInvalid, naming the file, when its front matter cannot be used."""
    text = path.read_text(encoding="utf-8")
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        raise CorpusInvalid(f"{path}: begin the file with front matter between two lines of '---'.")
    return MarkdownFile(path, _front_matter(path, head), body, tuple(_blocks(body)))


def document_from(file: MarkdownFile) -> Document:
    """Make the document of a file; its passages do not know their source lines yet (they are 0)."""
    passages = tuple(_passages(file))
    return Document(file.front.id, file.front.title, file.front.kind, file.body, passages, file.front.source)


def passage_id(document_id: str, text: str) -> str:
    """An id that stays as long as the text does: citations of an earlier index remain valid."""
    return f"{document_id}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _front_matter(path: Path, head: str) -> FrontMatter:
    try:
        values: dict[str, Any] = read_yaml(head)
        kind = values["kind"]
        if kind not in get_args(DocumentKind):
            raise CorpusInvalid(f"{path}: kind is {kind!r}; use one of {', '.join(get_args(DocumentKind))}.")
        ranges = tuple(LineRange(int(first), int(last)) for first, last in values["lines"])
        return FrontMatter(
            str(values["id"]), str(values["title"]), cast("DocumentKind", kind), str(values["source"]), ranges
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise CorpusInvalid(f"{path}: the front matter needs id, title, kind, source and lines ({error}).") from error


def _blocks(body: str) -> Iterator[Block]:
    for match in re.finditer(r"[^\n]+(?:\n[^\n]+)*", body):
        text = match.group()
        heading = _HEADING.match(text)
        if heading:
            level, editorial = len(heading.group(1)), heading.group(3) is not None
            yield Block(match.start(), match.end(), heading.group(2), level, editorial)
        else:
            yield Block(match.start(), match.end(), text)


def _passages(file: MarkdownFile) -> Iterator[Passage]:
    path: list[Block] = []
    section: list[Block] = []
    for block in (*file.blocks, Block(0, 0, "", level=1)):
        if not block.level:
            section.append(block)
            continue
        for part in _divide(section):
            yield _passage(file, path, part)
        section = []
        path = [*(step for step in path if step.level < block.level), block]


def _passage(file: MarkdownFile, path: Sequence[Block], blocks: Sequence[Block]) -> Passage:
    start, end = blocks[0].start, blocks[-1].end
    text = file.body[start:end]
    sentences: list[Sentence] = []
    for block in blocks:
        sentences.extend(sentences_of(block.text, offset=block.start - start))
    return Passage(
        id=passage_id(file.front.id, text),
        document_id=file.front.id,
        document_title=file.front.title,
        kind=file.front.kind,
        heading_path=tuple(Heading(step.text, editorial=step.editorial) for step in path if step.level > 1),
        text=text,
        start=start,
        sentences=tuple(sentences),
        source=SourceSpan(file.front.source, 0, 0),
    )


def _divide(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Cut a long section into parts of about equal length, never between a list and the line that leads to it."""
    if not blocks:
        return
    words = [len(block.text.split()) for block in blocks]
    parts = -(-sum(words) // LONGEST_PASSAGE_WORDS)
    target = sum(words) / parts
    part: list[Block] = []
    size = 0
    for block, count in zip(blocks, words, strict=True):
        if part and size + count / 2 > target and not starts_as_item(block.text):
            yield part
            part, size = [], 0
        part.append(block)
        size += count
    yield part
