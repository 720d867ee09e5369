"""What does the API say when it cannot answer? What happened and what to do next, as RFC 9457 problems."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from fernbereit_server.desk import DeskError
from fernbereit_server.errors import StoreError
from fernbereit_server.outlook import NoPlanError, NoSuchScenarioError, OutlookError

MEDIA_TYPE = "application/problem+json"
_NEXT_STEPS = {
    HTTPStatus.NOT_FOUND: "Look at /openapi.json for the addresses there are.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Ask with GET; nothing can be changed over this interface.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Try again in a minute; /readyz says what is missing.",
}


class Problem(BaseModel):
    """A refusal. `title` is the HTTP status in words, `next_step` what the asker can do."""

    title: str
    status: int
    detail: str
    next_step: str


def problem(
    status: HTTPStatus, detail: str, next_step: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal as an answer."""
    step = next_step or _NEXT_STEPS.get(status, "Look at /openapi.json for what is expected.")
    body = Problem(title=status.phrase, status=status, detail=detail, next_step=step)
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)


def _is_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the refusals a route may answer with."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {status.value: {"description": status.phrase, "content": content} for status in statuses}


def answer_problems(app: FastAPI, no_such_page: Callable[[Request], Response]) -> None:
    """Make every refusal of the application a problem; values that were sent are not repeated.

    A browser that asks for an address there is not, outside of the API, gets `no_such_page`.
    """

    async def not_understood(_: Request, error: RequestValidationError) -> Response:
        faults = "; ".join(f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors())
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, faults)

    async def refused(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.NOT_FOUND and _is_page(request):
            return no_such_page(request)
        return problem(status, str(error.detail), headers=error.headers)

    async def ambiguous(_: Request, error: DeskError) -> Response:
        return problem(HTTPStatus.CONFLICT, str(error), "Search with /api/v1/devices?q=... first.")

    async def no_scenario(_request: Request, error: NoSuchScenarioError) -> Response:
        return problem(HTTPStatus.NOT_FOUND, str(error), "/api/v1/scenarios lists them.")

    async def no_outlook(_request: Request, error: OutlookError) -> Response:
        detail, _, step = str(error).partition(" Next step: ")
        status = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, NoPlanError) else HTTPStatus.CONFLICT
        return problem(status, detail, step or "Ask for a later day.")

    async def store_away(_: Request, __: SQLAlchemyError) -> Response:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer.")

    async def no_key(_: Request, error: StoreError) -> Response:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), "Put it right as the message says.")

    app.exception_handlers |= {
        RequestValidationError: not_understood,
        HTTPException: refused,
        DeskError: ambiguous,
        NoSuchScenarioError: no_scenario,
        OutlookError: no_outlook,
        SQLAlchemyError: store_away,
        StoreError: no_key,
    }
