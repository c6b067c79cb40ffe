"""What an answer says of itself: the other side of a contradiction, and what its evidence is."""

from __future__ import annotations

import pytest

from evals.metrics import invalid_citations
from silk_rag.answering.answer import Answer
from silk_rag.answering.attribution import attribution
from silk_rag.answering.view import reply_view
from silk_rag.bootstrap import Services


def _answer(services: Services, question: str) -> Answer:
    reply = services.assistant.ask(question)
    assert isinstance(reply, Answer)
    return reply


def test_an_answer_that_touches_a_contradiction_shows_the_other_side(services: Services) -> None:
    """CoopCycle was founded in 2016 and born in 2017: whoever quotes one is shown the other, with its place."""
    answer = _answer(services, "When was CoopCycle founded?")
    quotes = " ".join(citation.quote for citation in answer.citations)
    assert "2016" in quotes
    assert "2017" in quotes


def test_an_added_side_is_cited_like_every_sentence(services: Services) -> None:
    """The other sides carry valid citations, and the reader is told why they are there."""
    texts = {document.id: document.text for document in services.snapshot.documents.values()}
    questions = (
        "What is the social and solidarity economy?",
        "How many lessons were learned on strategies?",
        "For which organisations are intangible assets most useful?",
    )
    answers = [_answer(services, question) for question in questions]
    assert all(not invalid_citations(reply_view(answer), texts) for answer in answers)
    with_others = [answer for answer in answers if answer.otherwise]
    assert with_others
    assert all("do not agree with themselves" in answer.markdown for answer in with_others)


def test_an_answer_says_what_its_evidence_is(services: Services) -> None:
    """One case is not several, and a general statement is no case at all."""
    one = _answer(services, "What does the case grid say about the growth of jobs at Mondragon?")
    assert one.basis is not None
    assert "Mondragon" in one.basis
    general = _answer(services, "What is a joint venture?")
    assert general.basis is not None
    assert general.basis.startswith("Evidence:")


@pytest.mark.parametrize("question", ["What is an SSEO?", "What does PLP mean?", "What is GECES?"])
def test_an_abbreviation_of_the_papers_is_explained(services: Services, question: str) -> None:
    """However short the question, and whether or not a model knows the abbreviation."""
    assert _answer(services, question).citations


def test_other_columns_than_the_one_asked_for_stay_out(services: Services) -> None:
    """Who asks about spin-offs in Tool 5 is not told about mergers."""
    answer = _answer(services, "What does Tool 5 say about spin-offs and democratic governance?")
    labels = {
        sentence.label
        for citation in answer.citations
        if citation.passage.document_id == "tool-5"
        for sentence in citation.passage.sentences
        if citation.start <= sentence.start < citation.end
    }
    assert labels == {"Spin-off"}


def test_a_passage_is_not_a_case_s_words_because_it_mentions_the_case(services: Services) -> None:
    """A general list that names an organisation in passing keeps its own place as its speaker."""
    for passage in services.snapshot.passages:
        if passage.document_id == "annex-good-practices" and passage.cases == ("mondragon",):
            for sentence in passage.sentences:
                words = " ".join((passage.text[:120], *(h.text for h in passage.heading_path), passage.quote(sentence)))
                speaker = attribution(passage, sentence, services.assistant.cases)
                assert (speaker == "Mondragon") == ("ondrag" in words)
