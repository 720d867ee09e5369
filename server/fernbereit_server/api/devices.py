"""Which devices are there, and what is known of one? Everything comes through the desk."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from fernbereit_server.api.problems import documented
from fernbereit_server.desk import MAX_LIMIT, MAX_TEXT, Desk, DeviceDetail, DevicePage, VerdictWord
from fernbereit_server.publication.census import PublishedFreshness

Text = Annotated[
    str,
    Query(
        max_length=MAX_TEXT, description="Part of a label, or a whole code, serial number, host name or id."
    ),
]
Unit = Annotated[str | None, Query(max_length=MAX_TEXT, description="Name of a unit, or `no unit`.")]
Blocker = Annotated[
    str | None,
    Query(max_length=64, description="Id of a check: only devices that it alone keeps from being ready."),
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
After = Annotated[str | None, Query(max_length=2000, description="`next` of the page before.")]
Ref = Annotated[str, Path(max_length=MAX_TEXT, description="Code, label, serial number, host name or id.")]


def devices_router(desk: Desk) -> APIRouter:
    """Return the routes about single devices, for desk and operations."""
    router = APIRouter(prefix="/api/v1/devices", tags=["devices"])
    faults = documented(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)

    @router.get("", responses=faults)
    def search(
        q: Text = "",
        unit: Unit = None,
        freshness: PublishedFreshness | None = None,
        verdict: VerdictWord | None = None,
        blocker: Blocker = None,
        limit: Limit = 50,
        after: After = None,
    ) -> DevicePage:
        """List devices by label, those of the inventory that never reported included."""
        return desk.search(
            q, unit=unit, freshness=freshness, verdict=verdict, blocker=blocker, limit=limit, after=after
        )

    @router.get("/{ref:path}", responses=faults | documented(HTTPStatus.NOT_FOUND))
    def show(ref: Ref) -> DeviceDetail:
        """Return what may be seen of one device: no place, no tunnel, nothing finer than a day.

        Its verdict with each check that is not fulfilled (observed, expected, since, remedies), why it was
        retired, and which other device has its serial number.
        """
        detail = desk.open(ref)
        if detail is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "No device has this code, label, serial number or id.")
        return detail

    return router
