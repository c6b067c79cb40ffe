"""Is the process alive, and can it answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from silk_rag.bootstrap import Services


def health_router(services: Services) -> APIRouter:
    """`/healthz` for restarts, `/readyz` for traffic."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz(response: Response) -> dict[str, Any]:
        """Index and assessment store are usable; `degraded` says what answers in a slower way."""
        problems = [] if services.assessments.reachable() else ["the assessment store cannot be reached"]
        edition = services.current()
        response.status_code = 503 if problems else 200
        return {
            "status": "unready" if problems else "ready",
            "index": edition.snapshot.id[:16],
            "passages": len(edition.snapshot.passages),
            "degraded": edition.degraded,
            "problems": problems,
        }

    return router
