"""The retriever and the assistant as LangChain users meet them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from silk_rag.answering.view import reply_view
from silk_rag.bootstrap import Services
from silk_rag.chain import SilkRetriever, assistant_chain
from silk_rag.errors import InvalidInput

QUESTION = "What is inward internationalisation?"
OFF_TOPIC = "How do I bake sourdough bread?"


@pytest.fixture(scope="module")
def retriever(services: Services) -> SilkRetriever:
    """The retriever over the real index."""
    return SilkRetriever(retriever=services.retriever, k=4)


def without_timings(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply without what differs from one call to the next."""
    return {name: value for name, value in reply.items() if name != "timings_ms"}


def test_the_retriever_gives_documents_with_their_place(retriever: SilkRetriever, services: Services) -> None:
    """Each document is a passage, with all that is needed to show where it stands."""
    documents = retriever.invoke(QUESTION)
    assert len(documents) == 4
    for document in documents:
        passage = services.snapshot.passages[services.snapshot.row_of[document.metadata["passage_id"]]]
        assert (document.id, document.page_content) == (passage.id, passage.text)
        assert document.metadata["document_id"] == passage.document_id
        assert document.metadata["document"] == passage.document_title
        assert document.metadata["heading_path"] == [heading.text for heading in passage.heading_path]
        assert document.metadata["source"] == "silk-2022.txt"
        assert document.metadata["place"] == passage.source.place
        assert document.metadata["first_line"] <= document.metadata["last_line"]
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)


def test_the_retriever_finds_what_the_library_finds(retriever: SilkRetriever, services: Services) -> None:
    """LangChain users get the same passages in the same order."""
    expected = services.retriever.retrieve(services.retriever.understand(QUESTION), 4)
    assert [document.id for document in retriever.invoke(QUESTION)] == [result.passage.id for result in expected]


def test_the_retriever_can_be_batched_and_awaited(retriever: SilkRetriever) -> None:
    """Batches and asynchronous calls give what single calls give."""
    questions = [QUESTION, "Who supports co-operatives abroad?"]
    single = [retriever.invoke(question) for question in questions]
    assert retriever.batch(questions) == single
    # In a thread of its own: a browser test before this one may have left a running loop in the main thread.
    with ThreadPoolExecutor(max_workers=1) as pool:
        awaited = pool.submit(lambda: asyncio.run(retriever.abatch(questions))).result()
    assert awaited == single


@pytest.mark.parametrize("k", [0, 51, "many"])
def test_a_k_out_of_range_is_refused(services: Services, k: Any) -> None:
    """A retriever that could not work is not made."""
    with pytest.raises(ValidationError, match="k"):
        SilkRetriever(retriever=services.retriever, k=k)


def test_only_a_retriever_can_be_wrapped() -> None:
    """Whoever gives something else learns it when making it, not when asking."""
    with pytest.raises(ValidationError, match="Retriever"):
        SilkRetriever(retriever="no retriever")  # type: ignore[arg-type]


def test_the_retriever_shows_itself_in_one_line(retriever: SilkRetriever) -> None:
    """Printing it does not print the index."""
    assert len(repr(retriever)) < 200


@pytest.mark.parametrize("question", ["", "   ", "\u200b", "a" * 4001])
def test_a_question_that_cannot_be_read_is_refused(retriever: SilkRetriever, services: Services, question: str) -> None:
    """Both faces refuse what the API refuses, naming the field."""
    for face in (retriever, assistant_chain(services.assistant)):
        with pytest.raises(InvalidInput) as raised:
            face.invoke(question)
        assert raised.value.field == "question"


def test_the_chain_replies_as_the_api_does(services: Services) -> None:
    """Text or a dict goes in, the reply of the HTTP contract comes out."""
    chain = assistant_chain(services.assistant)
    expected = without_timings(reply_view(services.assistant.ask(QUESTION, k=3)))
    assert without_timings(chain.invoke({"question": QUESTION, "k": 3})) == expected
    assert not chain.invoke(QUESTION)["abstained"]


def test_the_chain_can_be_batched(services: Services) -> None:
    """Several questions at once, answered in order; abstaining is an answer like any other."""
    replies = assistant_chain(services.assistant).batch([QUESTION, {"question": OFF_TOPIC}])
    assert [reply["abstained"] for reply in replies] == [False, True]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "question"),
        ({"question": 5}, "question"),
        ({"question": QUESTION, "top_k": 3}, "top_k"),
        ({"k": 1}, "question"),
    ],
)
def test_the_chain_names_what_is_wrong_with_its_input(services: Services, given: dict[str, Any], field: str) -> None:
    """A dict that is no question names the field."""
    with pytest.raises(InvalidInput) as raised:
        assistant_chain(services.assistant).invoke(given)
    assert raised.value.field == field


def test_both_fit_into_a_chain(retriever: SilkRetriever, services: Services) -> None:
    """A small chain, written the way LangChain users write it, runs from question to text."""

    def titles(documents: list[Document]) -> str:
        return "; ".join(document.metadata["document"] for document in documents)

    reply_text = assistant_chain(services.assistant) | RunnableLambda(lambda reply: reply["answer"])
    chain = {"places": retriever | titles, "answer": reply_text, "question": RunnablePassthrough()} | RunnableLambda(
        lambda parts: f"{parts['question']}\n{parts['answer']}\nSee: {parts['places']}"
    )
    text = chain.invoke(QUESTION)
    assert text.startswith(QUESTION)
    assert "[1]" in text
    assert "See: " in text
