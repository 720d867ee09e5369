"""Why is the able share another one than some days ago?"""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from fernbereit_server.api.problems import documented
from fernbereit_server.outlook import OFFICE_CLOSED, Outlook
from fernbereit_server.outlook.changed import Changed

Days = Annotated[Literal["7", "30", "90"], Query(description="Days to look back.")]
ScenarioName = Annotated[str, Query(max_length=200, description="Key or title of a scenario.")]


def change_router(outlook: Outlook) -> APIRouter:
    """Return the route about changes, for everybody who may see published numbers."""
    router = APIRouter(prefix="/api/v1", tags=["resilience"])
    faults = documented(
        HTTPStatus.CONFLICT,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )

    @router.get("/change", responses=faults)
    def change(days: Days = "30", scenario: ScenarioName = OFFICE_CLOSED) -> Changed:
        """Take a change apart: by the organisation, by devices, and by what these became ready or not."""
        return outlook.change(int(days), scenario)

    return router
