"""What must somebody know who reads a plan? What was left out of it, and what it takes for granted."""

from collections.abc import Iterator

from fernbereit_server.organisation import items
from fernbereit_server.resilience.counts import Counts, Kind, Path, Verdict
from fernbereit_server.resilience.demand import IN_HAND
from fernbereit_server.resilience.planner.applied import Numbers, applied
from fernbereit_server.resilience.planner.situation import Situation
from fernbereit_server.resilience.planner.standing import standing, standing_of
from fernbereit_server.resilience.result import Note
from fernbereit_server.resilience.scenario import Chosen, Scenario

_NOBODY = 1e-3


def notes(here: Situation, asked: Scenario, numbers: Numbers) -> Iterator[Note]:
    """Yield the notes on a plan of these measures; `asked` is the scenario as it was asked for."""
    organisation = here.organisation
    if organisation.gateways is None:
        yield Note(word="capacity_unknown", values={})
    if asked.loses is Chosen.LARGEST_GATEWAY and here.scenario.lost_gateways:
        yield Note(word="lost_today", values={"names": ", ".join(here.scenario.lost_gateways)})
    places = {*(here.ground.units), *(pool.name for pool in organisation.device_pools)}
    in_use = {
        group: number
        for group, number in here.counts.items()
        if group.unit in places and group.kind in {*IN_HAND, Kind.POOL}
    }
    unknown = sum(number for group, number in in_use.items() if group.verdict is Verdict.UNKNOWN)
    unclear = sum(
        number
        for group, number in in_use.items()
        if group.verdict in {Verdict.LIMITED, Verdict.NOT_READY} and not group.fix
    )
    for word, number in (("unknown_devices", unknown), ("no_single_fix", unclear)):
        if number:
            yield Note(word=word, values={"number": number})
    yield from _trial_day(here, numbers)
    used = {*items.ITEMS, *(group.fix for group in here.counts)}
    if idle := sorted(set(organisation.prices) - used):
        yield Note(word="idle_prices", values={"names": ", ".join(idle)})


def _trial_day(here: Situation, numbers: Numbers) -> Iterator[Note]:
    """Say what a day on which everybody works from outside may show.

    It makes nobody able: ready devices of which nobody knows whether they need a tunnel count as needing one,
    and the day only tells. So it is no part of a plan; the people said are those able if none needed one.
    """
    organisation, counts = applied(here.organisation, here.counts, numbers)
    open_ = sum(
        number
        for group, number in counts.items()
        if group.path is Path.UNKNOWN
        and group.verdict is Verdict.READY
        and group.kind in {*IN_HAND, Kind.POOL}
    )
    if not open_:
        return
    told: Counts = type(counts)()
    for group, number in counts.items():
        direct = group.path is Path.UNKNOWN and group.verdict is Verdict.READY
        told[
            type(group)(group.unit, Path.DIRECT, group.verdict, group.kind, group.fix) if direct else group
        ] += number
    people = standing_of(here, organisation, told).able - standing(here, numbers).able
    if people > _NOBODY:
        yield Note(word="trial_day", values={"devices": open_, "people": round(people)})
