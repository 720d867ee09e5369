"""What was aimed at and decided, and how does it stand beside the published drill?"""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel

from fernbereit_server.api.pages import After, Limit, page_of
from fernbereit_server.api.problems import documented
from fernbereit_server.outlook import Outlook
from fernbereit_server.resilience.adopted import MeasureStanding
from fernbereit_server.resilience.goals import GoalStanding


class GoalsAnswer(BaseModel):
    """Goals by id; shares from 0 to 1.

    `state` is reached, on_track, behind, missed, ended, or unknown where the line lies within the range or no
    share of the unit is published.
    """

    goals: tuple[GoalStanding, ...]
    next: int | None


class MeasuresAnswer(BaseModel):
    """Measures by id. `gained` is all that changed since the decision, not the measure alone."""

    measures: tuple[MeasureStanding, ...]
    next: int | None


def goals_router(outlook: Outlook) -> APIRouter:
    """Return the routes about goals and measures; they are set at the command line."""
    router = APIRouter(prefix="/api/v1", tags=["resilience"])
    faults = documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)

    @router.get("/goals", responses=faults)
    def goals(limit: Limit = 50, after: After = 0) -> GoalsAnswer:
        """List every goal with today's published share and the one needed today."""
        shown, following = page_of(outlook.goals(), lambda one: one.goal.id, limit, after)
        return GoalsAnswer(goals=shown, next=following)

    @router.get("/measures", responses=faults)
    def measures(limit: Limit = 50, after: After = 0) -> MeasuresAnswer:
        """List every adopted measure: cost, predicted able people, and those gained since."""
        shown, following = page_of(outlook.measures(), lambda one: one.measure.id, limit, after)
        return MeasuresAnswer(measures=shown, next=following)

    return router
