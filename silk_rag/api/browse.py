"""Routes to read the corpus: documents, passages, cases, lessons and tools, as JSON or as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import PlainTextResponse

from silk_rag.answering.view import passage_view
from silk_rag.api.schemas import DocumentSummary, DocumentView, PassageView, ToolView
from silk_rag.documents import Document, Passage
from silk_rag.library import TOOLS, Library

Format = Annotated[Literal["json", "md"], Query(description="structured JSON, or Markdown to read")]
#: Stands below everything that is shown or exported.
COPYRIGHT = (
    "© OECD 2022. Prepared by Diesis Network for the OECD Global Action “Promoting Social & Solidarity Economy "
    "Ecosystems”. The opinions and arguments expressed herein are those of the authors and do not necessarily reflect "
    "the official views of the OECD or its member countries. Produced with the financial assistance of the European "
    "Union."
)


def browse_router(library: Callable[[], Library]) -> APIRouter:  # noqa: C901 (a router is a list of short routes)
    """Routes over the library in use, which each request asks for once."""
    router = APIRouter(prefix="/api/v1", tags=["corpus"])

    @router.get("/documents")
    def documents() -> list[DocumentSummary]:
        """All documents."""
        return [DocumentSummary(**_summary(document)) for document in library().snapshot.documents.values()]

    @router.get("/documents/{identity}", response_model=DocumentView)
    def document(identity: str, format: Format = "json") -> Any:  # noqa: A002, ANN401 (contract; two kinds of response)
        """One document with all its passages."""
        found = library().document(identity)
        if format == "md":
            return _markdown(found.text, own=found.kind == "own")
        return DocumentView.model_validate(
            {**_summary(found), "text": found.text, "content": [passage_view(passage) for passage in found.passages]}
        )

    @router.get("/passages/{identity}")
    def passage(identity: str) -> PassageView:
        """One passage, with its sentences and where it stands in the source."""
        return PassageView.model_validate(passage_view(library().passage(identity)))

    @router.get("/cases")
    def cases() -> list[dict[str, Any]]:
        """The eleven cases."""
        return [{"id": c.id, "name": c.name, "kind": c.kind, "organisation": c.organisation, "country": c.country}
                for c in library().cases]  # fmt: skip

    @router.get("/cases/{identity}")
    def case(identity: str, format: Format = "json") -> Response:  # noqa: A002
        """One case and every passage that speaks of it."""
        found, passages = library().case(identity)
        if format == "md":
            return _markdown(f"# {found.name}\n\n" + "\n\n".join(map(_passage_markdown, passages)) + "\n")
        return _json(
            {
                "id": found.id,
                "name": found.name,
                "kind": found.kind,
                "organisation": found.organisation,
                "country": found.country,
                "passages": [passage_view(passage) for passage in passages],
            }
        )

    @router.get("/lessons")
    def lessons() -> list[dict[str, Any]]:
        """The lessons learned on policies and on strategies."""
        return [
            {
                "group": lesson.group,
                "number": lesson.number,
                "title": lesson.title,
                "passages": [passage_view(passage) for passage in lesson.passages],
            }
            for lesson in library().lessons()
        ]

    @router.get("/tools")
    def tools() -> list[dict[str, Any]]:
        """The six tools."""
        shown = library()
        return [{"tool": number, "title": shown.tool(number)[0]} for number in TOOLS]

    @router.get("/tools/{number}", response_model=ToolView)
    def tool(number: Annotated[int, Path(description="1 to 6")], format: Format = "json") -> Any:  # noqa: A002, ANN401
        """One tool as data, each part with its source lines."""
        shown = library()
        title, data = shown.tool(number)
        if format == "md":
            return _markdown(shown.tool_document(number).text)
        return ToolView(tool=number, title=title, data=dict(data))

    return router


def _summary(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind,
        "source": document.source,
        "passages": len(document.passages),
    }


def _passage_markdown(passage: Passage) -> str:
    place = " > ".join([passage.document_title, *(heading.text for heading in passage.heading_path)])
    return f"## {place}\n\n{passage.text}\n\n*{passage.source.file_name}, {passage.source.place}*"


def _markdown(text: str, *, own: bool = False) -> Response:
    """Text as Markdown; below it whose words they are, unless they are of an `own` document."""
    below = "" if own else f"\n---\n\n{COPYRIGHT}\n"
    return PlainTextResponse(f"{text.rstrip()}\n{below}", media_type="text/markdown; charset=utf-8")


def _json(data: dict[str, Any]) -> Response:
    from fastapi.responses import JSONResponse

    return JSONResponse(data)
