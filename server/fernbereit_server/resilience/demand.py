"""How many people of each unit have a ready device, and how many of them need a tunnel?

Unknown devices are settled in one of four ways, so that bounds hold for every truth: the *cautious* and the
*hopeful* settle a unit's own; the *crowding* and the *yielding* settle everybody else's, seen from that unit.
Crowding makes others need as many tunnels as they may (unknown devices that work without one fail then, since
they would take their owners off the tunnels), yielding as few.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fernbereit_server.organisation.model import Organisation, Unit
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.resilience.scenario import Loss

IN_HAND = (Kind.PERSONAL, Kind.LOAN)


class Settling(StrEnum):
    """What becomes of unknown devices."""

    CAUTIOUS = "cautious"
    HOPEFUL = "hopeful"
    CROWDING = "crowding"
    YIELDING = "yielding"


@dataclass(frozen=True, slots=True)
class Devices:
    """Devices that people of one unit have, by what is known of them; fractions come from shared pools."""

    by_state: Mapping[tuple[Path, Verdict], float]

    def paths(self, settling: Settling) -> tuple[float, float]:
        """Return how many work directly and how many through a tunnel."""
        direct = tunnel = 0.0
        through_tunnel = settling in {Settling.CAUTIOUS, Settling.CROWDING}
        for (path, verdict), number in self.by_state.items():
            known_path = path
            if path is Path.UNKNOWN:
                known_path = Path.VPN if through_tunnel else Path.DIRECT
            if verdict is Verdict.UNKNOWN:
                works = {
                    Settling.CAUTIOUS: False,
                    Settling.HOPEFUL: True,
                    Settling.CROWDING: known_path is Path.VPN,
                    Settling.YIELDING: known_path is Path.DIRECT,
                }[settling]
            else:
                works = verdict is Verdict.READY
            if works and known_path is Path.DIRECT:
                direct += number
            elif works:
                tunnel += number
        return direct, tunnel


@dataclass(frozen=True, slots=True)
class Demand:
    """People of one unit who are able without a tunnel, and who would be with one."""

    direct: float
    tunnel: float

    @property
    def equipped(self) -> float:
        """Return the people with a ready device, R_u of the design."""
        return self.direct + self.tunnel


def demand(unit: Unit, devices: Devices, settling: Settling) -> Demand:
    """Return what a unit asks; people count once, and first with a device that needs no tunnel."""
    direct, tunnel = devices.paths(settling)
    direct = min(float(unit.staff), direct)
    return Demand(direct, min(unit.staff - direct, tunnel))


def is_blocked(unit: Unit, organisation: Organisation, loss: Loss) -> bool:
    """Say whether something the unit cannot work without is lost, by whatever path."""
    needs = {target.name: set(target.needs) for target in organisation.targets}
    return any(needs.get(name, set()) & loss.dependencies for name in unit.essential)


def devices_of_units(organisation: Organisation, counts: Counts, loss: Loss) -> dict[str, Devices]:
    """Return every unit's devices: those in hand, those of its own pool, its part of shared pools.

    A shared pool is divided in proportion to people without a device in hand, of whatever verdict (where
    everybody has one, to people), so that nobody's verdict changes another unit's part.
    """
    found: dict[str, dict[tuple[Path, Verdict], float]] = {unit.name: {} for unit in organisation.units}
    cloud = cloud_units(organisation)
    sites = {unit.name: unit.site for unit in organisation.units}
    shares = pool_shares(organisation, counts, loss)
    for group, number in counts.items():
        if group.kind is Kind.POOL and sites.get(group.unit) in loss.sites - {None}:
            continue
        if group.kind not in {*IN_HAND, Kind.POOL}:
            continue
        parts = {group.unit: 1.0} if group.unit in found else shares.get(group.unit, {})
        for unit, share in parts.items():
            state = (_path(group, unit, cloud), group.verdict)
            found[unit][state] = found[unit].get(state, 0.0) + number * share
    return {unit: Devices(states) for unit, states in found.items()}


def _path(group: Group, unit: str, cloud: frozenset[str]) -> Path:
    return Path.DIRECT if group.path is Path.UNKNOWN and unit in cloud else group.path


def cloud_units(organisation: Organisation) -> frozenset[str]:
    """Return the units whose essential targets are all reached without a tunnel."""
    paths = {target.name: target.path for target in organisation.targets}
    return frozenset(
        unit.name
        for unit in organisation.units
        if unit.essential and all(paths.get(name) == "cloud" for name in unit.essential)
    )


def pool_shares(organisation: Organisation, counts: Counts, loss: Loss) -> dict[str, dict[str, float]]:
    """Return each shared pool's parts of a device by unit, without lost pools and those that serve nobody."""
    staff = {unit.name: unit.staff for unit in organisation.units if unit.name in loss.leaving}
    in_hand = dict.fromkeys(staff, 0)
    for group, number in counts.items():
        if group.unit in in_hand and group.kind in IN_HAND:
            in_hand[group.unit] += number
    shares: dict[str, dict[str, float]] = {}
    for pool in organisation.device_pools:
        if pool.site in loss.sites - {None}:
            continue
        units = sorted({unit for unit in pool.units if unit in staff})
        weights = {unit: max(0, staff[unit] - in_hand[unit]) for unit in units}
        if not any(weights.values()):
            weights = {unit: staff[unit] for unit in units}
        everybody = sum(weights.values())
        if everybody:
            shares[pool.name] = {unit: weight / everybody for unit, weight in weights.items()}
    return shares
