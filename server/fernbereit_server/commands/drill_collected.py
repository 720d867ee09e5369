"""What does a drill over the collected fleet say in a terminal, beside the bars?

Over what it was counted, from when it is, how it was rounded, who may see it, what is left at the gateways.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import typer

from fernbereit.words import Words
from fernbereit_server.commands.figures import day, number
from fernbereit_server.commands.opened_store import FAILED, WRONG, opened_store
from fernbereit_server.outlook import (
    Drilled,
    HeadroomOutlook,
    NoOrganisationError,
    NoPlanError,
    NoSuchScenarioError,
    NothingPublishedError,
    Outlook,
    OutlookError,
    outlook_of_store,
)
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.forecast import Forecast
from fernbereit_server.resilience.headroom import Headroom
from fernbereit_server.resilience.result import DrillResult

_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The answer, with a forecast where it is about published numbers of today."""

    drilled: Drilled
    headroom: HeadroomOutlook | None


def ask(scenario: str, say: Words, *, as_of: date | None, exact: bool, settings: Path | None) -> Asked:
    """Drill what the store holds; ends the command with a message where that cannot be done."""
    with opened_outlook(settings, say) as outlook:
        drilled = outlook.drill(scenario, as_of, exact=exact)
        forecast_too = not exact and as_of is None
        return Asked(drilled=drilled, headroom=outlook.headroom(scenario) if forecast_too else None)


@contextmanager
def opened_outlook(settings: Path | None, say: Words) -> Iterator[Outlook]:
    """Open the store and yield its outlook; what an answer lacks ends the command, with a message."""
    with opened_store(settings) as store:
        try:
            yield outlook_of_store(store.engine, store.settings, partial(datetime.now, UTC))
        except OutlookError as error:
            typer.echo(refusal(error, say), err=True)
            raise typer.Exit(WRONG if isinstance(error, NoSuchScenarioError) else FAILED) from None


def refusal(error: OutlookError, say: Words) -> str:
    """Say what is missing, and the next step."""
    if isinstance(error, NoOrganisationError):
        return say("drill.no_organisation")
    if isinstance(error, NoSuchScenarioError):
        text = say("drill.no_scenario", name=error.name, known=", ".join(error.known))
        return f"{text} {say('file.suggestion', word=error.near)}" if error.near else text
    if isinstance(error, NoPlanError):
        return say("plan.not_found")
    if isinstance(error, NothingPublishedError) and error.as_of and error.first:
        return say("drill.nothing_by", day=day(error.as_of, say), first=day(error.first, say))
    return say("drill.nothing_published")


def shown(drilled: Drilled, say: Words) -> DrillResult:
    """Return the result with units that are told together under the names of their members."""
    return replace(
        drilled.result,
        units=tuple(
            replace(unit, name=_together(drilled.members[unit.name], say))
            if unit.name in drilled.members
            else unit
            for unit in drilled.result.units
        ),
    )


def _together(members: tuple[str, ...], say: Words) -> str:
    if len(members) == 1:
        return members[0]
    named = ", ".join(members[:_NAMED])
    if len(members) <= _NAMED:
        return say("drill.together", names=named)
    return say("drill.together_more", names=named, number=len(members) - _NAMED)


def lines(drilled: Drilled, found: HeadroomOutlook | None, say: Words) -> Iterator[str]:
    """Return what stands below the bars."""
    yield from sessions(drilled.headroom, found, say)
    result = drilled.result
    yield say(
        f"drill.counted.{drilled.source}",
        suitable=number(result.suitable, say),
        headcount=number(result.headcount, say),
        devices=number(drilled.devices, say),
        day=day(drilled.as_of, say),
    )
    if drilled.asked_for is not None and drilled.asked_for != drilled.as_of:
        yield say("drill.other_day", asked=day(drilled.asked_for, say), day=day(drilled.as_of, say))
    if drilled.source == "exact":
        yield say("drill.for_operations")


def sessions(headroom: Headroom, found: HeadroomOutlook | None, say: Words) -> Iterator[str]:
    """Return what is left at the gateways in all, the tightest one, and the forecast."""
    if headroom.total is None:
        return
    asked, carried = (
        telling.people(headroom.demanded, telling.words(say.lang)),
        number(round(headroom.total.capacity), say),
    )
    yield say("drill.sessions", asked=asked, carried=carried)
    tightest = headroom.tightest
    if tightest is not None and tightest.name:
        yield say(
            "drill.tightest",
            name=tightest.name,
            asked=telling.people(tightest.demanded, telling.words(say.lang)),
            carried=number(round(tightest.capacity), say),
        )
    if found is not None:
        yield forecast(found.earliest, found.latest, say)


def forecast(earliest: Forecast, latest: Forecast, say: Words) -> str:
    """Say when sessions are used up, by the month: a trend carries no day."""
    if earliest.word == latest.word == "day" and earliest.on and latest.on:
        first, last = sorted((earliest.on, latest.on))
        if (first.year, first.month) == (last.year, last.month):
            return say("drill.forecast.day", month=_month(first, say))
        return say("drill.forecast.days", first=_month(first, say), last=_month(last, say))
    if earliest.word == "used_up" and latest.word != "used_up":
        return say("drill.forecast.perhaps_used_up")
    if earliest.word == "day" and earliest.on:
        return say("drill.forecast.earliest", month=_month(earliest.on, say))
    return say(f"drill.forecast.{earliest.word}", number=earliest.days)


def _month(value: date, say: Words) -> str:
    return say(f"drill.month.{value.month}", year=value.year)
