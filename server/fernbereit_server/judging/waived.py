"""Which checks are waived today, for which laptop?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fernbereit_server.decisions import Waiver

_Checks = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """The checks waived on one day, by device and by unit."""

    devices: _Checks
    units: _Checks

    def of(self, device_id: str, unit: str | None) -> frozenset[str]:
        """Return the checks waived for one device of a unit."""
        own = self.devices.get(device_id, frozenset())
        return own | self.units.get(unit, frozenset()) if unit else own


NOTHING_WAIVED = Waived(devices={}, units={})


def waived_on(today: date, waivers: Iterable[Waiver]) -> Waived:
    """Return what is waived on a day."""
    devices: dict[str, set[str]] = defaultdict(set)
    units: dict[str, set[str]] = defaultdict(set)
    for waiver in waivers:
        if not waiver.holds(today):
            continue
        if waiver.device_id is not None:
            devices[waiver.device_id].add(waiver.check_id)
        elif waiver.unit is not None:
            units[waiver.unit].add(waiver.check_id)
    return Waived(devices=_frozen(devices), units=_frozen(units))


def _frozen(checks: Mapping[str, set[str]]) -> _Checks:
    return {name: frozenset(of_it) for name, of_it in checks.items()}
