"""The OpenAI protocol, tried with the client that people use."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

QUESTION = "What is inward internationalisation?"


@pytest.fixture
def client(plain_url: str) -> openai.OpenAI:
    """A client of the assistant without a chat model."""
    return openai.OpenAI(base_url=f"{plain_url}/v1", api_key="any", max_retries=0)


def test_the_one_model_is_listed(client: openai.OpenAI) -> None:
    """Programs find its name by themselves."""
    assert [model.id for model in client.models.list()] == ["silk-papers"]
    assert client.models.retrieve("silk-papers").owned_by == "silk-rag"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_a_completion_is_the_answer_with_its_sources(client: openai.OpenAI) -> None:
    """Citations stand as footnotes in the text, and exactly, as data, beside it."""
    messages: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello?"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    completion = client.chat.completions.create(model="silk-papers", messages=messages, temperature=0.3, max_tokens=9)
    text = completion.choices[0].message.content or ""
    extra = completion.model_extra or {}
    assert completion.choices[0].finish_reason == "stop"
    assert text.startswith(extra["silk"]["answer"].split("\n")[0])
    assert extra["citations"]
    for citation in extra["citations"]:
        assert f"[{citation['number']}]" in text
        assert " ".join(citation["quote"].split())[:40] in text
    assert "silk-2022.txt, lines " in text


def test_a_streamed_completion_says_the_same(client: openai.OpenAI) -> None:
    """Its pieces make the same text; the last chunk has the citations."""
    messages: Any = [{"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(model="silk-papers", messages=messages)
    chunks = list(client.chat.completions.create(model="silk-papers", messages=messages, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert (chunks[-1].model_extra or {})["citations"] == (whole.model_extra or {})["citations"]


def test_a_question_may_lean_on_the_messages_before_it(client: openai.OpenAI) -> None:
    """Programs of this protocol send the whole conversation: "and in Mexico?" is read with what was asked before."""
    before: Any = [
        {"role": "user", "content": "Hello!"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "Why did Equal Exchange start with coffee?"},
        {"role": "assistant", "content": "Because ..."},
        {"role": "user", "content": "And who are its partners?"},
    ]
    leaning = client.chat.completions.create(model="silk-papers", messages=before)
    extra = (leaning.model_extra or {})["silk"]
    assert extra["following"] == "Why did Equal Exchange start with coffee?"
    assert any("Equal Exchange" in str(citation) for citation in extra["citations"])
    alone = client.chat.completions.create(model="silk-papers", messages=before[:1] + before[-1:])
    assert (alone.model_extra or {})["silk"]["following"] is None


def test_an_abstention_has_no_footnotes(client: openai.OpenAI) -> None:
    """It says so, as any answer."""
    messages: Any = [{"role": "user", "content": "Which team won the football world cup in 1998?"}]
    completion = client.chat.completions.create(model="silk-papers", messages=messages)
    assert (completion.model_extra or {})["silk"]["abstained"]
    assert "---" not in (completion.choices[0].message.content or "")


@pytest.mark.parametrize("content", ["", "  ", "x" * 5_000])
def test_errors_have_the_protocol_s_shape(client: openai.OpenAI, content: str) -> None:
    """The client raises what it raises for OpenAI, with our message, streamed or not."""
    messages: Any = [{"role": "user", "content": content}]
    for stream in (True, False):
        with pytest.raises(openai.UnprocessableEntityError, match="question"):
            client.chat.completions.create(model="silk-papers", messages=messages, stream=stream)


def test_what_is_no_request_is_refused(client: openai.OpenAI, plain_url: str) -> None:
    """No messages, none of a user, no JSON, too much."""
    nobody: Any = [{"role": "assistant", "content": "Hello."}]
    with pytest.raises(openai.BadRequestError, match="messages"):
        client.chat.completions.create(model="silk-papers", messages=[])
    with pytest.raises(openai.UnprocessableEntityError, match="user"):
        client.chat.completions.create(model="silk-papers", messages=nobody)
    broken = httpx.post(f"{plain_url}/v1/chat/completions", content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["error"]["type"]) == (400, "invalid_request_error")
    large: Any = [{"role": "user", "content": "x" * 1_100_000}]
    with pytest.raises(openai.APIStatusError) as too_large:
        client.chat.completions.create(model="silk-papers", messages=large)
    assert too_large.value.status_code == 413


def test_a_written_answer_comes_through_this_door_too(app_url: str, provider: Any, scripts: Any) -> None:
    """Whatever mode answers."""
    written = "Each cooperative of Coopcycle mutualises 2% of its income in exchange for a series of services [1]."
    provider.will(scripts.says_in_letters(written))
    client = openai.OpenAI(base_url=f"{app_url}/v1", api_key="any", max_retries=0)
    question = "What do the local bike-delivery co-ops pool with CoopCycle, and what do they get back for it?"
    messages: Any = [{"role": "user", "content": question}]
    completion = client.chat.completions.create(model="silk-papers", messages=messages)
    assert (completion.model_extra or {})["silk"]["mode"] == "generative"
    assert "tools" not in provider.requests[0]
