"""Who belongs to the synthetic authority, and what is wrong with whose laptop?

`make_authority` is pure: the same seed, number, day and key give the same devices, each with a complete
record, and the inventory rows they match. Constructed for demonstration.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from fernbereit.facts import SECTIONS
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit.record import Observation, Outcome, Reason, Record, Sections
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.specimen import Specimen, draw
from fernbereit_server.demo.state import judged, observations
from fernbereit_server.demo.town import POOL, TECHNICAL_HALL, UNITS, Unit, devices_of_units

Observations = Mapping[str, Observation[OpenModel]]

KINDS = (("personal", 82), ("pool", 7), ("loan", 5), ("stock", 6))
NEVER_REPORTS = 0.04
"""Laptops that are in the inventory and were never heard of, besides those in stock."""
SILENT = 0.04
"""Laptops that reported and then fell silent, for these numbers of days."""
_SILENT_DAYS = (range(16, 29), range(34, 80), range(95, 130))
NOT_IN_INVENTORY = 0.06
DESKTOPS = 0.05
BROKEN = 0.08
_FIRST_NUMBER = 4000


@dataclass(frozen=True, kw_only=True, slots=True)
class InventoryRow:
    """One line of the authority's inventory; the serial number stands only here, as in a real export."""

    serial: str
    label: str
    unit: str
    site: str
    kind: str
    chassis: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SyntheticDevice:
    """One laptop or desktop: who it is, where it stands in the inventory, what it would report.

    `reports` is False for one never heard of; with `silent_days` it last reported so many days ago.
    """

    device_id: str
    label: str
    row: InventoryRow | None
    reports: bool
    specimen: Specimen
    observed: Observations
    silent_days: int = 0

    def complete_record(self) -> Record:
        """Return the record an epoch begins with."""
        return Record(sections=Sections(**dict(self.observed)), complete=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """All devices of Musterstadt, those never heard of included."""

    devices: tuple[SyntheticDevice, ...]

    @property
    def reporting(self) -> tuple[SyntheticDevice, ...]:
        """The devices that should report."""
        return tuple(device for device in self.devices if device.reports and not device.silent_days)

    @property
    def silent(self) -> tuple[SyntheticDevice, ...]:
        """The devices that reported once and do not any more."""
        return tuple(device for device in self.devices if device.reports and device.silent_days)

    @property
    def inventory(self) -> tuple[InventoryRow, ...]:
        """What the authority's inventory holds."""
        return tuple(device.row for device in self.devices if device.row)


def make_authority(*, seed: int, devices: int, today: date, key: bytes) -> Authority:
    """Draw `devices` devices; `key` is the inventory key that serial numbers are hashed under."""
    counts = devices_of_units(devices)
    units = [unit for unit, count in zip(UNITS, counts, strict=True) for _ in range(count)]
    return Authority(
        devices=tuple(
            _device(Random(f"{seed}/{index}"), index, unit, today, key) for index, unit in enumerate(units)
        )
    )


def _device(rng: Random, index: int, unit: Unit, today: date, key: bytes) -> SyntheticDevice:
    desktop = rng.random() < DESKTOPS
    kind = "shared" if desktop else rng.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    specimen = draw(rng, unit, desktop=desktop, today=today)
    device_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    serial = f"MST{rng.randrange(16**7):07X}"
    label = f"{'PC' if desktop else 'NB'}-{_FIRST_NUMBER + index * 3:05d}"
    listed = kind != "personal" or rng.random() >= NOT_IN_INVENTORY
    reports = not listed or (kind != "stock" and rng.random() >= NEVER_REPORTS)
    observed = _observe(rng, specimen, today, serial_hash(serial, key), host_name_hash(label, key))
    silent = reports and kind != "shared" and rng.random() < SILENT
    row = InventoryRow(
        serial=serial,
        label=label,
        unit=POOL if kind == "pool" and unit.site == TECHNICAL_HALL else unit.name,
        site=unit.site,
        kind=kind,
        chassis=specimen.model.chassis.value,
    )
    return SyntheticDevice(
        device_id=device_id,
        label=label,
        row=row if listed else None,
        reports=reports,
        specimen=specimen,
        observed=observed,
        silent_days=rng.choice(rng.choice(_SILENT_DAYS)) if silent else 0,
    )


_ACCIDENTS = (
    ("disk_encryption", Outcome.DENIED, Reason.ACCESS_DENIED),
    ("malware_protection", Outcome.FAILED, Reason.UNREADABLE_ANSWER),
    ("management", Outcome.TIMEOUT, Reason.DEADLINE),
    ("boot_security", Outcome.DENIED, Reason.ACCESS_DENIED),
    ("targets", Outcome.TIMEOUT, Reason.DEADLINE),
    ("storage", Outcome.FAILED, Reason.INTERNAL_ERROR),
    ("conferencing", Outcome.FAILED, Reason.API_MISSING),
    ("screen_lock", Outcome.FAILED, Reason.NEEDS_USER_SESSION),
)


def _observe(
    rng: Random, specimen: Specimen, today: date, serial: str | None, host_name: str | None
) -> Observations:
    seen = dict(observations(rng, specimen, today, serial_hash=serial, host_name_hash=host_name))
    if rng.random() < BROKEN:
        for section, outcome, reason in rng.sample(_ACCIDENTS, rng.choice((1, 1, 2, 3))):
            seen[section] = Observation(
                outcome=outcome, reason=reason, observed_age_s=seen[section].observed_age_s
            )
    seen["readiness"] = judged(rng, specimen, seen, today)
    return {name: seen[name] for name in SECTIONS}
