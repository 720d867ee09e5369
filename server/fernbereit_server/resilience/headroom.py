"""How many sessions are asked of the gateways, how many do they carry, and what is left?

Demand is a range, like everything that unknown devices touch: at least those known to need a tunnel (an
unknown device that works without one would take its owner off the tunnels), at most every device that may
need one. Sessions are people times the share of them who are connected at the same time.
"""

import math
from dataclasses import dataclass
from typing import Literal

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.demand import Settling
from fernbereit_server.resilience.filling import most
from fernbereit_server.resilience.ground import ground_of
from fernbereit_server.resilience.result import Bounds
from fernbereit_server.resilience.scenario import Scenario, applied
from fernbereit_server.resilience.spread import spread
from fernbereit_server.resilience.total import tunnels


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Sessions at one limit (or, without a name, in all): demanded, and carried at most.

    `demanded` is what falls on it if everybody spreads over his gateways as evenly as can be.
    """

    name: str
    kind: str
    demanded: Bounds
    capacity: float

    @property
    def left(self) -> Bounds:
        """Return the sessions left, negative where they do not suffice; low belongs to the high demand."""
        return Bounds(self.capacity - self.demanded.high, self.capacity - self.demanded.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """Sessions in all and by gateway, shared pool and line; `total` None where capacity is unknown.

    `ceiling` are the sessions if every suitable person needed one: demand grows no further.
    """

    demanded: Bounds
    ceiling: float
    total: Load | None
    gateways: tuple[Load, ...]

    @property
    def tightest(self) -> Load | None:
        """Return the limit with the greatest load for its capacity; the whole where it is as tight."""
        if self.total is None:
            return None
        return max((self.total, *self.gateways), key=_tightness)

    def suffices_for(self, bound: Literal["low", "high"]) -> float | None:
        """Return the demand in all at which the first limit is full, if demand grows everywhere alike."""
        if self.total is None:
            return None
        now = getattr(self.demanded, bound)
        loads = [getattr(load.demanded, bound) for load in (self.total, *self.gateways)]
        carried = [
            now * load.capacity / asked
            for load, asked in zip((self.total, *self.gateways), loads, strict=True)
            if asked > 0
        ]
        return min(carried, default=self.total.capacity)


def headroom(organisation: Organisation, counts: Counts, scenario: Scenario) -> Headroom:
    """Return the headroom of every way in; all is in sessions, not in people."""
    ground = ground_of(organisation, counts, scenario, applied(scenario, organisation))
    share = scenario.concurrency or organisation.concurrency
    low, high = tunnels(ground, Settling.YIELDING), tunnels(ground, Settling.CROWDING)
    demanded = Bounds(sum(low) * share, sum(high) * share)
    ceiling = sum(unit.staff for name, unit in ground.units.items() if name not in ground.blocked) * share
    if ground.poor.unknown:
        return Headroom(demanded=demanded, ceiling=ceiling, total=None, gateways=())
    network = ground.poor
    used = {network.class_of[name] for name in ground.units}
    anybody = sum(limit.people for limit in network.limits)
    capacity = most(network, [anybody if c in used else 0.0 for c in range(len(network.classes))])
    passed = {n for path in network.gateways for n in path}
    loads = zip(network.limits, spread(network, low), spread(network, high), strict=True)
    return Headroom(
        demanded=demanded,
        ceiling=ceiling,
        total=Load(name="", kind="sessions", demanded=demanded, capacity=capacity * share),
        gateways=tuple(
            Load(
                name=limit.name,
                kind=limit.kind,
                demanded=Bounds(min(least, many) * share, max(least, many) * share),
                capacity=limit.people * share,
            )
            for n, (limit, least, many) in enumerate(loads)
            if n in passed
        ),
    )


def _tightness(load: Load) -> tuple[float, bool]:
    if not load.capacity:
        return (math.inf if load.demanded.high > 0 else 0.0), not load.name
    return load.demanded.high / load.capacity, not load.name
