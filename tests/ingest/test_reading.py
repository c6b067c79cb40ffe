"""A corpus file that cannot be read says which file, which place and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ingest.corpus import read_corpus
from ingest.markdown import document_from, read_markdown
from ingest.questions import EditorsQuestion, answering_sentences, questions_by_passage
from ingest.tools import read_tool
from silk_rag.cases import read_cases
from silk_rag.contradictions import read_contradictions
from silk_rag.documents import Document
from silk_rag.errors import CorpusInvalid
from silk_rag.settings import Settings

CORPUS = Settings().corpus
FRONT = "---\nid: a\ntitle: A\nkind: paper\nsource: silk-2022\nlines: [[1, 2]]\n---\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# A\n", "begin the file with front matter"),
        ("---\nid: a\n", "begin the file with front matter"),
        (FRONT.replace("kind: paper", "kind: novel"), "kind is 'novel'; use one of paper, case, tool"),
        (FRONT.replace("kind: paper\n", ""), "needs id, title, kind, source and lines .'kind'"),
        (FRONT.replace("[[1, 2]]", "[[1]]"), "needs id, title, kind, source and lines"),
        (FRONT.replace("title: A", "title: [A"), "line 3"),
        (FRONT.replace("id: a", "- a"), "needs id, title, kind, source and lines"),
    ],
)
def test_bad_front_matter_is_named(tmp_path: Path, content: str, said: str) -> None:
    """The message names the file and what is missing or wrong in its front matter."""
    path = tmp_path / "a.md"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=said) as raised:
        read_markdown(path)
    assert str(path) in raised.value.message


def test_a_section_is_a_passage(tmp_path: Path) -> None:
    """Headings make the path, their blocks the passage; what editors added is marked."""
    path = tmp_path / "a.md"
    path.write_text(f"{FRONT}# A\n\n## Part\n\n### Piece {{editorial}}\n\nOne. Two.\n\n● Three\n", encoding="utf-8")
    (passage,) = document_from(read_markdown(path)).passages
    assert [(step.text, step.editorial) for step in passage.heading_path] == [("Part", False), ("Piece", True)]
    assert passage.text == "One. Two.\n\n● Three"
    assert [passage.quote(sentence) for sentence in passage.sentences] == ["One.", "Two.", "Three"]


def test_a_long_section_is_divided_between_paragraphs(tmp_path: Path) -> None:
    """A section of three long paragraphs becomes passages of whole paragraphs, none of them empty."""
    blocks = [f"Paragraph {number}: " + "word " * 149 + "end." for number in range(3)]
    path = tmp_path / "a.md"
    path.write_text(f"{FRONT}# A\n\n" + "\n\n".join(blocks) + "\n", encoding="utf-8")
    passages = document_from(read_markdown(path)).passages
    assert len(passages) == 2
    assert "\n\n".join(passage.text for passage in passages) == "\n\n".join(blocks)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("title:", "name:", 1), "KeyError: 'title'"),
        (lambda text: text.replace("categories:", "categories: [", 1), r"line \d+, column \d+"),
        (lambda text: text.replace("lines: [[", "lines: [[x, ", 1), "is missing or misspelt"),
        (lambda _: "- just\n- a list\n", "is missing or misspelt"),
        (lambda _: "", "is missing or misspelt"),
    ],
)
def test_a_bad_tool_is_named(tmp_path: Path, change: Callable[[str], str], said: str) -> None:
    """A tool that lacks a part or is no YAML names its file and the place."""
    path = tmp_path / "tool-2.yaml"
    path.write_text(change((CORPUS / "tools" / "tool-2.yaml").read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=said) as raised:
        read_tool(path)
    assert str(path) in raised.value.message


@pytest.mark.parametrize(
    "content",
    [
        "- questions: [a]\n",
        "- passage: a\n  questions: 5\n",
        "- passage: a\n  questions: [{by: [1]}]\n",
        "- passage: a\n  questions: [{ask: b, by: [first]}]\n",
        "- passage: [\n",
        "5\n",
    ],
)
def test_a_bad_file_of_questions_is_named(tmp_path: Path, content: str) -> None:
    """Editors learn which of their files is broken, and what an entry needs."""
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="each entry needs a passage id and a list of questions") as raised:
        questions_by_passage(tmp_path)
    assert str(path) in raised.value.message


def test_a_question_answered_by_a_sentence_that_is_not_there_is_named(documents: Mapping[str, Document]) -> None:
    """A sentence number beyond the passage names the passage and the question."""
    passage = documents["foreword"].passages[0]
    asked = EditorsQuestion("Who wrote it?", (len(passage.sentences) + 1,))
    with pytest.raises(CorpusInvalid, match="Who wrote it") as raised:
        answering_sentences([passage], {passage.id: [asked]})
    assert passage.id in raised.value.message


@pytest.mark.parametrize("content", ["cases:\n- id: a\n", "other: 1\n", "cases: [\n", "- 1\n"])
def test_a_bad_file_of_cases_is_named(tmp_path: Path, content: str) -> None:
    """A case without its facts names the file."""
    path = tmp_path / "cases.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="each case needs id, name, kind") as raised:
        read_cases(path)
    assert str(path) in raised.value.message


def test_a_missing_file_of_cases_is_named(tmp_path: Path) -> None:
    """A corpus without cases.yaml says which file it misses."""
    with pytest.raises(CorpusInvalid, match=r"cases\.yaml"):
        read_cases(tmp_path / "cases.yaml")


@pytest.mark.parametrize("content", ["contradictions:\n- id: a\n", "other: 1\n", "contradictions: [\n"])
def test_a_bad_file_of_contradictions_is_named(tmp_path: Path, content: str) -> None:
    """An entry without its sides names the file; no file at all means no contradictions."""
    path = tmp_path / "contradictions.yaml"
    assert read_contradictions(path) == ()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="each entry needs id, kind, topic and sides") as raised:
        read_contradictions(path)
    assert str(path) in raised.value.message


def test_a_folder_without_documents_is_no_corpus(tmp_path: Path) -> None:
    """Whoever starts in the wrong folder is told what to do."""
    with pytest.raises(CorpusInvalid, match="Run from the project's folder, or set SILK_CORPUS"):
        read_corpus(tmp_path)
