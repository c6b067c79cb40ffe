"""POST /api/v1/ask and GET /api/v1/search."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query

from silk_rag.answering.assistant import LONGEST_QUESTION, MOST_RESULTS, Assistant, clean_question
from silk_rag.answering.view import reply_view, retrieved_view
from silk_rag.api.schemas import AskRequest, AskResponse, SearchResponse


def questions_router(assistant: Assistant) -> APIRouter:
    """Routes that answer questions and find passages."""
    router = APIRouter(prefix="/api/v1", tags=["questions"])

    @router.post("/ask")
    def ask(body: AskRequest) -> AskResponse:
        """Answer a question from the papers, every sentence with its quotation, or say that they do not say."""
        reply = assistant.ask(body.question, k=body.k, language=body.language)
        return AskResponse(conversation_id=body.conversation_id or uuid4().hex, **reply_view(reply))

    @router.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION, description="what to look for")],
        k: Annotated[int, Query(ge=1, le=MOST_RESULTS, description="how many passages")] = 8,
        document: Annotated[str | None, Query(max_length=200, description="only in this document")] = None,
        case: Annotated[str | None, Query(max_length=200, description="only passages about this case")] = None,
        tool: Annotated[int | None, Query(ge=1, le=6, description="only in this tool")] = None,
    ) -> SearchResponse:
        """Find passages without making an answer of them."""
        retriever = assistant.retriever
        query = retriever.understand(clean_question(q))
        everything = retriever.retrieve(query, len(retriever.index.snapshot.passages))
        found = [
            result
            for result in everything
            if (document is None or result.passage.document_id == document)
            and (case is None or case in result.passage.cases)
            and (tool is None or result.passage.document_id.startswith(f"tool-{tool}"))
        ]
        return SearchResponse.model_validate({"query": q, "passages": [retrieved_view(r) for r in found[:k]]})

    return router
