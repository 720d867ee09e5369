"""A fleet of a few devices, made by hand for tests of what is shown and published."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from fernbereit.delivery import Mark
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.machine import Machine
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.metrics import catalogue
from fernbereit_server.metrics.exposition import TEXT, page_metrics, render
from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Page, publish
from fernbereit_server.store.changes import InventoryRow, Standing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
KEY = bytes(range(16))


def device_id(number: int) -> str:
    """Return the id of the numbered device."""
    return str(uuid.UUID(int=number + 1))


def hash_of(number: int) -> str:
    """Return a keyed hash that stands for the numbered device's serial number."""
    return f"{number:064x}"


def row(
    number: int, unit: str | None, site: str | None = "Rathaus", *, kind: str = "personal"
) -> InventoryRow:
    """Return an inventory row that matches the numbered device."""
    return InventoryRow(
        id=number, serial_hash=hash_of(number), label=f"NB-{number:05d}", unit=unit, site=site, kind=kind
    )


def put(
    fleet: Fleet,
    number: int,
    facts: Mapping[str, OpenModel],
    *,
    silent_for: timedelta = timedelta(hours=1),
    status: str = "active",
) -> None:
    """Let the numbered device have reported `facts`, all sections with outcome ok, some time before `NOW`."""
    machine = {"machine": Machine(serial_hash=hash_of(number))}
    facts = {**machine, **facts}
    fleet.put(
        device_id(number),
        Standing(status=status, mark=Mark(str(uuid.UUID(int=7)))),
        first_seen_on=TODAY - timedelta(days=30),
        last_report_at=(NOW - silent_for).timestamp(),
        outcomes=dict.fromkeys(facts, Outcome.OK),
        facts=facts,
    )


def two_units(unit: str = "Bauamt") -> Fleet:
    """Return a fleet of 27: 12 of 14 devices of one unit and 9 of 13 of another reported."""
    fleet = Fleet()
    rows = [row(number, unit) for number in range(14)]
    fleet.set_inventory(rows + [row(number, "Sozialamt", "Nord") for number in range(20, 33)])
    for number in (*range(12), *range(20, 29)):
        encrypted = EncryptionState.ENCRYPTED if number % 3 else EncryptionState.NOT_ENCRYPTED
        facts: dict[str, OpenModel] = {
            "disk_encryption": DiskEncryption(state=encrypted),
            "operating_system": OperatingSystem(platform=Platform.LINUX),
        }
        put(fleet, number, facts)
    return fleet


def counted(fleet: Fleet) -> census.Census:
    """Count a fleet exactly."""
    return census.take(fleet.devices.values(), fleet.missing_inventory, now=NOW, interval_s=900)


def page_of(fleet: Fleet, *, k: int = 5, before: Page | None = None) -> Page:
    """Publish a fleet as of `NOW`."""
    return publish(counted(fleet), now=NOW, today=TODAY, k=k, before=before, daily=before is None)


def golden() -> dict[str, str]:
    """Return the golden file of published metrics by its path in the repository."""
    page = page_of(two_units())
    families = catalogue.families(NOTHING_DECIDED.policy)
    return {"tests/goldens/metrics.prom": render(page_metrics(page, families), TEXT).decode()}
