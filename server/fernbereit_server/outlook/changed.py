"""Why is the able share another one than so many days ago, in people and in devices?

First the authority, then its devices: the devices of then are drilled with the authority of now, and what
that changes is due to the organisation (staff, gateways, services); the rest is due to the devices. Why
these changed is told in devices, since capacity makes a ready device worth more or less than a person.
Everything is computed from published cells, so it tells no more than they do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fernbereit_server.outlook.published import Words
from fernbereit_server.publication.changes import PublishedChange
from fernbereit_server.publication.groups import Group as Place
from fernbereit_server.resilience.adopted import Shift
from fernbereit_server.resilience.result import Bounds, DrillResult

_READY = "ready_"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Devices of one direction and cause; `checks` says of how many of them one check alone decided."""

    direction: str
    cause: str
    devices: int
    checks: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Two published days compared. Parts of people add up, and so do those of devices.

    `ratio_by_...` are shares of the suitable people, from -1 to 1. `rest` are devices that rounding and small
    causes leave over; it and `causes` are None where causes are not published.
    """

    scenario: str
    title: Mapping[str, str]
    days: int
    since: date
    until: date
    able_then: Bounds
    able_now: Bounds
    suitable_then: int
    suitable_now: int
    ratio_then: Bounds | None
    ratio_now: Bounds | None
    people_by_organisation: Shift
    people_by_devices: Shift
    ratio_by_organisation: Shift | None
    ratio_by_devices: Shift | None
    ready_then: int
    ready_now: int
    causes: tuple[Cause, ...] | None
    rest: int | None


@dataclass(frozen=True, kw_only=True)
class Days:
    """The two published days, and how many devices were ready on them."""

    days: int
    since: date
    until: date
    ready_then: int
    ready_now: int


def compared(
    days: Days,
    *,
    then: DrillResult,
    between: DrillResult,
    now: DrillResult,
    change: PublishedChange | None,
) -> Changed:
    """Take a change apart; `between` is the drill of the devices of then with the authority of now."""
    causes = None if change is None else causes_of(change)
    explained = sum(c.devices if c.direction == "gained" else -c.devices for c in causes or ())
    return Changed(
        scenario=now.scenario,
        title=now.title,
        days=days.days,
        since=days.since,
        until=days.until,
        able_then=then.able,
        able_now=now.able,
        suitable_then=then.suitable,
        suitable_now=now.suitable,
        ratio_then=then.ratio,
        ratio_now=now.ratio,
        people_by_organisation=_shift(then.able, between.able),
        people_by_devices=_shift(between.able, now.able),
        ratio_by_organisation=_ratio_shift(then.ratio, between.ratio),
        ratio_by_devices=_ratio_shift(between.ratio, now.ratio),
        ready_then=days.ready_then,
        ready_now=days.ready_now,
        causes=causes,
        rest=None if causes is None else days.ready_now - days.ready_then - explained,
    )


def causes_of(change: PublishedChange) -> tuple[Cause, ...]:
    """Return the causes, those of most devices first; the sums of facts and time hold their checks."""
    whole: dict[tuple[str, str], int] = {}
    checks: dict[tuple[str, str], dict[str, int]] = {}
    for part, count in change.parts.items():
        kind, _, check = part.cause.partition(":")
        key = (part.direction, kind)
        if check:
            checks.setdefault(key, {})[check] = count
        if not check or change.sums is None:
            whole[key] = whole.get(key, 0) + count
    for part, count in (change.sums or {}).items():
        key = (part.direction, part.cause)
        # Two checks may be rounded up and their sum down: no part is shown as more than the whole.
        whole[key] = max(count, sum(checks.get(key, {}).values()))
    return tuple(
        Cause(direction=direction, cause=cause, devices=count, checks=checks.get((direction, cause), {}))
        for (direction, cause), count in sorted(whole.items(), key=lambda pair: (-pair[1], pair[0]))
        if count
    )


def ready(groups: Iterable[Words] | Mapping[Place, Words]) -> int:
    """Return how many devices were published as ready, by whatever path."""
    rows = groups.values() if isinstance(groups, Mapping) else groups
    return sum(count for words in rows for word, count in words.items() if word.startswith(_READY))


def _shift(before: Bounds, after: Bounds) -> Shift:
    return Shift(after.low - before.low, after.high - before.high)


def _ratio_shift(before: Bounds | None, after: Bounds | None) -> Shift | None:
    return None if before is None or after is None else _shift(before, after)
