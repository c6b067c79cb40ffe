"""The HTTP API: routes put together, errors rendered, limits set."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from silk_rag.answering.assistant import Assistant
from silk_rag.api import problems
from silk_rag.api.assessments import assessments_router
from silk_rag.api.browse import browse_router
from silk_rag.api.health import health_router
from silk_rag.api.limits import BodyLimit
from silk_rag.api.openai_protocol import openai_router
from silk_rag.api.questions import questions_router
from silk_rag.bootstrap import Services
from silk_rag.library import Library

DESCRIPTION = """
Grounded answers from the SILK papers (OECD / Diesis, 2022) on how organisations of the social and solidarity economy go
international, and a guided self-assessment with Tool 2, the evaluation grid. Every sentence of an answer carries a
quotation. Errors are RFC 9457 problem documents.
"""


def create_app(services: Services) -> FastAPI:
    """The API over built services; the chat is mounted on top of it by `ui.app.mount_ui`."""
    # The documentation pages bring their scripts from elsewhere: the app serves its own (see `docs`).
    app = FastAPI(title="SILK assistant", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None)
    problems.install(app)
    app.add_middleware(BodyLimit, prefix="/api/")
    app.add_middleware(BodyLimit, prefix="/v1/")

    def assistant() -> Assistant:
        return services.assistant

    def library() -> Library:
        edition = services.current()
        return Library(edition.snapshot, edition.retriever.cases, services.settings.corpus / "tools")

    app.include_router(questions_router(assistant))
    app.include_router(openai_router(assistant))
    app.include_router(browse_router(library))
    app.include_router(assessments_router(services.assessments, kept_days=services.settings.assessment_days))
    app.include_router(health_router(services))
    _add_docs(app)

    @app.middleware("http")
    async def safe_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Nothing from outside is loaded, whatever stands in a document, a question or an answer."""
        response = await call_next(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    return app


#: Gradio's own scripts and styles are inline; pictures, fonts, frames and connections stay on this server.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def _add_docs(app: FastAPI) -> None:
    """API documentation without a script from outside: the OpenAPI document, readable in any browser."""
    from fastapi.responses import HTMLResponse

    from silk_rag.api.docs_page import render_docs

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(render_docs(app.openapi()))
