"""What is the authority after some measures? The organisation and the counts that a drill then takes.

Plans are checked with this: what they predict is what the drill says of the authority afterwards.
"""

import dataclasses
from collections import Counter
from collections.abc import Mapping

from fernbereit_server.organisation.model import Gateway, Organisation
from fernbereit_server.resilience.counts import Counts, Kind, Verdict
from fernbereit_server.resilience.planner.measure import Measure, What, session_brings_licence

Numbers = Mapping[Measure, int]
"""How often each measure is taken."""


def applied(organisation: Organisation, counts: Counts, numbers: Numbers) -> tuple[Organisation, Counts]:
    """Return both as they are once the measures are taken; counts of stock stay as they are."""
    more: dict[tuple[What, str], int] = {}
    for measure, number in numbers.items():
        more[measure.what, measure.place] = more.get((measure.what, measure.place), 0) + number
    return _capacity(organisation, more), _devices(counts, numbers)


def _capacity(organisation: Organisation, more: Mapping[tuple[What, str], int]) -> Organisation:
    licences: dict[str, int] = {}
    for pool in organisation.licence_pools:
        licences[pool.name] = pool.sessions + more.get((What.LICENCE, pool.name), 0)
    for way in organisation.gateways or ():
        if way.licences is not None and session_brings_licence(organisation, way):
            licences[way.licences] += more.get((What.SESSION, way.name), 0)
    gateways = None
    if organisation.gateways is not None:
        gateways = tuple(_grown(way, more) for way in organisation.gateways)
    return organisation.model_copy(
        update={
            "gateways": gateways,
            "licence_pools": tuple(
                pool.model_copy(update={"sessions": licences[pool.name]})
                for pool in organisation.licence_pools
            ),
            "uplinks": tuple(
                line.model_copy(
                    update={"bandwidth_mbit": line.bandwidth_mbit + more.get((What.UPLINK, line.name), 0)}
                )
                for line in organisation.uplinks
            ),
        }
    )


def _grown(way: Gateway, more: Mapping[tuple[What, str], int]) -> Gateway:
    update: dict[str, float] = {}
    if way.sessions is not None:
        update["sessions"] = way.sessions + more.get((What.SESSION, way.name), 0)
    if way.bandwidth_mbit is not None:
        update["bandwidth_mbit"] = way.bandwidth_mbit + more.get((What.LINE, way.name), 0)
    return way.model_copy(update=update)


def _devices(counts: Counts, numbers: Numbers) -> Counts:
    """Fix first, since what is fixed in a pool may be handed out; a handed out device is a loan."""
    found: Counts = Counter(counts)
    for measure, number in numbers.items():
        devices = measure.devices
        if measure.what is What.FIX and devices is not None:
            found[devices] -= number
            found[dataclasses.replace(devices, verdict=Verdict.READY, fix="")] += number
        elif measure.what is What.LAPTOP and devices is not None:
            found[devices] += number
    for measure, number in numbers.items():
        devices = measure.devices
        if measure.what is What.POOL and devices is not None:
            found[devices] -= number
            found[dataclasses.replace(devices, unit=measure.unit, kind=Kind.LOAN)] += number
    return Counter({group: number for group, number in found.items() if number})
