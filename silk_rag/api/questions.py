"""POST /api/v1/ask and GET /api/v1/search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from silk_rag.answering.answer import Reply
from silk_rag.answering.assistant import LONGEST_QUESTION, MOST_RESULTS, Assistant, clean_question
from silk_rag.answering.ports import Audience
from silk_rag.answering.view import reply_view, retrieved_view
from silk_rag.api.schemas import AskRequest, AskResponse, SearchResponse
from silk_rag.api.streaming import HEADERS, MEDIA_TYPE, attended, server_sent_events
from silk_rag.documents import Passage


def questions_router(assistant: Callable[[], Assistant]) -> APIRouter:
    """Routes that answer questions and find passages; each request asks once for the assistant in use."""
    router = APIRouter(prefix="/api/v1", tags=["questions"])

    @router.post("/ask", response_model=AskResponse, responses={200: {"content": {MEDIA_TYPE: {}}}})
    async def ask(body: AskRequest, request: Request) -> AskResponse | StreamingResponse:
        """Answer a question from the papers, every sentence with its quotation, or say that they do not say."""
        conversation_id = body.conversation_id or uuid4().hex

        def question(audience: Audience) -> Reply:
            return assistant().ask(
                body.question,
                k=body.k,
                language=body.language,
                conversation_id=conversation_id,
                audience=audience,
            )

        if body.stream:
            clean_question(body.question)  # refused before a stream begins
            return StreamingResponse(server_sent_events(question, conversation_id), 200, HEADERS, MEDIA_TYPE)
        return AskResponse(conversation_id=conversation_id, **reply_view(await attended(question, request)))

    @router.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION, description="what to look for")],
        k: Annotated[int, Query(ge=1, le=MOST_RESULTS, description="how many passages")] = 8,
        document: Annotated[str | None, Query(max_length=200, description="only in this document")] = None,
        case: Annotated[str | None, Query(max_length=200, description="only passages about this case")] = None,
        tool: Annotated[int | None, Query(ge=1, le=6, description="only in this tool")] = None,
    ) -> SearchResponse:
        """Find passages without making an answer of them."""

        def wanted(passage: Passage) -> bool:
            return (
                (document is None or passage.document_id == document)
                and (case is None or case in passage.cases)
                and (tool is None or passage.document_id.startswith(f"tool-{tool}"))
            )

        retriever = assistant().retriever
        filtered = any(part is not None for part in (document, case, tool))
        # Without a filter the order is the one that answers are made from.
        query = retriever.understand(clean_question(q))
        found = retriever.retrieve(query, k, wanted=wanted if filtered else None)
        return SearchResponse.model_validate({"query": q, "passages": [retrieved_view(result) for result in found]})

    return router
