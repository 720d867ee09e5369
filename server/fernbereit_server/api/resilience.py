"""How many people could work if the office closed, what stops the rest, and how is that developing?

Everything here is published: computed from published cells and the authority's own file.
"""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from fernbereit_server.api.problems import documented
from fernbereit_server.outlook import OFFICE_CLOSED, Outlook
from fernbereit_server.outlook.checks import Blocker
from fernbereit_server.outlook.shapes import (
    DrillAnswer,
    HeadroomOutlookAnswer,
    Named,
    TrendAnswer,
    drill_answer,
    headroom_answer,
    trend_answer,
)

MOST = 200
Language = Annotated[Literal["de", "en"], Query(description="Language of titles.")]
ScenarioName = Annotated[
    str, Query(max_length=200, description="Key or title of a scenario; /api/v1/scenarios lists them.")
]


class ScenarioAnswer(Named):
    """One scenario; `own` ones stand in the authority's file."""

    own: bool


class ScenariosAnswer(BaseModel):
    """Every scenario that can be asked for, the authority's own first."""

    scenarios: tuple[ScenarioAnswer, ...]
    next: str | None


class BlockerAnswer(BaseModel):
    """One check over the whole fleet; `last_blocker` are devices that only this check keeps from ready."""

    check: str
    title: str
    pillar: str
    audience: str
    essential: bool
    judged: bool
    devices: dict[str, int]
    last_blocker: int
    contested: int


class BlockersAnswer(BaseModel):
    """Checks by how many devices they stop; `next` goes into `after` for more."""

    as_of: date
    rounded_to: int
    policy_version: int
    checks: tuple[BlockerAnswer, ...]
    next: str | None


class CliffAnswer(BaseModel):
    """Ready devices that stop being ready within so many days: since the cliff before, and together."""

    within_days: int
    until: date
    devices: int
    together: int


class CliffsAnswer(BaseModel):
    """What ends when, over the whole fleet."""

    as_of: date
    rounded_to: int
    cliffs: tuple[CliffAnswer, ...]
    later: int
    not_ready: int
    unknown: int


def resilience_router(outlook: Outlook) -> APIRouter:
    """Return the routes about scenarios, for everybody who may see published numbers."""
    router = APIRouter(prefix="/api/v1", tags=["resilience"])
    faults = documented(
        HTTPStatus.CONFLICT,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )

    @router.get("/scenarios", responses=faults)
    def scenarios(
        lang: Language = "de",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        after: Annotated[str, Query(max_length=200, description="`next` of the page before.")] = "",
    ) -> ScenariosAnswer:
        """List the scenarios that can be drilled."""
        found = outlook.scenarios()
        start = next((n + 1 for n, one in enumerate(found) if one.key == after), 0)
        shown = found[start : start + limit]
        more = start + limit < len(found)
        return ScenariosAnswer(
            scenarios=tuple(ScenarioAnswer(key=one.key, title=one.title[lang], own=one.own) for one in shown),
            next=shown[-1].key if more else None,
        )

    @router.get("/drill", responses=faults)
    def drill(
        scenario: ScenarioName = OFFICE_CLOSED, as_of: date | None = None, lang: Language = "de"
    ) -> DrillAnswer:
        """Answer a scenario, today or as published on a day; a day without a page has the last one before."""
        return drill_answer(outlook.drill(scenario, as_of), lang)

    @router.get("/trend", responses=faults)
    def trend(
        scenario: ScenarioName = OFFICE_CLOSED,
        since: date | None = None,
        until: date | None = None,
        every: Annotated[int, Query(ge=1, le=366, description="Days from one point to the next.")] = 1,
        lang: Language = "de",
    ) -> TrendAnswer:
        """Return the totals of a scenario by published day; without dates of the last 13 months."""
        return trend_answer(outlook.trend(since, until, scenario, every=every), lang)

    @router.get("/headroom", responses=faults)
    def headroom(scenario: ScenarioName = OFFICE_CLOSED, lang: Language = "de") -> HeadroomOutlookAnswer:
        """Return sessions demanded, carried and left, by gateway and in all, and when they are used up."""
        return headroom_answer(outlook.headroom(scenario), lang)

    @router.get("/blockers", responses=faults)
    def blockers(
        lang: Language = "de",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        after: Annotated[str, Query(max_length=200, description="`next` of the page before.")] = "",
    ) -> BlockersAnswer:
        """List the checks of the policy by how many devices each of them alone keeps from being ready."""
        found = outlook.blockers()
        start = next((n + 1 for n, one in enumerate(found.checks) if one.check == after), 0)
        shown = found.checks[start : start + limit]
        more = start + limit < len(found.checks)
        return BlockersAnswer(
            as_of=found.as_of,
            rounded_to=found.rounded_to,
            policy_version=found.policy_version,
            checks=tuple(_blocker(one, lang) for one in shown),
            next=shown[-1].check if more else None,
        )

    @router.get("/cliffs", responses=faults)
    def cliffs() -> CliffsAnswer:
        """Return how many ready devices stop being ready within 30, 90, 180 and 365 days."""
        found = outlook.cliffs()
        return CliffsAnswer(
            as_of=found.as_of,
            rounded_to=found.rounded_to,
            cliffs=tuple(
                CliffAnswer(
                    within_days=one.within_days,
                    until=one.until,
                    devices=one.devices,
                    together=one.together,
                )
                for one in found.cliffs
            ),
            later=found.later,
            not_ready=found.not_ready,
            unknown=found.unknown,
        )

    return router


def _blocker(one: Blocker, language: str) -> BlockerAnswer:
    return BlockerAnswer(
        check=one.check,
        title=one.title[language],
        pillar=one.pillar,
        audience=one.audience,
        essential=one.essential,
        judged=one.judged,
        devices=dict(one.devices),
        last_blocker=one.last_blocker,
        contested=one.contested,
    )
