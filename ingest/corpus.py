"""Read the whole corpus: documents with passages that know their source lines and their cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest import markdown, tools
from ingest.alignment import SourceLetters, align
from silk_rag.cases import Case, cases_mentioned, read_cases
from silk_rag.documents import Document, Passage, SourceSpan
from silk_rag.errors import CorpusInvalid


def corpus_files(corpus: Path) -> list[Path]:
    """Every document, tool and table that holds the papers' words, in a fixed order."""
    names = sorted((corpus / "tools").glob("t*.yaml"))
    tool_files = [path for path in names if path.stem.removeprefix("tool-").removeprefix("table-").isdigit()]
    return [*sorted((corpus / "documents").glob("*.md")), *tool_files]


def read_corpus(corpus: Path) -> list[Document]:
    """All documents of the corpus. Raises CorpusInvalid, naming the file, when one cannot be read."""
    files = corpus_files(corpus)
    if not files:
        raise CorpusInvalid(f"{corpus}: no documents here. Run from the project's folder, or set SILK_CORPUS.")
    cases = read_cases(corpus / "cases.yaml")
    return [_with_cases(document, cases) for document in (_read(path, corpus) for path in files)]


def corpus_hash(corpus: Path) -> str:
    """SHA-256 over the names and bytes of all files an index is made from."""
    digest = hashlib.sha256()
    questions = [*sorted(corpus.glob("unanswered.yaml")), *sorted((corpus / "questions").glob("*.yaml"))]
    for path in (*corpus_files(corpus), corpus / "cases.yaml", *questions):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path, corpus: Path) -> Document:
    if path.suffix == ".md":
        return _located(markdown.read_markdown(path), corpus)
    return tools.document_from(tools.read_tool(path))


def _located(file: markdown.MarkdownFile, corpus: Path) -> Document:
    """The document of a file, each passage with the source lines its words stand in."""
    document = markdown.document_from(file)
    lines = source_lines(corpus, file.front.source)
    source = SourceLetters(lines, file.front.lines)
    blocks = [block for block in file.blocks if not block.level]
    matches = align([block.text for block in blocks], source)
    spans = {block.start: match.used for block, match in zip(blocks, matches, strict=True)}
    passages = tuple(_with_span(passage, spans, source) for passage in document.passages)
    return replace(document, passages=passages)


def source_lines(corpus: Path, source: str) -> Sequence[str]:
    """The lines of a source as received; line 1 is at index 0."""
    return (corpus / "source" / f"{source}.txt").read_text(encoding="utf-8").split("\n")


def _with_span(passage: Passage, spans: dict[int, tuple[int, ...]], source: SourceLetters) -> Passage:
    end = passage.start + len(passage.text)
    used = [index for start, match in spans.items() if passage.start <= start < end for index in match]
    if not used:
        raise CorpusInvalid(
            f"{passage.document_id}: the passage that begins {passage.text[:60]!r} does not stand in the source lines "
            "its front matter names. Run `make verify-corpus`."
        )
    numbers = sorted({source.line_of(index) for index in used})
    return replace(passage, source=SourceSpan(passage.source.file, numbers[0], numbers[-1]))


def _with_cases(document: Document, cases: Iterable[Case]) -> Document:
    known = tuple(cases)
    passages = tuple(replace(passage, cases=cases_mentioned(passage, known)) for passage in document.passages)
    return replace(document, passages=passages)
