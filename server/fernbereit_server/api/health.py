"""Is the collector alive, and does it take reports in?"""

from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel

from fernbereit_server.collector import Collector

_REASONS = {
    "starting": "The fleet is being read from the database.",
    "paused": "Nothing can be stored: {place} cannot be used ({fault}); reports wait.",
    "disconnected": "The broker is not connected; reports wait on the laptops.",
    "stopped": "The collector is being stopped.",
}


class Health(BaseModel):
    """The process answers."""

    status: str


class Readiness(BaseModel):
    """`state` is `reading` while reports are taken in; else `reasons` says why they are not."""

    state: str
    reasons: tuple[str, ...]


def health_router(collector: Collector) -> APIRouter:
    """Return the routes that service managers and monitoring ask."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def alive() -> Health:
        """Answer as long as the process does."""
        return Health(status="alive")

    @router.get("/readyz", responses={503: {"model": Readiness, "description": "No reports are taken in."}})
    async def ready(response: Response) -> Readiness:
        """Tell whether reports are taken in, and if not, why."""
        state = collector.state
        if state == "reading":
            return Readiness(state=state, reasons=())
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        health = collector.health
        reason = _REASONS[state].format(place=health.place, fault=health.fault)
        return Readiness(state=state, reasons=(reason,))

    return router
