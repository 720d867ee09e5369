"""What does every run of one drill stand on? Who leaves, with which devices, through which network."""

from collections.abc import Mapping
from dataclasses import dataclass

from fernbereit_server.organisation.model import Organisation, Unit
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.demand import (
    Demand,
    Devices,
    Settling,
    demand,
    devices_of_units,
    is_blocked,
)
from fernbereit_server.resilience.filling import fill
from fernbereit_server.resilience.network import Network, network
from fernbereit_server.resilience.scenario import Loss, Scenario
from fernbereit_server.resilience.settled import (
    Settled,
    Tiers,
    by_class,
    needed_by_unit,
    served,
    settled,
    tiers_of,
)

_NOTHING = Demand(0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every run of one drill shares."""

    units: Mapping[str, Unit]
    devices: Mapping[str, Devices]
    blocked: frozenset[str]
    needed: Mapping[str, int] | None
    poor: Network
    rich: Network

    def run(self, settling: Settling) -> Settled:
        """Settle everybody's unknown devices one way."""
        network = self.poor if settling is Settling.CAUTIOUS else self.rich
        return settled(network, {name: self.demand(name, settling) for name in self.units}, self.needed)

    def alone(self, own: Settling, others: Settling) -> dict[str, float]:
        """Return each unit's able people if its own unknown devices are settled against everybody else's."""
        net = self.poor if own is Settling.CAUTIOUS else self.rich
        direct = {name: self.demand(name, own).direct for name in self.units}
        asked, instead = (
            {name: tiers_of(self.demand(name, way), name, self.needed) for name in self.units}
            for way in (own, others)
        )
        everybody = by_class(net, instead)
        runs = [_replaced(everybody, net.class_of[name], instead[name], asked[name]) for name in self.units]
        return {
            name: direct[name] + served(shares, net.class_of[name], asked[name])
            for name, shares in zip(self.units, fill(net, runs), strict=True)
        }

    def demand(self, unit: str, settling: Settling) -> Demand:
        """Return what one unit asks; nothing where something it cannot work without is lost."""
        if unit in self.blocked:
            return _NOTHING
        return demand(self.units[unit], self.devices[unit], settling)


def ground_of(organisation: Organisation, counts: Counts, scenario: Scenario, loss: Loss) -> Ground:
    """Apply a scenario to an authority and its devices; `loss` is what `applied` said of both."""
    reservation = organisation.reservation if scenario.reservation is None else scenario.reservation
    units = {unit.name: unit for unit in organisation.units if unit.name in loss.leaving}
    return Ground(
        units=units,
        devices=devices_of_units(organisation, counts, loss),
        blocked=frozenset(name for name, unit in units.items() if is_blocked(unit, organisation, loss)),
        needed=needed_by_unit(organisation, loss.leaving) if reservation else None,
        poor=network(organisation, scenario, loss, hopeful=False),
        rich=network(organisation, scenario, loss, hopeful=True),
    )


def _replaced(everybody: list[list[float]], of_class: int, old: Tiers, new: Tiers) -> list[list[float]]:
    """Return what all ask together if one unit of a class asks something else."""
    found = [list(people) for people in everybody]
    for tier, people in enumerate(found):
        people[of_class] = max(0.0, people[of_class] - old[tier] + new[tier])
    return found
