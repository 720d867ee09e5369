"""How many people could work, what binds, what is left at the gateways? Gauges made from the published drill.

They say nothing that the published cells and the authority's own file do not say. Computed in a thread when
the page or a decision has changed, and served as prepared bytes. Names of gateways, services and scenarios
are the authority's own; so many of each at most become labels.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from fernbereit_server.metrics.exposition import TEXT, Gauge, gauge, render
from fernbereit_server.metrics.handed import Part, part
from fernbereit_server.outlook import Drilled, HeadroomOutlook, Outlook, OutlookError
from fernbereit_server.publication.groups import published_name
from fernbereit_server.resilience.forecast import Forecast
from fernbereit_server.resilience.result import Bounds

MOST = 40
"""Gateways, services and scenarios of the authority's own that are exposed, in the order of its file."""
_NAMELESS = (
    "devices",
    "no_gateway",
    "capacity_unknown",
    "dependency",
    "no_staff",
    "none",
)
"""Constraints that are no gateway, licence pool or line."""
_HOLDS = ("yes", "no", "unknown")
_Row = tuple[Sequence[str], float]


class OutlookMetrics:
    """Holds the gauges of the page in force; `version` says what they depend on."""

    def __init__(self, outlook: Outlook, version: Callable[[], Any]) -> None:
        self._outlook = outlook
        self._version = version
        self._made_for: Any = None
        self.part: Part = part(b"")
        """The gauges as both formats write them."""

    async def tick(self) -> None:
        """Compute anew if page or decisions have changed."""
        if self._version() != self._made_for:
            await asyncio.to_thread(self.refresh)

    def refresh(self) -> None:
        """Compute now; where there is no answer yet, nothing is exposed."""
        version = self._version()
        self.part = part(render(outlook_metrics(self._outlook), TEXT))
        self._made_for = version


def outlook_metrics(outlook: Outlook) -> list[Gauge]:
    """Return what the published drill says; nothing as long as it cannot be drilled."""
    try:
        chosen = outlook.scenarios()
        own = [one.key for one in chosen if one.own][:MOST]
        drilled = [outlook.drill(key) for key in (*(one.key for one in chosen if not one.own), *own)]
        office_closed, headroom = outlook.drill(), outlook.headroom()
    except OutlookError:
        return []
    return [
        *_staff(office_closed),
        *_scenarios(drilled),
        *_services(office_closed),
        *_sessions(headroom),
    ]


def _staff(drilled: Drilled) -> Iterator[Gauge]:
    result = drilled.result
    units = [(drilled.places[unit.name], unit) for unit in result.units]
    yield gauge(
        "fernbereit_suitable_staff",
        "People whose tasks suit remote work, as the authority says.",
        ["site", "unit"],
        [((place.site, place.unit), unit.suitable) for place, unit in units],
    )
    yield gauge(
        "fernbereit_able_staff",
        "People able to work if the office closed, between the bounds; unknown devices make the range.",
        ["site", "unit", "bound"],
        [row for place, unit in units for row in _bounded((place.site, place.unit), unit.able)],
    )
    yield gauge(
        "fernbereit_fleet_suitable_staff",
        "People whose tasks suit remote work, in all.",
        [],
        [((), result.suitable)],
    )
    yield gauge(
        "fernbereit_fleet_able_staff",
        "People able to work if the office closed, in all.",
        ["bound"],
        _bounded((), result.able),
    )
    if result.ratio is not None:
        yield gauge(
            "fernbereit_fleet_able_ratio",
            "Share of the suitable people able to work if the office closed.",
            ["bound"],
            _bounded((), result.ratio),
        )


def _scenarios(drilled: Sequence[Drilled]) -> Iterator[Gauge]:
    labels = _labels([one.result.scenario for one in drilled])
    named = [(label, one.result) for label, one in zip(labels, drilled, strict=True)]
    yield gauge(
        "fernbereit_drill_suitable_staff",
        "Suitable people of the units that leave in a scenario.",
        ["scenario"],
        [((key,), sum(unit.suitable for unit in result.units if unit.leaves)) for key, result in named],
    )
    yield gauge(
        "fernbereit_drill_able_staff",
        "People able to work in a scenario, between the bounds.",
        ["scenario", "bound"],
        [row for key, result in named for row in _bounded((key,), result.able)],
    )
    limits = list(dict.fromkeys(load.name for one in drilled for load in one.headroom.gateways))[:MOST]
    constraints = _labels([*_NAMELESS, *limits])[len(_NAMELESS) :]
    rows: list[_Row] = []
    for key, result in named:
        binding = result.binding
        rows += [
            ((key, label), name in binding.names) for label, name in zip(constraints, limits, strict=True)
        ]
        rows += [((key, word), not binding.names and word == binding.kind) for word in _NAMELESS]
    yield gauge(
        "fernbereit_drill_binding",
        "Whether this is what stops most people in a scenario: a gateway, pool or line, or a kind of want.",
        ["scenario", "constraint"],
        rows,
    )


def _services(drilled: Drilled) -> Iterator[Gauge]:
    told = drilled.result.services[:MOST]
    services = list(zip(_labels([service.name for service in told]), told, strict=True))
    yield gauge(
        "fernbereit_service_minimum_staff",
        "People a time-critical service needs at least.",
        ["service"],
        [((name,), service.minimum) for name, service in services],
    )
    yield gauge(
        "fernbereit_service_staffed",
        "People of a service's minimum who are able to work if the office closed.",
        ["service", "bound"],
        [row for name, service in services for row in _bounded((name,), service.staffed)],
    )
    yield gauge(
        "fernbereit_service_minimum_holds",
        "Whether a service keeps its minimum staffing if the office closed: yes, no or unknown.",
        ["service", "holds"],
        [((name, word), service.holds == word) for name, service in services for word in _HOLDS],
    )


def _sessions(found: HeadroomOutlook) -> Iterator[Gauge]:
    headroom = found.headroom
    yield gauge(
        "fernbereit_sessions_demanded",
        "Sessions asked of all gateways at once if the office closed.",
        ["bound"],
        _bounded((), headroom.demanded),
    )
    if headroom.total is None:
        return
    yield gauge(
        "fernbereit_sessions_capacity",
        "Sessions that all gateways carry at once.",
        [],
        [((), headroom.total.capacity)],
    )
    told = headroom.gateways[:MOST]
    loads = list(zip(_labels([load.name for load in told]), told, strict=True))
    yield gauge(
        "fernbereit_gateway_sessions_demanded",
        "Sessions asked of a gateway, licence pool or line if everybody spreads as evenly as can be.",
        ["gateway", "bound"],
        [row for name, load in loads for row in _bounded((name,), load.demanded)],
    )
    yield gauge(
        "fernbereit_gateway_sessions_capacity",
        "Sessions that a gateway, licence pool or line carries at once.",
        ["gateway"],
        [((name,), load.capacity) for name, load in loads],
    )
    days = [
        ((word,), _timestamp(one))
        for word, one in (("earliest", found.earliest), ("latest", found.latest))
        if one.on is not None
    ]
    if days:
        yield gauge(
            "fernbereit_sessions_used_up_timestamp_seconds",
            "Day on which sessions are used up if the last 90 published days go on, where one is told.",
            ["estimate"],
            days,
        )


def _bounded(labels: Sequence[str], bounds: Bounds) -> list[_Row]:
    return [((*labels, "low"), round(bounds.low, 6)), ((*labels, "high"), round(bounds.high, 6))]


def _timestamp(one: Forecast) -> float:
    assert one.on is not None
    return datetime.combine(one.on, time(), UTC).timestamp()


def _labels(names: Sequence[str]) -> list[str]:
    """Return names fit for labels, no two alike: a gateway and a licence pool may share a name."""
    labels: dict[str, None] = {}
    for name in names:
        label = published_name(name, "-")
        while label in labels:
            label += "."
        labels[label] = None
    return list(labels)
