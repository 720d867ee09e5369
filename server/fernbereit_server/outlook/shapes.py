"""How is an answer written for machines? The same shapes in the API and behind `--json`.

People and sessions have at most six decimals; shares go from 0 to 1. Ranges are low and high.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from fernbereit_server.outlook.answers import Drilled, HeadroomOutlook, Trend
from fernbereit_server.resilience.answer import answer, number
from fernbereit_server.resilience.forecast import Forecast
from fernbereit_server.resilience.forecast import Word as ForecastWord
from fernbereit_server.resilience.headroom import Headroom, Load
from fernbereit_server.resilience.result import Bounds

Number = int | float


class Range(BaseModel):
    """The truth lies between, as far as rounding lets it be seen."""

    low: Number
    high: Number


class Named(BaseModel):
    """A scenario by its key and its title in the language asked for."""

    key: str
    title: str


class BindingAnswer(BaseModel):
    """What stops most people: a kind, its names, the people behind it, what is just as scarce."""

    kind: str
    names: tuple[str, ...]
    stopped: Number
    tied: tuple[str, ...]


class PieceAnswer(BaseModel):
    """One piece of the minimum cut."""

    kind: str
    name: str | None
    people: Number


class UnitAnswer(BaseModel):
    """One unit; `members` are the units it stands for, empty for a unit that stands for itself."""

    name: str
    members: tuple[str, ...]
    headcount: int
    suitable: int
    leaves: bool
    equipped: Range
    able: Range
    ratio: Range | None
    binding_constraint: BindingAnswer


class ServiceAnswer(BaseModel):
    """One time-critical service."""

    name: str
    minimum: int
    staffed: Range
    holds: Literal["yes", "no", "unknown"]


class NoteAnswer(BaseModel):
    """What must be known of the figures; further fields belong to the word."""

    model_config = ConfigDict(extra="allow")
    word: str


class LoadAnswer(BaseModel):
    """Sessions at one gateway, licence pool or line."""

    name: str
    kind: str
    demanded: Range
    capacity: Number
    left: Range


class HeadroomAnswer(BaseModel):
    """Sessions demanded and carried; `capacity` is null where nobody stated gateways."""

    demanded: Range
    capacity: Number | None
    left: Range | None
    ceiling: Number
    tightest: str | None
    gateways: tuple[LoadAnswer, ...]


class ForecastAnswer(BaseModel):
    """When sessions are used up; `on` is a day only where `word` is `day`."""

    word: ForecastWord
    on: date | None
    per_month: Number | None
    days: int


class ForecastsAnswer(BaseModel):
    """By the high demand and by the low one."""

    earliest: ForecastAnswer
    latest: ForecastAnswer


class HeadroomOutlookAnswer(HeadroomAnswer):
    """Headroom of a scenario, and when it is used up."""

    scenario: Named
    as_of: date
    rounded_to: int
    forecast: ForecastsAnswer


class DrillAnswer(BaseModel):
    """A drill over the collected fleet; `rounded_to` is null for exact numbers."""

    organisation: str | None
    scenario: Named
    source: Literal["published", "exact"]
    as_of: date
    asked_for: date | None
    organisation_on: date | None
    rounded_to: int | None
    devices: int
    concurrency: Number
    reservation: bool
    headcount: int
    suitable: int
    equipped: Range
    able: Range
    ratio: Range | None
    binding_constraint: BindingAnswer
    binding_constraint_high: BindingAnswer
    minimum_cut: tuple[PieceAnswer, ...]
    units: tuple[UnitAnswer, ...]
    services: tuple[ServiceAnswer, ...]
    notes: tuple[NoteAnswer, ...]
    headroom: HeadroomAnswer


class TrendPointAnswer(BaseModel):
    """The totals of one published day."""

    day: date
    able: Range
    suitable: int
    ratio: Range | None
    sessions: Range
    devices: int


class TrendAnswer(BaseModel):
    """One scenario over time; days ascend."""

    scenario: Named
    points: tuple[TrendPointAnswer, ...]


def drill_answer(drilled: Drilled, language: str) -> DrillAnswer:
    """Write a drill; titles are in the language asked for, names as the authority wrote them."""
    written = answer(drilled.result, language)
    for unit in written["units"]:
        unit["members"] = drilled.members.get(unit["name"], ())
    return DrillAnswer.model_validate(
        written
        | {
            "source": drilled.source,
            "as_of": drilled.as_of,
            "asked_for": drilled.asked_for,
            "organisation_on": drilled.organisation_on,
            "rounded_to": drilled.rounded_to,
            "devices": drilled.devices,
            "headroom": _headroom(drilled.headroom),
        }
    )


def trend_answer(trend: Trend, language: str) -> TrendAnswer:
    """Write a trend."""
    return TrendAnswer(
        scenario=_named(trend.scenario, trend.title, language),
        points=tuple(
            TrendPointAnswer(
                day=point.day,
                able=_range(point.able),
                suitable=point.suitable,
                ratio=_range(point.ratio) if point.ratio else None,
                sessions=_range(point.sessions),
                devices=point.devices,
            )
            for point in trend.points
        ),
    )


def headroom_answer(found: HeadroomOutlook, language: str) -> HeadroomOutlookAnswer:
    """Write what is left at the gateways."""
    return HeadroomOutlookAnswer(
        scenario=_named(found.scenario, found.title, language),
        as_of=found.as_of,
        rounded_to=found.rounded_to,
        forecast=ForecastsAnswer(earliest=_forecast(found.earliest), latest=_forecast(found.latest)),
        **_headroom(found.headroom),
    )


def _headroom(found: Headroom) -> dict[str, Any]:
    total, tightest = found.total, found.tightest
    return {
        "demanded": _range(found.demanded),
        "capacity": number(total.capacity) if total else None,
        "left": _range(total.left) if total else None,
        "ceiling": number(found.ceiling),
        "tightest": (tightest.name or None) if tightest else None,
        "gateways": tuple(_load(load) for load in found.gateways),
    }


def _load(load: Load) -> LoadAnswer:
    return LoadAnswer(
        name=load.name,
        kind=load.kind,
        demanded=_range(load.demanded),
        capacity=number(load.capacity),
        left=_range(load.left),
    )


def _forecast(found: Forecast) -> ForecastAnswer:
    return ForecastAnswer(word=found.word, on=found.on, per_month=found.per_month, days=found.days)


def _named(key: str, title: Mapping[str, str], language: str) -> Named:
    return Named(key=key, title=title[language])


def _range(bounds: Bounds) -> Range:
    return Range(low=number(bounds.low), high=number(bounds.high))
