"""What was predicted for an announced drill day, what was measured, and how far apart were they?

Predicted are able people, measured are devices that worked from outside, both over groups. Nobody must take
part: fewer than predicted is no failure, and where few devices reported at all, nothing is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from fernbereit_server.decisions.model import DrillDay
from fernbereit_server.resilience.result import Binding, Bounds, DrillResult

ENOUGH = 0.5
"""Share of a group's devices that must have reported on the day; below it nothing is said of the group."""

_ALONE: Mapping[str, Sequence[str]] = MappingProxyType({})


class Outcome(StrEnum):
    """How measured stands to predicted; there is no word for failing."""

    AS_PREDICTED = "as_predicted"
    FEWER = "fewer"
    MORE = "more"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """Where an announced day stands."""

    ANNOUNCED = "announced"
    TODAY = "today"
    OVER = "over"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group, or everybody (`unit` empty); devices in multiples of the publication's k.

    `members` are the units that the group stands for.

    `suitable`, `predicted` and `error` are None where the prediction does not know the group.
    """

    site: str
    unit: str
    members: tuple[str, ...]
    size: int
    heard: int
    working: int
    suitable: int | None
    predicted: Bounds | None
    outcome: Outcome
    error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A drill day looked back upon; `total` is None where nothing was measured or it had to be withheld."""

    drill_day: DrillDay
    phase: Phase
    total: Line | None
    groups: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Errors of all drill days so far as shares of the suitable people: measured less predicted."""

    days: int
    mean: float | None
    mean_size: float | None


def prediction(
    result: DrillResult, made_on: date, members: Mapping[str, Sequence[str]] = _ALONE
) -> dict[str, Any]:
    """Write down what a drill says, for the store; people have one decimal.

    `members` names the units that stand together under one name of the drill.
    """
    return {
        "made_on": made_on.isoformat(),
        "scenario": result.scenario,
        "title": dict(result.title),
        "headcount": result.headcount,
        "suitable": result.suitable,
        "able": _written(result.able),
        "binding": _named(result.binding),
        "units": [
            {
                "unit": unit.name,
                "members": list(members.get(unit.name, (unit.name,))),
                "suitable": unit.suitable,
                "able": _written(unit.able),
                "binding": _named(unit.binding),
            }
            for unit in result.units
            if unit.leaves
        ],
        "services": [
            {
                "name": service.name,
                "minimum": service.minimum,
                "staffed": _written(service.staffed),
                "holds": service.holds,
            }
            for service in result.services
        ],
    }


def greater(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the greatest counts of a day: group by group, and of everybody; `now` says which groups exist."""
    if before is None:
        return dict(now)
    earlier = {(group["site"], group["unit"]): group for group in before["groups"]}
    groups = [_greatest(earlier.get((group["site"], group["unit"])), group) for group in now["groups"]]
    total = before["total"] if now["total"] is None else _greatest(before["total"], now["total"])
    return {**now, "groups": groups, "total": total}


def review(drill_day: DrillDay, today: date) -> Review:
    """Compare predicted and measured, group by group and in total, once the day is over."""
    measured = drill_day.measured
    phase = _phase(drill_day, today)
    if measured is None or phase is not Phase.OVER:
        return Review(drill_day=drill_day, phase=phase, total=None, groups=())
    predicted, k = drill_day.predicted, measured["k"]
    total = measured["total"]
    everybody = (predicted["suitable"], Bounds(*predicted["able"]))
    return Review(
        drill_day=drill_day,
        phase=phase,
        total=None
        if total is None
        else _line({"site": "", "unit": "", "members": (), **total}, everybody, k),
        groups=tuple(
            _line(group, _predicted_of(group, predicted["units"]), k) for group in measured["groups"]
        ),
    )


def calibration(reviews: Iterable[Review]) -> Calibration:
    """Return the mean error, and the mean of its size, over the days that are over and known."""
    errors = [
        one.total.error
        for one in reviews
        if one.phase is Phase.OVER
        and one.total is not None
        and one.total.outcome is not Outcome.UNKNOWN
        and one.total.error is not None
    ]
    if not errors:
        return Calibration(0, None, None)
    mean, size = sum(errors) / len(errors), sum(map(abs, errors)) / len(errors)
    return Calibration(len(errors), round(mean, 3), round(size, 3))


def _phase(drill_day: DrillDay, today: date) -> Phase:
    closed = drill_day.closed_on
    if closed is not None and closed < drill_day.held_on:
        return Phase.CALLED_OFF
    if closed is not None or today > drill_day.held_on:
        return Phase.OVER
    return Phase.TODAY if today == drill_day.held_on else Phase.ANNOUNCED


def _line(group: Mapping[str, Any], known: tuple[int, Bounds] | None, k: int) -> Line:
    size, heard, working = group["size"], group["heard"], group["working"]
    suitable, predicted = known or (None, None)
    error = None
    if predicted is not None and suitable:
        error = round((working - (predicted.low + predicted.high) / 2) / suitable, 3)
    return Line(
        site=group["site"],
        unit=group["unit"],
        members=tuple(group["members"]),
        size=size,
        heard=heard,
        working=working,
        suitable=suitable,
        predicted=predicted,
        outcome=_outcome(size, heard, working, predicted, k),
        error=error,
    )


def _outcome(size: int, heard: int, working: int, predicted: Bounds | None, k: int) -> Outcome:
    """Compare with the range; half a step of rounding is no difference."""
    if predicted is None or heard < ENOUGH * size:
        return Outcome.UNKNOWN
    if working + k / 2 < predicted.low:
        return Outcome.FEWER
    return Outcome.MORE if working - k / 2 > predicted.high else Outcome.AS_PREDICTED


def _predicted_of(group: Mapping[str, Any], units: Iterable[Mapping[str, Any]]) -> tuple[int, Bounds] | None:
    """Return suitable and able people of a group, if what was predicted is of exactly its units."""
    measured = set(group["members"])
    found = [unit for unit in units if measured & set(unit["members"])]
    if not found or measured != {name for unit in found for name in unit["members"]}:
        return None
    low, high = (sum(unit["able"][end] for unit in found) for end in (0, 1))
    return sum(unit["suitable"] for unit in found), Bounds(low, high)


def _greatest(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> dict[str, Any]:
    if before is None:
        return dict(now)
    return {**now, **{word: max(before[word], now[word]) for word in ("heard", "working")}}


def _written(bounds: Bounds) -> list[float]:
    return [round(bounds.low, 1), round(bounds.high, 1)]


def _named(binding: Binding) -> dict[str, Any]:
    return {"kind": binding.kind, "names": list(binding.names)}
