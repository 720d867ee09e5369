"""What would happen if the office closed? The one place that API, console, commands and metrics ask.

Published answers are computed from published cells and the authority's own file alone, so whatever is asked
tells no more than the page does. They are kept as long as page and decisions are the same; one drill and one
plan are worked out at a time, in the thread of whoever asks.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from fernbereit.nearest import nearest
from fernbereit_server.decisions import Decisions
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook import history
from fernbereit_server.outlook.aims import goal_standings, measure_standings, predicted
from fernbereit_server.outlook.answers import Drilled, HeadroomOutlook, ScenarioChoice, Trend
from fernbereit_server.outlook.changed import Changed, Days, compared, ready
from fernbereit_server.outlook.checks import Blockers, Cliffs, blockers_of, cliffs_of
from fernbereit_server.outlook.collected import Collected
from fernbereit_server.outlook.course import Course
from fernbereit_server.outlook.drilled import Seen, drilled, seen_exactly, seen_published
from fernbereit_server.outlook.errors import (
    NoOrganisationError,
    NoSuchScenarioError,
    NothingPublishedError,
)
from fernbereit_server.outlook.kept import Kept
from fernbereit_server.outlook.plans import Plans, worked_out
from fernbereit_server.outlook.published import arrange, capability, filled, fixes, grouped
from fernbereit_server.publication.cells import Page
from fernbereit_server.publication.changes import published_change
from fernbereit_server.resilience import scenario as scenarios
from fernbereit_server.resilience.adopted import Expected, MeasureStanding, expected
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.drill_day import Review, review
from fernbereit_server.resilience.goals import GoalStanding
from fernbereit_server.resilience.planner.result import Plan, Wish
from fernbereit_server.resilience.result import ServiceResult
from fernbereit_server.resilience.scenario import SCENARIOS, Scenario
from fernbereit_server.settings import Settings

OFFICE_CLOSED = SCENARIOS[0].key
YEAR = timedelta(days=396)
_ANSWERS = 100
"""Drills kept; each may hold hundreds of units."""


class Outlook:
    """Answers from the page and the decisions in force, and from published days in the store."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        decisions: Callable[[], Decisions],
        page: Callable[[], Page | None],
        collected: Callable[[Organisation], Collected],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._decisions = decisions
        self._page = page
        self._collected = collected
        self._kept = Kept(_ANSWERS)
        self._plans = Plans()
        self._course = Course(engine, settings.publication.k, self._live)

    def scenarios(self) -> tuple[ScenarioChoice, ...]:
        """Return every scenario that can be asked for, the authority's own first; raises `OutlookError`."""
        authority = self._organisation()
        own = {one.name for one in authority.scenarios}
        found = [scenarios.find(name, authority) for name in scenarios.known(authority)]
        chosen = {one.key: one for one in found if one is not None}
        return tuple(ScenarioChoice(key=key, title=one.title, own=key in own) for key, one in chosen.items())

    def drill(
        self, scenario: str = OFFICE_CLOSED, as_of: date | None = None, *, exact: bool = False
    ) -> Drilled:
        """Answer a scenario for the devices of today, or as published on a day; raises `OutlookError`.

        `exact` counts the fleet itself, unrounded and for operations only, and knows today only.
        """
        if exact:
            return drilled(self.fleet(exact=True), self._find(scenario, self._organisation()))
        page = self._page()
        if as_of is None or (page is not None and as_of >= self._day(page)):
            return replace(self._today(scenario), asked_for=as_of)
        return replace(self._past(scenario, history.last_day(self._engine, as_of)), asked_for=as_of)

    def trend(
        self,
        since: date | None = None,
        until: date | None = None,
        scenario: str = OFFICE_CLOSED,
        *,
        every: int = 1,
    ) -> Trend:
        """Return the totals of every so many published days; without dates those of the last 13 months.

        Each day is drilled with the authority as it was; days before the first import with the first.
        """
        found = self._find(scenario, self._organisation())
        last = min(until or date.max, self._clock().astimezone(self._settings.zone).date())
        first = since or last - min(YEAR, last - date.min)
        days = history.chosen_days(history.days(self._engine), first, last, every)
        return Trend(
            scenario=found.key, title=found.title, points=tuple(self._course.points(found.key, days))
        )

    def headroom(self, scenario: str = OFFICE_CLOSED) -> HeadroomOutlook:
        """Return what is left at the gateways today, and on which day it will be used up."""
        drilled = self._today(scenario)
        page = self._in_force()
        found = drilled.result.scenario
        key = ("forecast", page.tick_at, self._decisions().version, found)
        earliest, latest = self._kept.once(key, lambda: self._course.forecasts(drilled.headroom, found))
        return HeadroomOutlook(
            scenario=drilled.result.scenario,
            title=drilled.result.title,
            as_of=drilled.as_of,
            rounded_to=page.k,
            headroom=drilled.headroom,
            earliest=earliest,
            latest=latest,
        )

    def services(self, scenario: str = OFFICE_CLOSED) -> tuple[ServiceResult, ...]:
        """Return whether time-critical services keep their minimum staffing; raises `OutlookError`."""
        return self._today(scenario).result.services

    def blockers(self) -> Blockers:
        """Return what the page in force says of every check; raises `NothingPublishedError`."""
        page = self._in_force()
        found = blockers_of(page, self._day(page), self._decisions().policy)
        if not found.checks:
            raise NothingPublishedError
        return found

    def cliffs(self) -> Cliffs:
        """Return when ready devices stop being ready; raises `NothingPublishedError`."""
        page = self._in_force()
        found = cliffs_of(page, self._day(page))
        if found is None:
            raise NothingPublishedError
        return found

    def goals(self) -> tuple[GoalStanding, ...]:
        """Return every goal beside the published share; raises nothing, what is missing is unknown."""
        return goal_standings(self._published, self._decisions().goals, self._now())

    def measures(self) -> tuple[MeasureStanding, ...]:
        """Return every adopted measure beside what happened since; raises nothing."""
        return measure_standings(self._published, self._decisions().measures)

    def change(self, days: int = 30, scenario: str = OFFICE_CLOSED) -> Changed:
        """Take apart what changed in so many days (7, 30 or 90 for causes); raises `OutlookError`."""
        now = self._today(scenario)
        then = self.drill(scenario, now.as_of - timedelta(days=days))
        page, authority = self._in_force(), self._organisation()
        found = self._find(scenario, authority)
        cells = capability(history.cells_of(self._engine, [then.as_of])[then.as_of])
        seen = grouped(authority, cells, page.k)
        return compared(
            Days(
                days=days,
                since=then.as_of,
                until=now.as_of,
                ready_then=ready(cells),
                ready_now=ready(capability(page.cells)),
            ),
            then=then.result,
            between=drill(seen.organisation, seen.counts, found),
            now=now.result,
            change=published_change(page.cells, days),
        )

    def expected(self, scenario: str, *, item: str, number: int, place: str | None) -> Expected | None:
        """Say what a measure would bring by published numbers; raises `OutlookError`.

        None if the item helps nobody at that place.
        """
        found, seen = self._find(scenario, self._organisation()), self.fleet()
        where = next((name for name, units in seen.members.items() if place in units), place)
        return expected(seen.organisation, seen.counts, found, item=item, number=number, place=where)

    def drill_days(self) -> tuple[Review, ...]:
        """Return every announced drill day, compared with its prediction once it is over; raises nothing."""
        today = self._now()
        return tuple(review(one, today) for one in self._decisions().drill_days)

    def predicted(self, scenario: str) -> dict[str, Any]:
        """Return what is written down for an announced drill day; raises `OutlookError`."""
        return predicted(self._published, scenario, self._now())

    def _published(self, scenario: str, as_of: date | None) -> Drilled:
        return self.drill(scenario, as_of)

    def _now(self) -> date:
        return self._clock().astimezone(self._settings.zone).date()

    def fleet(self, *, exact: bool = False) -> Seen:
        """Return the authority and its devices of today; raises `OutlookError`."""
        decisions, authority = self._decisions(), self._organisation()
        if exact:
            today = self._clock().astimezone(self._settings.zone).date()
            return seen_exactly(
                authority, self._collected(authority), day=today, organisation_on=decisions.organisation_on
            )
        page = self._in_force()

        def seen() -> Seen:
            groups = capability(page.cells)
            if not groups:
                raise NothingPublishedError
            return seen_published(
                authority,
                filled(arrange(authority, groups, page.k), groups, fixes(page.cells)),
                day=self._day(page),
                organisation_on=decisions.organisation_on,
                k=page.k,
            )

        return self._kept.once(("fleet", page.tick_at, decisions.version), seen)

    def plan(self, wish: Wish, scenario: str = OFFICE_CLOSED, *, exact: bool = False) -> Plan:
        """Return what to do first for a budget or a target; raises `OutlookError`."""
        seen = self.fleet(exact=exact)
        found = self._find(scenario, seen.written)
        if seen.rounded_to is None:
            return worked_out(seen, found, wish)
        key = (self._in_force().tick_at, self._decisions().version, found.key, wish)
        return self._plans.once(key, seen, found, wish)

    def _today(self, scenario: str) -> Drilled:
        page, decisions = self._in_force(), self._decisions()
        found = self._find(scenario, self._organisation())
        return self._kept.once(
            ("drill", page.tick_at, decisions.version, found.key), lambda: drilled(self.fleet(), found)
        )

    def _past(self, scenario: str, day: date) -> Drilled:
        known = history.in_force(history.authorities(self._engine), day)
        found = self._find(scenario, known.organisation)

        def answer() -> Drilled:
            cells = history.cells_of(self._engine, [day])[day]
            k = history.rounded_to(cells, self._settings.publication.k)
            groups = capability(cells)
            seen = filled(arrange(known.organisation, groups, k), groups)
            return drilled(
                seen_published(known.organisation, seen, day=day, organisation_on=known.imported_on, k=k),
                found,
            )

        return self._kept.once(("past", day, known.number, found.key), answer)

    def _in_force(self) -> Page:
        page = self._page()
        if page is None:
            raise NothingPublishedError
        return page

    def _organisation(self) -> Organisation:
        organisation = self._decisions().organisation
        if organisation is None:
            raise NoOrganisationError
        return organisation

    def _find(self, scenario: str, authority: Organisation) -> Scenario:
        found = scenarios.find(scenario, authority)
        if found is None:
            known = scenarios.known(authority)
            raise NoSuchScenarioError(scenario, known, nearest(scenarios.key_of(scenario), known))
        return found

    def _live(self, day: date) -> datetime | None:
        """Return which page a day that is not over has its numbers from, None for any other day."""
        page = self._page()
        return page.tick_at if page is not None and day >= self._day(page) else None

    def _day(self, page: Page) -> date:
        return page.tick_at.astimezone(self._settings.zone).date()
