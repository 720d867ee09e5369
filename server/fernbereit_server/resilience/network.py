"""Through which limits does a person reach work from outside?

A gateway, its licence pool and its uplink are limits; each holds a set of gateways, and any two sets are
nested or apart (`organisation/contradictions.py` refuses others), so what passes is a flow. Units that may
use the same gateways form one class.
"""

import math
from dataclasses import dataclass

from fernbereit_server.organisation.model import Gateway, Organisation
from fernbereit_server.resilience.scenario import Loss, Scenario, sessions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many people pass; `kind` is a word of the catalogue (`drill.kind.<kind>`)."""

    name: str
    kind: str
    people: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Limits; each gateway's limits from the inside out; each class's gateways; each unit's class."""

    limits: tuple[Limit, ...]
    gateways: tuple[tuple[int, ...], ...]
    classes: tuple[tuple[int, ...], ...]
    class_of: dict[str, int]
    unknown: bool = False


def network(organisation: Organisation, scenario: Scenario, loss: Loss, *, hopeful: bool) -> Network:
    """Build the network of a scenario.

    Where nobody stated gateways, nothing passes, or, if `hopeful`, everything. People are sessions times
    availability divided by the concurrency: of 100 people at a concurrency of 0.8, 80 are connected at once.
    """
    units = [unit.name for unit in organisation.units]
    if organisation.gateways is None:
        return Network(
            limits=(Limit(name="", kind="capacity_unknown", people=math.inf if hopeful else 0.0),),
            gateways=((0,),),
            classes=((0,),),
            class_of=dict.fromkeys(units, 0),
            unknown=True,
        )
    share = scenario.concurrency or organisation.concurrency
    limits = [
        Limit(
            name=way.name,
            kind="lost_gateway" if way.name in loss.gateways else _kind(way),
            people=0.0
            if way.name in loss.gateways
            else sessions_of(way) * scenario.availability.get(way.name, 1.0) / share,
        )
        for way in organisation.gateways
    ]
    outer: dict[tuple[str, str], int] = {}
    for kind, parts in (("licences", organisation.licence_pools), ("uplink", organisation.uplinks)):
        for part in parts:
            outer[kind, part.name] = len(limits)
            limits.append(Limit(name=part.name, kind=kind, people=sessions_of(part) / share))
    members = [{n} for n in range(len(organisation.gateways))] + [set[int]() for _ in outer]
    for n, way in enumerate(organisation.gateways):
        for key in (("licences", way.licences), ("uplink", way.uplink)):
            if key[1] is not None:
                members[outer[key[0], key[1]]].add(n)
    gateways = tuple(
        tuple(sorted((m for m in range(len(limits)) if n in members[m]), key=lambda m: (len(members[m]), m)))
        for n in range(len(organisation.gateways))
    )
    usable = {
        unit: tuple(
            n for n, way in enumerate(organisation.gateways) if way.units is None or unit in way.units
        )
        for unit in units
    }
    classes = tuple(sorted(set(usable.values())))
    return Network(
        limits=tuple(limits),
        gateways=gateways,
        classes=classes,
        class_of={unit: classes.index(ways) for unit, ways in usable.items()},
    )


def _kind(way: Gateway) -> str:
    if way.bandwidth_mbit is None or way.per_session_mbit is None:
        return "sessions"
    by_line = way.bandwidth_mbit / way.per_session_mbit
    return "sessions" if way.sessions is not None and way.sessions <= by_line else "bandwidth"
