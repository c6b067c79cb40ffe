"""Which passages illuminate a question: the file, the quotations, and where the dialogue shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from silk_rag.assessment.illumination import Illumination
from silk_rag.assessment.links import LINKS_FILE, Links, load_links, quotation
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.documents import Passage, Sentence, SourceSpan
from silk_rag.errors import CorpusInvalid

Talks = Callable[..., Any]


def test_every_question_has_one_to_three_passages_that_exist(
    grid: Questionnaire, links: Links, passages: dict[str, Passage]
) -> None:
    """All 78 questions are illuminated; no link leads nowhere, none is given twice, and no stray question has any."""
    assert set(links.of_question) == set(grid.by_id)
    for question_id, listed in links.of_question.items():
        ids = [link.passage_id for link in listed]
        assert 1 <= len(ids) <= 3, question_id
        assert len(set(ids)) == len(ids), question_id
        assert [each for each in ids if each not in passages] == [], question_id
    assert all(link.passage_id in passages for link in links.balance)


def test_a_link_never_leads_to_the_grid_itself(links: Links, passages: dict[str, Passage]) -> None:
    """A question is not illuminated by being printed again."""
    assert not [
        link
        for listed in links.of_question.values()
        for link in listed
        if passages[link.passage_id].document_id == "tool-2"
    ]


def test_what_is_quoted_is_exactly_in_the_passage(
    grid: Questionnaire, links: Links, passages: dict[str, Passage]
) -> None:
    """Every quotation is the passage's own words between its offsets, whole words, and short enough to be read."""
    for question in grid.by_id.values():
        for link in links[question.id]:
            shown = quotation(passages[link.passage_id], link, question)
            assert shown.quote == shown.passage.text[shown.start : shown.end]
            assert shown.quote == shown.quote.strip()
            assert 20 <= len(shown.quote) <= 600, (question.id, len(shown.quote))


def test_the_sentence_that_fits_the_reason_is_quoted(links: Links, passages: dict[str, Passage]) -> None:
    """Of a long table cell only the sentences are shown that the editors mean."""
    (academy,) = [link for link in links["B13"] if passages[link.passage_id].document_id == "tool-4"]
    shown = quotation(passages[academy.passage_id], academy)
    assert shown.quote.startswith("The organisation was re-structured")
    assert shown.quote.endswith("in each location.")


def test_a_passage_without_sentences_is_quoted_whole(links: Links) -> None:
    """Nothing is invented where no sentence borders are known."""
    bare = Passage("p", "d", "D", "paper", (), "Some words.", 0, (), SourceSpan("s", 1, 1))
    assert quotation(bare, links["A1"][0]).quote == "Some words."
    one = Passage("p", "d", "D", "paper", (), "Some words.", 0, (Sentence(0, 11),), SourceSpan("s", 1, 1))
    assert quotation(one, links["A1"][0]).quote == "Some words."


def test_why_and_example_show_passages_with_citations(talk: Talks, passages: dict[str, Passage]) -> None:
    """Both give quotations in the contract's shape and stay at the question; nothing is recorded."""
    person = talk(scope=["C"])
    for said in ("why?", "example"):
        turn = person.say(said)
        assert turn.question["id"] == "C1"
        assert turn.recorded == []
        assert [each["number"] for each in turn.citations] == [1, 2]
        for citation in turn.citations:
            passage = passages[citation["passage_id"]]
            assert passage.text[citation["start"] : citation["end"]] == citation["quote"]
            assert set(citation) == {
                "number", "passage_id", "document_id", "document", "heading_path", "quote", "start", "end", "source"
            }  # fmt: skip
            assert f"[{citation['number']}]" in turn.reply


def test_an_example_tells_of_cases_first(talk: Talks, passages: dict[str, Passage]) -> None:
    """How did others do it: a passage that speaks of a case comes before one that does not."""
    person = talk(scope=["C"])
    first = person.say("example").citations[0]
    assert passages[first["passage_id"]].cases


def test_a_question_in_the_middle_still_goes_to_the_papers(talk: Talks) -> None:
    """Links do not replace the free question."""
    assert talk().say("What did KOICA do?").citations == [{"number": 1, "quote": "a quote"}]


def test_without_passages_an_example_is_looked_up(grid: Questionnaire) -> None:
    """Where the linked passages are not at hand nothing is shown, and the papers are asked instead."""
    assert Illumination().of(grid.by_id["A1"]) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("links: []", "map question ids"),
        ("links: {A1: [{passage: p}]}", "A1"),
        ("links: {A1: [{passage: p, why: w}, {passage: p, why: w}, {passage: p, why: w}, {passage: p, why: w}]}", "3"),
        ("links: {}\nbalance: 5", "balance"),
    ],
)
def test_a_broken_file_names_the_place(tmp_path: Path, content: str, said: str) -> None:
    """Who edits the file is told where it is wrong."""
    (tmp_path / LINKS_FILE).write_text(content)
    with pytest.raises(CorpusInvalid, match=said):
        load_links(tmp_path)
