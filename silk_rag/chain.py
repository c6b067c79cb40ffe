"""The public face for users of LangChain: the retriever as a BaseRetriever, the assistant as a Runnable.

    from silk_rag.bootstrap import build
    from silk_rag.chain import SilkRetriever, assistant_chain
    from silk_rag.settings import Settings

    services = build(Settings.from_environment())
    documents = SilkRetriever(retriever=services.retriever, k=5).invoke("What is inward internationalisation?")
    reply = assistant_chain(services.assistant).invoke("What is inward internationalisation?")

Both can be piped into other Runnables, batched and called asynchronously, as LangChain does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import Field, GetPydanticSchema
from pydantic_core.core_schema import is_instance_schema

from silk_rag.answering.assistant import MOST_RESULTS, Assistant, clean_question
from silk_rag.answering.view import reply_view
from silk_rag.errors import InvalidInput
from silk_rag.retrieval.retriever import Retrieved, Retriever

_ARGUMENTS = frozenset({"question", "k", "language"})


class SilkRetriever(BaseRetriever):
    """Finds the passages that may answer a question, each a Document with its place in the papers as metadata.

    Give `retriever` as `Services.retriever` has it; `k` is how many passages are wanted. Raises InvalidInput for a
    question that is empty or too long.
    """

    # Only its class is checked: pydantic would otherwise take it apart, down to the ports and the vectors.
    retriever: Annotated[
        Retriever, Field(repr=False), GetPydanticSchema(lambda _type, _handler: is_instance_schema(Retriever))
    ]
    k: int = Field(default=8, ge=1, le=MOST_RESULTS)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        # Nothing is reported to the callbacks that BaseRetriever does not report already.
        del run_manager
        question = clean_question(query)
        return [_document(found) for found in self.retriever.retrieve(self.retriever.understand(question), self.k)]


def assistant_chain(assistant: Assistant) -> Runnable[str | dict[str, Any], dict[str, Any]]:
    """The assistant as a Runnable: a question in, a reply in the shape of `POST /api/v1/ask` out.

    Takes the question as text, or a dict with "question" and, if wanted, "k" and "language". Abstaining is a reply with
    "abstained" true. Raises InvalidInput, naming the field, for anything else.
    """

    def ask(given: str | dict[str, Any]) -> dict[str, Any]:
        arguments = {"question": given} if isinstance(given, str) else _checked(given)
        return reply_view(assistant.ask(**arguments))

    return RunnableLambda(ask, name="SilkAssistant")


def _document(found: Retrieved) -> Document:
    passage = found.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "passage_id": passage.id,
            "document_id": passage.document_id,
            "document": passage.document_title,
            "heading_path": [heading.text for heading in passage.heading_path],
            "source": passage.source.file_name,
            "place": passage.source.place,
            "first_line": passage.source.first_line,
            "last_line": passage.source.last_line,
            "score": found.score,
        },
    )


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - _ARGUMENTS)
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is not known; give question, k and language.", field=unknown[0])
    if not isinstance(given.get("question"), str):
        raise InvalidInput('Give the question as text under "question".', field="question")
    return dict(given)
