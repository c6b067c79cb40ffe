"""Every answer to every development question says only what the papers say, word for word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from evals.metrics import invalid_citations
from evals.samples import Sample, load_samples
from ingest.index import questions_for, unanswered_by
from silk_rag.answering.halves import MORE_WORDS, halves_of
from silk_rag.answering.phrases import phrases_in
from silk_rag.answering.view import reply_view
from silk_rag.bootstrap import Services
from silk_rag.documents import Document
from silk_rag.settings import Settings

CORPUS = Settings().corpus
SAMPLES = load_samples("dev")
#: An answer has some 150 words; a list that is quoted whole may lead a little beyond.
MOST_WORDS = 160


@pytest.fixture(scope="module")
def replies(services: Services) -> dict[str, dict[str, Any]]:
    """The reply to each question, asked once."""
    return {sample.id: reply_view(services.assistant.ask(sample.question)) for sample in SAMPLES}


def by_id(sample: Sample) -> str:
    """How a question is called in the list of tests."""
    return sample.id


def test_all_development_questions_are_here() -> None:
    """Ninety questions of the first set, eighty-six of the second."""
    assert len({sample.id for sample in SAMPLES}) == len(SAMPLES) == 176


@pytest.mark.parametrize("sample", SAMPLES, ids=by_id)
def test_every_sentence_is_quoted_from_the_papers(
    sample: Sample, replies: Mapping[str, Mapping[str, Any]], documents: Mapping[str, Document]
) -> None:
    """Each quote stands verbatim in its document and at its offsets; each sentence has a citation."""
    reply = replies[sample.id]
    assert invalid_citations(reply, {identity: document.text for identity, document in documents.items()}) == []
    passages = {passage.id: passage for document in documents.values() for passage in document.passages}
    for citation in reply["citations"]:
        passage, document = passages[citation["passage_id"]], documents[citation["document_id"]]
        start, end = passage.start + citation["start"], passage.start + citation["end"]
        assert document.text[start:end] == citation["quote"]
    used = {number for sentence in reply["sentences"] for number in sentence["citations"]}
    assert used == {citation["number"] for citation in reply["citations"]}


@pytest.mark.parametrize("sample", SAMPLES, ids=by_id)
def test_no_answer_says_the_same_twice(
    sample: Sample, replies: Mapping[str, Mapping[str, Any]], services: Services
) -> None:
    """The passages shown repeat none of each other, and no quotation comes twice."""
    reply = replies[sample.id]
    rows = services.snapshot.row_of
    groups = [services.retriever.groups[rows[passage["passage_id"]]] for passage in reply["passages"]]
    assert len(set(groups)) == len(groups)
    quotes = [citation["quote"] for citation in reply["citations"]]
    assert len(set(quotes)) == len(quotes)


@pytest.mark.parametrize("sample", SAMPLES, ids=by_id)
def test_an_answer_is_short_and_an_abstention_helps_on(
    sample: Sample, replies: Mapping[str, Mapping[str, Any]]
) -> None:
    """At most about 160 words, for two questions 190, and the other side of a contradiction; an abstention helps on."""
    reply = replies[sample.id]
    otherwise = phrases_in(reply["language"])["otherwise"]
    sentences = reply["sentences"][:-1] if otherwise in reply["answer"] else reply["sentences"]
    most = MOST_WORDS + MORE_WORDS * bool(halves_of(sample.question))
    assert sum(len(sentence["text"].split()) for sentence in sentences) <= most
    if reply["abstained"]:
        assert reply["reason"]
        assert reply["suggestions"]
        assert reply["citations"] == []
    else:
        assert reply["sentences"]
        assert reply["reason"] is None


def test_the_sentence_that_the_editors_named_answers_their_question(
    services: Services, documents: Mapping[str, Document]
) -> None:
    """Of every hundredth editors' question, nine in ten are answered from a sentence that they named for it."""
    passages = {passage.id: passage for document in documents.values() for passage in document.passages}
    questions = [(p, each) for p, asked in questions_for(CORPUS).items() for each in asked if each.answered_by]
    right = 0
    for identity, question in (sample := questions[::100]):
        reply = reply_view(services.assistant.ask(question.text))
        named = [passages[identity].quote(passages[identity].sentences[at - 1]) for at in question.answered_by]
        right += any(quote in citation["quote"] for citation in reply["citations"] for quote in named)
    assert right >= 0.9 * len(sample) > 0


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("How can a small co-op start without exporting?", "export"),
        ("Are there ways of growing abroad other than franchising?", "franchis"),
        ("Which strategies are there besides mergers?", "merge"),
    ],
)
def test_what_a_question_excludes_is_not_its_answer(services: Services, question: str, excluded: str) -> None:
    """An answer to "without exporting" does not open with exporting."""
    reply = reply_view(services.assistant.ask(question))
    assert not reply["abstained"]
    assert excluded not in reply["sentences"][0]["text"].casefold()


def test_what_is_known_to_have_no_answer_gets_none(services: Services) -> None:
    """Of every thirtieth question that the editors know the papers not to answer, nine in ten are refused."""
    sample = unanswered_by(CORPUS)[::30]
    refused = [reply_view(services.assistant.ask(question))["abstained"] for question in sample]
    assert sum(refused) >= 0.9 * len(sample) > 0


def test_what_the_editors_know_to_have_an_answer_gets_one(services: Services) -> None:
    """Of every hundredth editors' question that names its sentence, at most one in thirty is refused."""
    asked = [q.text for own in questions_for(CORPUS).values() for q in own if q.answered_by][::100]
    refused = [reply_view(services.assistant.ask(question))["abstained"] for question in asked]
    assert sum(refused) <= len(asked) / 30
