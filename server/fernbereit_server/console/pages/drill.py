"""If this came true, who could work, what stops the others, and does what must go on go on?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fernbereit.words import Words
from fernbereit_server.console.formatting import day, number
from fernbereit_server.console.pages.bars import Slice, bar
from fernbereit_server.console.status import Status
from fernbereit_server.metrics.place_names import place_name
from fernbereit_server.outlook.answers import Drilled, ScenarioChoice
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.result import Bounds, DrillResult, ServiceResult, UnitResult

_HOLDS: Final = {"yes": "good", "no": "critical"}
_TENTHS: Final = 10
"""Bars are drawn in tenths of a person, so that shares of pools are seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """One unit: how many are able, of how many, and what stops the others."""

    name: str
    members: str
    bar: tuple[Slice, ...]
    able: str
    share: str
    stops: str
    leaves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """One time-critical service: how many it has of those it needs."""

    name: str
    minimum: str
    staffed: str
    holds: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioLink:
    """One scenario that can be chosen."""

    key: str
    title: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer in large: able people, their share, a bar, what binds in the low and in the high case."""

    title: str
    sentence: str
    able: str
    share: str
    bar: tuple[Slice, ...]
    binds: str
    binds_high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillView:
    """The whole page."""

    scenarios: tuple[ScenarioLink, ...]
    as_of: str
    counted: str
    answer: Answer
    units: tuple[UnitView, ...]
    services: tuple[ServiceView, ...]
    notes: tuple[str, ...]
    denominator: str


def drill(drilled: Drilled, choices: tuple[ScenarioChoice, ...], own: Words, *, as_of: str = "") -> DrillView:
    """Lay out a drill; units stand in the order of the organisation, so that nobody is ranked."""
    result, say = drilled.result, telling.words(own.lang)
    return DrillView(
        scenarios=tuple(
            ScenarioLink(key=one.key, title=one.title[own.lang], current=one.key == result.scenario)
            for one in choices
        ),
        as_of=as_of,
        counted=counted(drilled, own),
        answer=answer(result, own),
        units=tuple(_unit(unit, drilled.members, own) for unit in result.units),
        services=services(result, own),
        notes=tuple(telling.note(note, say) for note in result.notes),
        denominator=own(
            "drill.denominator",
            headcount=number(result.headcount, own),
            suitable=number(result.suitable, own),
            devices=number(drilled.devices, own),
        ),
    )


def answer(result: DrillResult, own: Words) -> Answer:
    """Lay out what a drill says in all."""
    say = telling.words(own.lang)
    low, high = result.binding, result.binding_high
    differs = (low.kind, low.names) != (high.kind, high.names)
    return Answer(
        title=result.title[own.lang],
        sentence=telling.headline(result, say),
        able=telling.people(result.able, say),
        share=telling.share(result.ratio, say),
        bar=_bar(result.able, result.suitable),
        binds=telling.binding(low, say),
        binds_high=telling.binding(high, say) if differs else "",
    )


def services(result: DrillResult, own: Words) -> tuple[ServiceView, ...]:
    """Lay out the time-critical services."""
    return tuple(_service(service, own) for service in result.services)


def service_status(service: ServiceResult, own: Words) -> Status:
    """Return whether a service keeps its minimum staffing."""
    return Status(word=own(f"drill.holds.{service.holds}"), look=_HOLDS.get(service.holds, "unknown"))


def counted(drilled: Drilled, own: Words) -> str:
    """Say when the devices were counted, how they are rounded, and since when the organisation is so."""
    parts = [own("drill.counted", day=day(drilled.as_of, own))]
    if drilled.rounded_to is not None:
        parts.append(own("drill.rounded", k=number(drilled.rounded_to, own)))
    if drilled.organisation_on is not None:
        parts.append(own("drill.organisation", day=day(drilled.organisation_on, own)))
    return " ".join(parts)


def _unit(unit: UnitResult, members: Mapping[str, tuple[str, ...]], own: Words) -> UnitView:
    say = telling.words(own.lang)
    return UnitView(
        name=place_name(unit.name, own),
        members=", ".join(members.get(unit.name, ())),
        bar=_bar(unit.able, unit.suitable) if unit.leaves else (),
        able=own("drill.of", able=telling.people(unit.able, say), suitable=number(unit.suitable, own))
        if unit.leaves
        else "",
        share=telling.share(unit.ratio, say) if unit.leaves else "",
        stops=telling.binding(unit.binding, say),
        leaves=unit.leaves,
    )


def _service(service: ServiceResult, own: Words) -> ServiceView:
    say = telling.words(own.lang)
    return ServiceView(
        name=service.name,
        minimum=number(service.minimum, own),
        staffed=telling.people(service.staffed, say),
        holds=service_status(service, own),
    )


def _bar(able: Bounds, suitable: int) -> tuple[Slice, ...]:
    return bar(list(_pieces(able)), suitable * _TENTHS) if suitable else ()


def _pieces(able: Bounds) -> Iterator[tuple[str, int]]:
    low, high = round(able.low * _TENTHS), round(able.high * _TENTHS)
    yield "good", low
    yield "unknown", max(0, high - low)
