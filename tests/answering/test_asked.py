"""What a question asks for, without the words that ask the papers for it."""

from __future__ import annotations

import pytest

from silk_rag.answering.answer import Answer
from silk_rag.answering.asked import without_frame
from silk_rag.bootstrap import Services


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What do the papers say about franchising?", "franchising?"),
        ("According to the SILK papers, what should a co-op measure?", "what should a co-op measure?"),
        ("Do these documents say anything on governance abroad?", "governance abroad?"),
        ("Members fear for our mission. What do the papers say?", "Members fear for our mission"),
        ("What is social licensing, according to the papers?", "What is social licensing"),
        ("What do the papers say?", "What do the papers say?"),
        ("What do the papers say about it?", "What do the papers say about it?"),
        ("What do the papers recommend to policy makers?", "What do the papers recommend to policy makers?"),
        ("Who wrote the scoping paper?", "Who wrote the scoping paper?"),
    ],
)
def test_the_frame_is_left_out(question: str, asked: str) -> None:
    """Only where something is left to ask for."""
    assert without_frame(question) == asked


def test_the_papers_are_not_asked_about_papers(services: Services) -> None:
    """The answer is the one to the bare question, under the words that were typed."""
    typed = "We are a care co-op and members fear for our mission. What do the papers say?"
    framed = services.assistant.ask(typed)
    bare = services.assistant.ask("We are a care co-op and members fear for our mission")
    assert isinstance(framed, Answer)
    assert framed.question == typed
    assert framed.markdown == bare.markdown
    assert "mission" in framed.citations[0].quote
