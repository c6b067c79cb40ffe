"""Answers while they are written: the assistant works in a thread, what it says comes out as an asynchronous stream.

A reader who goes away is noticed within a moment, and with the reader the call to a chat model ends.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from fastapi import Request

from silk_rag.answering.answer import Answer, Citation, Reply
from silk_rag.answering.layout import lay_out
from silk_rag.answering.ports import Audience
from silk_rag.answering.view import citation_view, reply_view
from silk_rag.errors import SilkError

#: What is asked of the assistant, once it is known who listens.
Question = Callable[[Audience], Reply]
MEDIA_TYPE = "text/event-stream"
#: A proxy must not keep events back, nor a browser answers.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
UNEXPECTED = {"code": "unexpected", "detail": "Something went wrong here; nothing was lost."}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A further stretch of an answer's Markdown and the citations that are new in it."""

    text: str
    citations: Sequence[Citation]


async def stretches(question: Question) -> AsyncIterator[Stretch | Reply]:
    """The answer stretch by stretch, then the reply itself; the stretches together are exactly its Markdown.

    Closed or cancelled before its end, it lets go of the assistant.
    """
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[Stretch | None] = asyncio.Queue()
    gone = threading.Event()

    def hear(text: str, citations: Sequence[Citation]) -> None:
        loop.call_soon_threadsafe(heard.put_nowait, Stretch(text, tuple(citations)))

    def work() -> Reply:
        try:
            return question(Audience(hear, gone.is_set))
        finally:
            loop.call_soon_threadsafe(heard.put_nowait, None)

    working = asyncio.ensure_future(anyio.to_thread.run_sync(work, abandon_on_cancel=True))
    said, sent = "", 0
    try:
        while (stretch := await heard.get()) is not None:
            said += stretch.text
            sent += len(stretch.citations)
            yield stretch
        reply = await working
        for rest in _unheard(reply, said, sent):
            yield rest
        yield reply
    finally:
        gone.set()
        working.cancel()


async def attended(question: Question, request: Request) -> Reply:
    """The reply in one piece; the work ends early when the client goes away."""
    gone = threading.Event()
    audience = Audience(has_left=gone.is_set)
    working = asyncio.ensure_future(anyio.to_thread.run_sync(question, audience, abandon_on_cancel=True))
    leaving = asyncio.ensure_future(_until_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            gone.set()
        return await working
    finally:
        gone.set()
        leaving.cancel()


async def _until_disconnected(request: Request) -> None:
    """Wait for the message that says so: `request.is_disconnected()` sees nothing of it through a middleware."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def server_sent_events(question: Question, conversation_id: str) -> AsyncIterator[str]:
    """The events of `POST /api/v1/ask` with stream=true: citation and token, at the end done, or error.

    A citation comes before the token whose mark names it. `done` holds what the request without stream gives.
    """
    try:
        async for part in stretches(question):
            if isinstance(part, Stretch):
                for citation in part.citations:
                    yield _event("citation", citation_view(citation))
                yield _event("token", {"text": part.text})
            else:
                yield _event("done", {"conversation_id": conversation_id, **reply_view(part)})
    except SilkError as error:
        yield _event("error", {"code": error.code, "detail": error.message})
    except Exception:
        # The status has been sent: the reader is told here, the error is reported where all are.
        yield _event("error", UNEXPECTED)
        raise


def _event(kind: str, data: Mapping[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _unheard(reply: Reply, said: str, sent: int) -> Iterator[Stretch]:
    """What of a finished reply was not said yet: sentence by sentence, then whatever stands after them.

    Citations are numbered in the order of their use, so the first `sent` of them are known.
    """
    citations = reply.citations if isinstance(reply, Answer) else ()
    sentences = reply.sentences if isinstance(reply, Answer) and not said else ()
    for count, sentence in enumerate(sentences, start=1):
        text = lay_out(sentences[:count])
        if not reply.markdown.startswith(text):
            break  # laid out in another way: it comes in one piece
        used = max(sent, *sentence.citations)
        yield Stretch(text[len(said) :], citations[sent:used])
        said, sent = text, used
    if len(reply.markdown) > len(said):
        yield Stretch(reply.markdown[len(said) :], citations[sent:])
