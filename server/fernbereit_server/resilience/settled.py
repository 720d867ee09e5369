"""Who is able when every unknown is settled one way? One run of the flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.cut import Cut, cut
from fernbereit_server.resilience.demand import Demand
from fernbereit_server.resilience.filling import Shares, fill
from fernbereit_server.resilience.flow import flows
from fernbereit_server.resilience.network import Network

Tiers = tuple[float, float, float]
"""A unit's demand for tunnels: minimum staffing, rest of a time-critical unit, any other."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """One run: each unit's demand in tiers, and the fraction of each class's tier that is served."""

    network: Network
    demands: Mapping[str, Demand]
    tiers: Mapping[str, Tiers]
    shares: Shares

    def able(self, unit: str) -> float:
        """Return the able people of a unit."""
        tunnels = served(self.shares, self.network.class_of[unit], self.tiers[unit])
        return self.demands[unit].direct + tunnels

    @cached_property
    def total(self) -> float:
        """Return everybody who is able."""
        return sum(self.able(unit) for unit in self.demands)

    @cached_property
    def cut(self) -> Cut:
        """Return the minimum cut of this run."""
        demanded = [sum(tier) for tier in zip(*by_class(self.network, self.tiers), strict=True)]
        passed = [0.0] * len(self.network.classes)
        for unit, demand in self.demands.items():
            passed[self.network.class_of[unit]] += self.able(unit) - demand.direct
        return cut(self.network, demanded, passed, flows(self.network, passed))


def served(shares: Shares, of_class: int, tiers: Tiers) -> float:
    """Return the people of a unit who get a tunnel, if its class is served by these shares."""
    return sum(share[of_class] * people for share, people in zip(shares, tiers, strict=True))


def by_class(network: Network, tiers: Mapping[str, Tiers]) -> list[list[float]]:
    """Add up the units' demands: people by tier and class."""
    people = [[0.0] * len(network.classes) for _ in range(3)]
    for unit, of_unit in tiers.items():
        for tier, number in enumerate(of_unit):
            people[tier][network.class_of[unit]] += number
    return people


def settled(network: Network, demands: Mapping[str, Demand], needed: Mapping[str, int] | None) -> Settled:
    """Run the flow; `needed` is the minimum staffing by unit, None serves everybody in plain proportion."""
    tiers = {unit: tiers_of(demand, unit, needed) for unit, demand in demands.items()}
    (shares,) = fill(network, [by_class(network, tiers)])
    return Settled(network=network, demands=demands, tiers=tiers, shares=shares)


def tiers_of(demand: Demand, unit: str, needed: Mapping[str, int] | None) -> Tiers:
    """Return what a unit asks of the tunnels, most urgent first."""
    if needed is None or unit not in needed:
        return (0.0, 0.0, demand.tunnel)
    first = min(demand.tunnel, max(0.0, needed[unit] - demand.direct))
    return (first, demand.tunnel - first, 0.0)


def needed_by_unit(organisation: Organisation, leaving: frozenset[str]) -> dict[str, int]:
    """Return the people that time-critical services need of each unit that must leave."""
    needed: dict[str, int] = {}
    for service in organisation.services:
        for unit, minimum in service.minimum.items():
            if unit in leaving:
                needed[unit] = needed.get(unit, 0) + minimum
    return needed
