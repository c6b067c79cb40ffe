"""The OpenAI protocol: programs made for it can ask the assistant like a chat model.

`POST /v1/chat/completions` answers the last user message, in one piece or streamed; `GET /v1/models` names the one
model there is. Citations stand in the text as footnotes, and as data in the extra field `citations`; the whole reply,
as `POST /api/v1/ask` gives it, is in `silk`. Sampling parameters and tools are accepted and have no effect.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from silk_rag.answering.answer import Answer, Citation, Reply
from silk_rag.answering.assistant import Assistant, clean_question
from silk_rag.answering.attribution import place_name
from silk_rag.answering.conversation import small_talk
from silk_rag.answering.ports import Audience
from silk_rag.answering.view import reply_view
from silk_rag.api.problems import STATUS
from silk_rag.api.streaming import HEADERS, MEDIA_TYPE, UNEXPECTED, Question, Stretch, attended, stretches
from silk_rag.errors import InvalidInput, SilkError

MODEL = "silk-papers"
#: So many of the user's earlier messages lend a question context.
MOST_EARLIER = 5
_LINK = re.compile(r"\]\(")
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")


class ContentPart(BaseModel):
    """One part of a message; only text is read."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """A message of the conversation so far."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """Its words."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in ("text", "input_text"))
        return self.content or ""


class ChatRequest(BaseModel):
    """What is read of a request; all else that the protocol knows is accepted and ignored."""

    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1_000)]
    model: str = MODEL
    stream: bool = False


class _OpenAIRoute(APIRoute):
    """Errors in the shape that clients of the protocol expect, not as problem documents."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the errors rendered."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except SilkError as error:
                status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
                return _error(status, error.code, error.message, getattr(error, "field", None))
            except RequestValidationError as error:
                fault = error.errors()[0]
                place = ".".join(str(part) for part in fault["loc"] if part != "body")
                return _error(HTTPStatus.BAD_REQUEST, "invalid-input", f"{place or 'body'}: {fault['msg']}", place)

        return handled


def openai_router(assistant: Callable[[], Assistant]) -> APIRouter:
    """The routes of the OpenAI protocol; each request asks once for the assistant in use."""
    router = APIRouter(prefix="/v1", tags=["OpenAI protocol"], route_class=_OpenAIRoute)

    @router.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "silk-rag"}]}

    @router.get("/models/{model}")
    def model(model: str) -> Response:
        """The model of that name."""
        if model != MODEL:
            return _error(HTTPStatus.NOT_FOUND, "model_not_found", f"There is one model, {MODEL}.", "model")
        return JSONResponse({"id": MODEL, "object": "model", "created": 0, "owned_by": "silk-rag"})

    @router.post("/chat/completions")
    async def chat_completions(body: ChatRequest, request: Request) -> Response:
        """Answer the last user message from the papers; it may lean on the user's messages before it."""
        asked = last_question(body.messages)
        earlier = earlier_questions(body.messages)

        def question(audience: Audience) -> Reply:
            return assistant().ask(asked, earlier=earlier, audience=audience)

        if body.stream:
            return StreamingResponse(_chunks(question), 200, HEADERS, MEDIA_TYPE)
        reply = await attended(question, request)
        content = harmless(reply.markdown + footnotes(reply))
        choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
        return JSONResponse(
            {
                **_head("chat.completion", _new_id(), int(time.time())),
                "choices": [choice],
                "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
                **_extra(reply),
            }
        )

    return router


def last_question(messages: Sequence[ChatMessage]) -> str:
    """The last thing the user said. Raises InvalidInput when there is none, or it is empty or too long."""
    questions = [message.text for message in messages if message.role == "user"]
    if not questions:
        raise InvalidInput("There is no message of the role user.", field="messages")
    return clean_question(questions[-1])


def earlier_questions(messages: Sequence[ChatMessage]) -> list[str]:
    """What the user asked before, oldest first; greetings and what could not be asked as it is lend no context."""
    earlier: list[str] = []
    for text in [message.text for message in messages if message.role == "user"][-1 - MOST_EARLIER : -1]:
        with suppress(InvalidInput):
            earlier.append(clean_question(text))
    return [text for text in earlier if small_talk(text) is None]


def footnotes(reply: Reply) -> str:
    """The citations for readers of plain text, one a line; nothing for an abstention."""
    citations = reply.citations if isinstance(reply, Answer) else ()
    lines = [_footnote(citation) for citation in citations]
    return "\n\n---\n\n" + "\n\n".join(lines) if lines else ""


def _footnote(citation: Citation) -> str:
    source = citation.passage.source
    quote = " ".join(citation.quote.split())
    return f"[{citation.number}] {place_name(citation.passage)}: “{quote}” ({source.file_name}, {source.place})"


def harmless(text: str) -> str:
    """Markdown in which no picture loads, no link leads away and no tag is obeyed, whatever a document says.

    Chat programs render what they are given: a picture's address could carry the conversation to a stranger.
    """
    return _TAG.sub("&lt;", _LINK.sub(r"]\\(", text))


async def _chunks(question: Question) -> AsyncIterator[str]:
    """A streamed completion: the answer as it grows, the footnotes, at the end the citations as data."""
    head = _head("chat.completion.chunk", _new_id(), int(time.time()))

    def chunk(delta: Mapping[str, str], finish: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data({**head, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    try:
        async for part in stretches(question):
            if isinstance(part, Stretch):
                yield chunk({"content": harmless(part.text)})
            else:
                notes = footnotes(part)
                if notes:
                    yield chunk({"content": harmless(notes)})
                yield chunk({}, "stop", **_extra(part))
    except SilkError as error:
        yield _data({"error": {"message": error.message, "type": "server_error", "code": error.code, "param": None}})
    except Exception:
        yield _data({"error": {"message": UNEXPECTED["detail"], "type": "server_error", "code": "unexpected"}})
        raise
    yield "data: [DONE]\n\n"


def _data(content: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n"


def _new_id() -> str:
    return f"chatcmpl-{uuid4().hex}"


def _head(kind: str, identity: str, created: int) -> dict[str, Any]:
    return {"id": identity, "object": kind, "created": created, "model": MODEL}


def _extra(reply: Reply) -> dict[str, Any]:
    view = reply_view(reply)
    return {"citations": view["citations"], "silk": view}


def _error(status: int, code: str, message: str, param: str | None = None) -> JSONResponse:
    kind = "invalid_request_error" if status < 500 else "server_error"
    return JSONResponse({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)
