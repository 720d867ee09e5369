"""How many devices has the fleet, exactly, of which unit, path, verdict and kind? For operations.

Counted are active devices and inventory rows that never reported, which are unknown. A device of a unit that
the organisation does not know stands without a unit, as one whose unit nobody wrote down.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fernbereit.readiness import CompiledPolicy, Result
from fernbereit_server.fleet import Device
from fernbereit_server.organisation.fit import named, placed
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.publication.last_step import LastSteps
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.store.changes import InventoryRow

_SHORT = frozenset({Verdict.LIMITED, Verdict.NOT_READY})


@dataclass(frozen=True, kw_only=True)
class Collected:
    """Devices by group, and the units the inventory knows and the organisation does not."""

    counts: Counts
    strangers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is known of one device: a verdict, and the results in the order of the policy, if all are."""

    verdict: Verdict
    results: tuple[Result, ...] = ()


NOT_JUDGED = Ruling(Verdict.UNKNOWN)


def in_memory(device: Device) -> Ruling:
    """Return what the fleet holds."""
    judged = device.judged
    return Ruling(Verdict(judged.verdict), judged.results) if judged else NOT_JUDGED


def collected(
    devices: Iterable[Device],
    never_seen: Iterable[InventoryRow],
    organisation: Organisation,
    policy: CompiledPolicy,
    ruling_of: Callable[[Device], Ruling] = in_memory,
) -> Collected:
    """Count a fleet for a drill and a plan; a device that was not judged yet is unknown.

    A device that one step would make ready carries what that step takes (`fix`).
    """
    names = named(organisation)
    pools = {pool.name for pool in organisation.device_pools}
    steps = LastSteps(policy)
    counts: Counts = Counter()
    strangers: set[str] = set()

    def add(unit: str | None, kind: str | None, path: Path, ruling: Ruling) -> None:
        whose = Kind(kind) if kind in set(Kind) else Kind.PERSONAL
        known = placed(unit, names)
        if known in pools and whose not in {Kind.STOCK, Kind.SHARED}:
            whose = Kind.POOL
        elif unit and known is None:
            strangers.add(unit)
        fix = ""
        if ruling.verdict in _SHORT and len(ruling.results) == len(policy.judged):
            step = steps.of(ruling.results)
            fix = step.fix if step.check else ""
        counts[Group(known or "", path, ruling.verdict, whose, fix)] += 1

    for device in devices:
        if device.status == "active" and device.twin != "replaced":
            add(device.unit, device.kind, Path(device.path), ruling_of(device))
    for row in never_seen:
        add(row.unit, row.kind, Path.UNKNOWN, NOT_JUDGED)
    return Collected(counts=counts, strangers=tuple(sorted(strangers)))
