"""How many devices has the fleet, exactly, of which unit, path, verdict and kind? For operations.

Counted are active devices and inventory rows that never reported, which are unknown. A device of a unit that
the organisation does not know stands without a unit, as one whose unit nobody wrote down.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fernbereit_server.fleet import Device
from fernbereit_server.organisation.fit import named, placed
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.store.changes import InventoryRow


@dataclass(frozen=True, kw_only=True)
class Collected:
    """Devices by group, and the units the inventory knows and the organisation does not."""

    counts: Counts
    strangers: tuple[str, ...]


def judged_verdict(device: Device) -> str | None:
    """Return the verdict the fleet holds in memory."""
    return device.judged.verdict if device.judged else None


def collected(
    devices: Iterable[Device],
    never_seen: Iterable[InventoryRow],
    organisation: Organisation,
    verdict_of: Callable[[Device], str | None] = judged_verdict,
) -> Collected:
    """Count a fleet for a drill; a device that was not judged yet, verdict None, is unknown."""
    names = named(organisation)
    pools = {pool.name for pool in organisation.device_pools}
    counts: Counts = Counter()
    strangers: set[str] = set()

    def add(unit: str | None, kind: str | None, path: Path, verdict: Verdict) -> None:
        whose = Kind(kind) if kind in set(Kind) else Kind.PERSONAL
        known = placed(unit, names)
        if known in pools and whose not in {Kind.STOCK, Kind.SHARED}:
            whose = Kind.POOL
        elif unit and known is None:
            strangers.add(unit)
        counts[Group(known or "", path, verdict, whose)] += 1

    for device in devices:
        if device.status == "active":
            verdict = Verdict(verdict_of(device) or Verdict.UNKNOWN)
            add(device.unit, device.kind, Path(device.path), verdict)
    for row in never_seen:
        add(row.unit, row.kind, Path.UNKNOWN, Verdict.UNKNOWN)
    return Collected(counts=counts, strangers=tuple(sorted(strangers)))
