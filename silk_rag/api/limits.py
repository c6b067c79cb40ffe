"""A limit on the size of request bodies, enforced while the body is read and not by what the client says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from silk_rag.api.problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000


class _TooLarge(Exception):  # noqa: N818 (never seen outside this module)
    """More bytes came than are allowed."""


class BodyLimit:
    """ASGI middleware for paths below `prefix`: a longer body is answered with 413 as soon as it is too long."""

    def __init__(self, app: ASGIApp, *, prefix: str, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._prefix = prefix
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what it sends."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most_bytes:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            # FastAPI takes the interruption for a body it cannot read, and would say so: 413 is said instead.
            if started or received <= self._most_bytes:
                started = True
                await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if started:
                raise
        if received > self._most_bytes and not started:
            detail = f"The request has more than {self._most_bytes:,} bytes. Send less."
            await problem(413, "too-large", detail)(scope, receive, send)
