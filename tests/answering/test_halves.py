"""Questions that ask two things are answered in both; sentences that lead elsewhere are no answer."""

from __future__ import annotations

import pytest

from silk_rag.answering.answer import Answer
from silk_rag.answering.halves import halves_of
from silk_rag.bootstrap import Services


@pytest.mark.parametrize(
    ("question", "halves"),
    [
        ("Why did Mondragon go abroad, and what came of it?", ("Why did Mondragon go abroad?", "what came of it?")),
        (
            "Which actors must be brought in; at which stages does each take part?",
            ("Which actors must be brought in?", "at which stages does each take part?"),
        ),
        (
            "What exactly is the risk, and is there a looser option?",
            ("What exactly is the risk?", "is there a looser option?"),
        ),
        ("Which co-ops and mutuals have gone abroad?", ()),
        ("In the grid of cases, how is the legal form described?", ()),
        ("How and why do co-ops go abroad?", ()),
    ],
)
def test_two_questions_in_one_are_told_apart(question: str, halves: tuple[str, ...]) -> None:
    """Two things asked make two halves; two nouns, a place named first or two question words do not."""
    assert halves_of(question) == halves


def test_both_halves_are_answered(services: Services) -> None:
    """The better half does not crowd out the other."""
    reply = services.assistant.ask(
        "Why did the Social Enterprise Academy choose social franchising and how did it find its partners?"
    )
    assert isinstance(reply, Answer)
    assert "social licensing" in reply.markdown
    assert "Partners were sought" in reply.markdown


def test_no_answer_opens_by_pointing_to_a_list_elsewhere(services: Services) -> None:
    """What "the list below" points to stands in another passage: such a sentence says nothing."""
    for question in ("How can a small co-op start without exporting?", "What are the ways of going international?"):
        reply = services.assistant.ask(question)
        assert isinstance(reply, Answer)
        assert "list below" not in reply.markdown
