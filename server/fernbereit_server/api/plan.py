"""What does the next euro buy, or what is the cheapest way to a target? From published numbers."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict

from fernbereit_server.api.problems import documented
from fernbereit_server.api.resilience import Language, ScenarioName
from fernbereit_server.outlook import OFFICE_CLOSED, Outlook
from fernbereit_server.resilience.planner.answer import answer
from fernbereit_server.resilience.planner.result import Wish

Amount = Annotated[float | None, Query(ge=0, le=1e9, allow_inf_nan=False)]


class PurchaseAnswer(BaseModel):
    """One kind of measure in one step; `alone` is what it would add without the others of its step."""

    what: str
    item: str | None
    number: int
    from_stock: int
    bought: int
    euro: float
    it_hours: float
    where: dict[str, int]
    alone: float


class BindingAnswer(BaseModel):
    """What stops most of those who are not able."""

    model_config = ConfigDict(extra="ignore")

    kind: str
    names: tuple[str, ...]
    stopped: float
    tied: tuple[str, ...]


class StandingAnswer(BaseModel):
    """People able in the low figure, and what stops the others."""

    able: float
    ratio: float | None
    binding_constraint: BindingAnswer


class StepAnswer(BaseModel):
    """One bundle; only what is named here together makes `gain` more people able."""

    purchases: tuple[PurchaseAnswer, ...]
    euro: float
    it_hours: float
    gain: float
    able_per_euro: float | None
    able_per_hour: float | None
    after: StandingAnswer


class AtMostAnswer(BaseModel):
    """What all measures together would make able, whatever they cost."""

    able: float
    ratio: float | None


class BudgetAnswer(BaseModel):
    """What could be spent; null is not limited."""

    euro: float | None
    it_hours: float | None


class SingleAnswer(BaseModel):
    """One kind of measure by itself, as often as it can be taken."""

    what: str
    item: str
    most: int
    gain: float


class ScenarioTitle(BaseModel):
    """The scenario that is planned for."""

    key: str
    title: str


class PlanAnswer(BaseModel):
    """The whole plan; `reached` is null without a target."""

    organisation: str | None
    scenario: ScenarioTitle
    source: str
    budget: BudgetAnswer
    target: float | None
    reached: bool | None
    suitable: int
    before: StandingAnswer
    after: StandingAnswer
    at_most: AtMostAnswer
    gain: float
    euro: float
    it_hours: float
    steps: tuple[StepAnswer, ...]
    singles: tuple[SingleAnswer, ...]
    unpriced: tuple[str, ...]
    notes: tuple[dict[str, str | int | float], ...]


def plan_router(outlook: Outlook) -> APIRouter:
    """Return the route of the planner, for everybody who may see published numbers."""
    router = APIRouter(prefix="/api/v1", tags=["resilience"])

    @router.get(
        "/plan",
        responses=documented(
            HTTPStatus.CONFLICT,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    )
    def plan(
        budget: Amount = None,
        hours: Amount = None,
        target: Annotated[float | None, Query(gt=0, le=1, description="Share of the suited people.")] = None,
        scenario: ScenarioName = OFFICE_CLOSED,
        lang: Language = "de",
    ) -> PlanAnswer:
        """Return what makes most people able for `budget` euro, or the cheapest way to `target`."""
        if (budget is None) == (target is None) or (hours is not None and budget is None):
            raise HTTPException(HTTPStatus.CONFLICT, "Give either budget, with or without hours, or target.")
        found = outlook.plan(Wish(euro=budget, hours=hours, target=target), scenario)
        return PlanAnswer.model_validate(answer(found, lang, "published"))

    return router
