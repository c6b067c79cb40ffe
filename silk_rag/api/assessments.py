"""The assessment routes. They translate and nothing else: errors rise to the app, which renders them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response

from silk_rag.api.assessment_schemas import (
    AssessmentView,
    CompareAssessments,
    CreateAssessment,
    CreatedView,
    SendMessage,
    SetAnswer,
    TurnView,
)
from silk_rag.assessment.service import AssessmentService
from silk_rag.errors import SilkError

Authorization = Annotated[str | None, Header(description="`Bearer` and the token given when it was created")]
_log = logging.getLogger(__name__)
_DAY_S = 86_400
# A token or an answer in a shared cache would be another's to read.
_PRIVATE = {"Cache-Control": "no-store"}


def assessments_router(service: AssessmentService, *, kept_days: int = 0) -> APIRouter:
    """The routes under /api/v1/assessments, served by this service.

    With `kept_days` the app erases assessments nobody has written to for so long, at its start and once a day.
    """
    router = APIRouter(
        prefix="/api/v1/assessments", tags=["assessments"], lifespan=partial(_erase_daily, service, kept_days)
    )

    _add_beginnings(router, service)
    _add_routes_of_one(router, service)
    return router


def _add_beginnings(router: APIRouter, service: AssessmentService) -> None:
    """What makes an assessment, or takes several."""

    @router.post("", status_code=201)
    def create(body: CreateAssessment, response: Response) -> CreatedView:
        """Begin a self-assessment. The reply holds the first question, or asks for the mode or scope not given."""
        response.headers.update(_PRIVATE)
        created = service.create(
            mode=body.mode,
            scope=body.scope,
            organisation=body.organisation,
            respondent=body.respondent,
            language=body.language,
        )
        return CreatedView.model_validate(asdict(created))

    @router.post("/import", status_code=201)
    def take_in(body: dict[str, Any], response: Response) -> CreatedView:
        """Go on from an exported file: a new assessment with everything in it, a new id and a new token."""
        response.headers.update(_PRIVATE)
        return CreatedView.model_validate(asdict(service.take_in(body)))

    @router.post("/compare")
    def compare(body: CompareAssessments, response: Response) -> dict[str, Any]:
        """Put assessments side by side: people of one organisation, or one organisation over time."""
        response.headers.update(_PRIVATE)
        keys = [(each.id, each.token) for each in body.assessments]
        return service.compare(keys, body.kind, anonymous=body.anonymous)


def _add_routes_of_one(router: APIRouter, service: AssessmentService) -> None:
    """What is done with one assessment."""

    @router.post("/{assessment_id}/messages")
    def message(assessment_id: str, body: SendMessage, authorization: Authorization = None) -> TurnView:
        """Say something: an answer, a correction, a command or a question to the papers."""
        turn = service.message(assessment_id, bearer(authorization), body.text, shown_question=body.question_id)
        return TurnView.model_validate(asdict(turn))

    @router.get("/{assessment_id}")
    def read(assessment_id: str, response: Response, authorization: Authorization = None) -> AssessmentView:
        """The assessment as it stands."""
        response.headers.update(_PRIVATE)
        return AssessmentView.model_validate(service.read(assessment_id, bearer(authorization)))

    @router.delete("/{assessment_id}", status_code=204)
    def erase(assessment_id: str, authorization: Authorization = None) -> None:
        """Erase the assessment for good."""
        service.delete(assessment_id, bearer(authorization))

    @router.put("/{assessment_id}/answers/{question_id}")
    def set_answer(
        assessment_id: str, question_id: str, body: SetAnswer, authorization: Authorization = None
    ) -> AssessmentView:
        """Record one answer from a form."""
        snapshot = service.set_answer(
            assessment_id, bearer(authorization), question_id, value=body.value, unit=body.unit, note=body.note
        )
        return AssessmentView.model_validate(snapshot)

    @router.delete("/{assessment_id}/answers/{question_id}")
    def delete_answer(assessment_id: str, question_id: str, authorization: Authorization = None) -> AssessmentView:
        """Take one answer out; its question is open again."""
        snapshot = service.delete_answer(assessment_id, bearer(authorization), question_id)
        return AssessmentView.model_validate(snapshot)

    @router.post("/{assessment_id}/checklists/{name}")
    def open_checklist(
        assessment_id: str, name: Literal["tool-1", "tool-3"], authorization: Authorization = None
    ) -> TurnView:
        """Walk through Tool 1's prompts or Tool 3's indicators; messages and answers go on as ever."""
        return TurnView.model_validate(asdict(service.open_walk(assessment_id, bearer(authorization), name)))

    @router.get("/{assessment_id}/export")
    def export(assessment_id: str, response: Response, authorization: Authorization = None) -> dict[str, Any]:
        """Everything stored about the assessment, event by event."""
        response.headers.update(_PRIVATE)
        return service.export(assessment_id, bearer(authorization))

    @router.get("/{assessment_id}/report")
    def report(
        assessment_id: str,
        report_format: Annotated[Literal["html", "md", "pdf", "docx", "csv", "json"], Query(alias="format")] = "md",
        authorization: Authorization = None,
    ) -> Response:
        """The report in one of six formats."""
        file = service.report(assessment_id, bearer(authorization), report_format)
        shown_as = {"Content-Disposition": f'inline; filename="{file.file_name}"', **_PRIVATE}
        return Response(file.data, media_type=file.media_type, headers=shown_as)


@asynccontextmanager
async def _erase_daily(service: AssessmentService, kept_days: int, _: object) -> AsyncIterator[None]:
    """Erase what has expired now, and again every day while the app runs."""
    await asyncio.to_thread(_erase, service, kept_days)
    task = asyncio.create_task(_repeat_daily(service, kept_days))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _repeat_daily(service: AssessmentService, kept_days: int) -> None:
    while kept_days > 0:
        await asyncio.sleep(_DAY_S)
        await asyncio.to_thread(_erase, service, kept_days)


def _erase(service: AssessmentService, kept_days: int) -> None:
    """A store that is away for a moment is tried again the next day."""
    try:
        erased = service.erase_untouched(kept_days)
    except SilkError as error:
        _log.warning("Expired self-assessments could not be erased: %s", error.message)
    else:
        if erased:
            _log.info("%d expired self-assessments erased.", erased)


def bearer(authorization: str | None) -> str | None:
    """The token of an `Authorization` header; None without one or with another scheme."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() or None if scheme.casefold() == "bearer" else None
