"""What does the outlook answer? Plain values; words for people are chosen by whoever shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fernbereit_server.publication.groups import Group as Place
from fernbereit_server.resilience.forecast import Forecast
from fernbereit_server.resilience.headroom import Headroom
from fernbereit_server.resilience.result import Bounds, DrillResult

Source = Literal["published", "exact"]


@dataclass(frozen=True, kw_only=True)
class ScenarioChoice:
    """One scenario people can ask for; `own` ones stand in the organisation file."""

    key: str
    title: Mapping[str, str]
    own: bool


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """A drill over the collected fleet.

    `as_of` is the day its devices were counted; `asked_for` the day that was asked for, if any. `devices` are
    those counted, rounded to multiples of `rounded_to` unless that is None. `members` names the units of each
    unit that stands for several; `places` says under which site and unit a unit is published.
    """

    result: DrillResult
    source: Source
    as_of: date
    asked_for: date | None
    organisation_on: date | None
    rounded_to: int | None
    devices: int
    members: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]
    headroom: Headroom


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """What a drill of one day would have said in all; sessions are those demanded."""

    day: date
    able: Bounds
    suitable: int
    sessions: Bounds
    devices: int

    @property
    def ratio(self) -> Bounds | None:
        """Return the able share of the suitable people."""
        return self.able.over(self.suitable)


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One scenario over time, a point a published day, ascending."""

    scenario: str
    title: Mapping[str, str]
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, kw_only=True)
class HeadroomOutlook:
    """What is left at the gateways, and when it will be used up.

    `earliest` goes by the high demand (every unknown device needs a tunnel), `latest` by the low one.
    """

    scenario: str
    title: Mapping[str, str]
    as_of: date
    rounded_to: int
    headroom: Headroom
    earliest: Forecast
    latest: Forecast
