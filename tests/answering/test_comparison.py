"""Questions that set things side by side get a table: a column for each, every cell quoted, empty cells said to be."""

from __future__ import annotations

import pytest

from evals.metrics import invalid_citations
from ingest.corpus import read_corpus
from silk_rag.answering.answer import Answer
from silk_rag.answering.view import reply_view
from silk_rag.bootstrap import Services
from silk_rag.strategies import read_strategies
from ui.plain import answer_plain
from ui.render import answer_message


def _compared(services: Services, question: str) -> Answer:
    reply = services.assistant.ask(question)
    assert isinstance(reply, Answer)
    assert reply.comparison is not None
    return reply


@pytest.mark.parametrize(
    ("question", "columns", "words"),
    [
        ("When were Mondragon and DA Group founded?", ("Mondragon", "DA Group"), ("1956", "1983")),
        (
            "Compare the state support for CoopCycle with that for Equal Exchange.",
            ("CoopCycle", "Equal Exchange"),
            ("France", "no policy support"),
        ),
        (
            "Compare franchising and licensing",
            ("Franchising", "Licensing"),
            ("social franchising", "licensing agreements"),
        ),
        (
            "How does a merger differ from a take-over for the say of the members?",
            ("Merger", "Acquisition or take-over"),
            ("members/owners in the absorbed part", "members/owners of the absorbed part"),
        ),
        (
            "Quelle différence entre une fusion et une franchise pour l'autonomie ?",
            ("Merger", "Spin-off"),
            ("autonomy of buyer", "franchisee"),
        ),
    ],
)
def test_what_is_compared_stands_side_by_side(
    services: Services, question: str, columns: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """Each thing has its column, in the order of the question, and the cell holds what the papers say of it."""
    answer = _compared(services, question)
    assert answer.comparison is not None
    assert answer.comparison.columns == columns
    first = answer.comparison.rows[0]
    for at, word in zip(first.cells, words, strict=True):
        assert at is not None
        assert word in answer.sentences[at].text


def test_every_cell_is_a_citation_and_an_empty_one_is_said_to_be(services: Services) -> None:
    """Tool 4 leaves two founding years open: the answer says so in those two cells, and quotes the other six."""
    answer = _compared(services, "When was each organisation in the grid founded?")
    texts = {document.id: document.text for document in services.snapshot.documents.values()}
    view = reply_view(answer)
    assert not invalid_citations(view, texts)
    (row,) = view["comparison"]["rows"]
    assert row["heading"] == "Founding year"
    years = [cell["text"] if cell else None for cell in row["cells"]]
    assert years == ["1991", "1986", "2016", None, "1983", None, "1956", "2004"]
    assert all(cell["citations"] for cell in row["cells"] if cell)
    for shown in (
        answer.markdown,
        answer_message(answer, services.snapshot.documents, anchor="a"),
        answer_plain(answer),
    ):
        assert shown.count("not reported") == 2
        assert "1956" in shown


@pytest.mark.parametrize(
    "question",
    [
        "Which overseas openings of the Social Enterprise Academy did Scotland's head of government turn up to?",
        "Why did CoopCycle choose Mexico for its trial run?",
        "What is a merger?",
    ],
)
def test_a_question_that_compares_nothing_gets_no_table(services: Services, question: str) -> None:
    """Two names in a question do not make a comparison."""
    reply = services.assistant.ask(question)
    assert getattr(reply, "comparison", None) is None


def test_the_strategies_are_the_columns_of_tool_5(services: Services) -> None:
    """A misspelt name would never find its column."""
    corpus = services.settings.corpus
    names = {strategy.name for strategy in read_strategies(corpus / "strategies.yaml")}
    tool = next(document for document in read_corpus(corpus) if document.id == "tool-5")
    assert names == {sentence.label for passage in tool.passages for sentence in passage.sentences}


def test_the_approaches_are_headings_of_the_scoping_paper(services: Services) -> None:
    """One that stands under no heading would be told apart by its words alone."""
    corpus = services.settings.corpus
    paper = next(document for document in read_corpus(corpus) if document.id == "scoping-paper")
    headings = [heading.text for passage in paper.passages for heading in passage.heading_path]
    approaches = read_strategies(corpus / "strategies.yaml", "approaches")
    assert approaches
    assert all(any(approach.pattern.search(heading) for heading in headings) for approach in approaches)
