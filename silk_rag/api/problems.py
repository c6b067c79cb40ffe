"""Errors as RFC 9457 problem details: one place maps error classes to status codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from silk_rag import errors

MEDIA_TYPE = "application/problem+json"
#: `type` of a problem: stable, and the anchor of its explanation in docs/api.md.
TYPE_PREFIX = "urn:silk-rag:problem:"
STATUS: Mapping[type[errors.SilkError], HTTPStatus] = {
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IndexUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
}
_NOT_JSON = "this is not JSON; send a JSON object with Content-Type: application/json"
#: What FastAPI says of a body that is not even text.
_UNREADABLE = "There was an error parsing the body"
_log = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str, **more: object) -> JSONResponse:
    """A problem document with the status as title; `more` are extension members such as `field`."""
    body = {
        "type": TYPE_PREFIX + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(errors.SilkError, _silk_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


async def _silk_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, errors.SilkError):
        raise error
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    more = {"field": error.field} if isinstance(error, errors.InvalidInput) else {}
    return problem(status, error.code, error.message, **more)


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [_fault(fault) for fault in error.errors()]
    detail = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)
    return problem(422, errors.InvalidInput.code, detail, field=faults[0]["field"], errors=faults)


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong and where; never what was sent, for it may be somebody's answer."""
    place = [str(part) for part in fault["loc"] if part not in ("body", "query", "path", "header")]
    if fault["type"] == "json_invalid":
        return {"field": "body", "message": _NOT_JSON}
    return {"field": ".".join(place) or "body", "message": str(fault["msg"])}


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.detail == _UNREADABLE:
        return problem(error.status_code, errors.InvalidInput.code, f"body: {_NOT_JSON}", field="body")
    code = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.status_code, "http-error")
    response = problem(error.status_code, code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _unexpected(_: Request, error: Exception) -> JSONResponse:
    incident = uuid4().hex[:12]
    # The message may quote what a person typed: only the kind of the error and the place in the code are logged.
    _log.error("unexpected error %s: %s at %s", incident, type(error).__name__, _place(error))
    return problem(500, "unexpected", f"Something went wrong here; nothing was lost. Incident {incident}.")


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
