"""Streamed answers: whole, in order, never taken back, and nobody is written to who has left."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

QUESTION = "What do the local bike-delivery co-ops pool with CoopCycle, and what do they get back for it?"
OFF_TOPIC = "Which team won the football world cup in 1998?"
WRITTEN = "Each cooperative of Coopcycle mutualises 2% of its income in exchange for a series of services [1]."


def events_of(body: str) -> list[tuple[str, Any]]:
    """The events of a stream, each with its data."""
    events = []
    for block in body.strip().split("\n\n"):
        kind, data = block.split("\n")
        events.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def ask(url: str, question: str, *, stream: bool = True) -> httpx.Response:
    """One question."""
    return httpx.post(f"{url}/api/v1/ask", json={"question": question, "stream": stream}, timeout=60)


def check(events: list[tuple[str, Any]]) -> dict[str, Any]:
    """What holds for every stream that ends well; what `done` holds."""
    kinds = [kind for kind, _ in events]
    assert kinds[-1] == "done"
    assert kinds.count("done") == 1
    done: dict[str, Any] = events[-1][1]
    assert "".join(data["text"] for kind, data in events if kind == "token") == done["answer"]
    assert [data for kind, data in events if kind == "citation"] == done["citations"]
    known: set[int] = set()
    for kind, data in events[:-1]:
        if kind == "citation":
            known.add(data["number"])
        else:
            assert all(number in known for number in range(1, 99) if f" [{number}]" in data["text"])
    return done


@pytest.mark.parametrize("question", [QUESTION, OFF_TOPIC])
def test_an_extractive_answer_streams_in_whole_sentences(plain_url: str, question: str) -> None:
    """Its stretches are its Markdown, a citation comes before its mark, and done holds what is asked for otherwise."""
    response = ask(plain_url, question)
    assert response.headers["content-type"].startswith("text/event-stream")
    done = check(events_of(response.text))
    whole = ask(plain_url, question, stream=False).json()
    for own in ("timings_ms", "conversation_id"):
        done.pop(own), whole.pop(own)
    assert done == whole


def test_a_written_answer_streams_what_stays(app_url: str, provider: Any, scripts: Any) -> None:
    """A sentence that fails is never seen, in no event."""
    provider.will(scripts.says_in_letters(f"{WRITTEN} The fee is 91% of everything [1]."), scripts.says("Nothing."))
    body = ask(app_url, QUESTION).text
    done = check(events_of(body))
    assert done["mode"] == "generative"
    assert "91%" not in body.replace("91%25", "")
    assert "mutualises 2%" in done["answer"]


def test_sentences_come_before_the_reply_is_over(app_url: str, provider: Any, scripts: Any) -> None:
    """The first sentence is heard while the model still writes."""
    provider.will(scripts.hangs_after(f"{WRITTEN} And then"))
    with httpx.stream("POST", f"{app_url}/api/v1/ask", json={"question": QUESTION, "stream": True}, timeout=30) as got:
        first = next(line for line in got.iter_lines() if line == "event: token")
        assert first
        assert not provider.hung_up.is_set()


def test_trouble_with_the_model_streams_the_papers(app_url: str, provider: Any, scripts: Any) -> None:
    """The stream ends with an answer and its notice."""
    provider.will(scripts.refuses(500))
    done = check(events_of(ask(app_url, QUESTION).text))
    assert done["mode"] == "extractive"
    assert done["notice"]
    assert done["notice"] in done["answer"]


def test_a_refusal_of_the_model_is_told_beside_the_quotations(app_url: str, provider: Any, scripts: Any) -> None:
    """What the papers say nearest is quoted, and the notice says that the model found no answer in it."""
    provider.will(scripts.says("The papers do not say."))
    done = check(events_of(ask(app_url, QUESTION).text))
    assert (done["abstained"], done["mode"]) == (False, "extractive")
    assert "found no answer" in done["notice"]
    assert done["citations"]


def test_abstaining_asks_no_model(app_url: str, provider: Any, scripts: Any) -> None:
    """What the papers do not deal with is not sent anywhere."""
    provider.will(scripts.says(WRITTEN))
    assert ask(app_url, OFF_TOPIC, stream=False).json()["abstained"]
    assert provider.requests == []


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_away_ends_the_call(app_url: str, provider: Any, scripts: Any, *, stream: bool) -> None:
    """The provider's connection is closed within a second or so."""
    provider.will(scripts.dribbles("word ", 0.05))
    body = {"question": QUESTION, "stream": stream}
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=httpx.Timeout(30, read=3)) as client:
        client.post(f"{app_url}/api/v1/ask", json=body).read()
    left = time.monotonic()
    assert provider.requests
    assert provider.hung_up.wait(3)
    assert time.monotonic() - left < 3


def test_a_bad_question_is_refused_before_the_stream(plain_url: str) -> None:
    """A problem document, not an event."""
    response = ask(plain_url, "  ")
    assert response.status_code == 422
    assert response.json()["field"] == "question"
