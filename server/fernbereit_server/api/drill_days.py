"""Which drill days were announced, and what came of them?

Counts over groups of ten or more, once a day is over.
"""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel

from fernbereit_server.api.pages import After, Limit, page_of
from fernbereit_server.api.problems import documented
from fernbereit_server.outlook import Outlook
from fernbereit_server.resilience.drill_day import Calibration, Line, Phase, Review, calibration
from fernbereit_server.resilience.result import Bounds

DrillDayId = Annotated[int, Path(ge=0, le=2**31 - 1)]


class DrillDaySummary(BaseModel):
    """One drill day; `total` is None before it is over, and where it had to be withheld.

    Devices are multiples of the publication's smallest group; `error` is measured less the middle of what was
    predicted, as a share of the suitable people.
    """

    id: int
    scenario: str
    held_on: date
    announced_on: date
    closed_on: date | None
    phase: Phase
    suitable: int
    predicted: Bounds
    total: Line | None


class DrillDaysAnswer(BaseModel):
    """Drill days by id, and how far predictions were off on all days that could be compared."""

    drill_days: tuple[DrillDaySummary, ...]
    calibration: Calibration
    next: int | None


class DrillDayAnswer(DrillDaySummary):
    """One drill day with its groups, each of ten devices or more."""

    groups: tuple[Line, ...]


def drill_days_router(outlook: Outlook) -> APIRouter:
    """Return the routes about drill days; they are announced at the command line."""
    router = APIRouter(prefix="/api/v1/drill-days", tags=["resilience"])
    faults = documented(HTTPStatus.UNPROCESSABLE_ENTITY)

    @router.get("", responses=faults)
    def drill_days(limit: Limit = 50, after: After = 0) -> DrillDaysAnswer:
        """List every drill day, announced, over or called off."""
        reviews = outlook.drill_days()
        shown, following = page_of(reviews, lambda one: one.drill_day.id, limit, after)
        return DrillDaysAnswer(
            drill_days=tuple(DrillDaySummary(**_fields(one)) for one in shown),
            calibration=calibration(reviews),
            next=following,
        )

    @router.get("/{drill_day_id}", responses=faults | documented(HTTPStatus.NOT_FOUND))
    def drill_day(drill_day_id: DrillDayId) -> DrillDayAnswer:
        """Return one drill day, group by group."""
        found = next((one for one in outlook.drill_days() if one.drill_day.id == drill_day_id), None)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There is no drill day with this id.")
        return DrillDayAnswer(**_fields(found), groups=found.groups)

    return router


def _fields(one: Review) -> dict[str, Any]:
    drill_day = one.drill_day
    return {
        "id": drill_day.id,
        "scenario": drill_day.scenario,
        "held_on": drill_day.held_on,
        "announced_on": drill_day.announced_on,
        "closed_on": drill_day.closed_on,
        "phase": one.phase,
        "suitable": drill_day.predicted["suitable"],
        "predicted": Bounds(*drill_day.predicted["able"]),
        "total": one.total,
    }
