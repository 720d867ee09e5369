"""Is the fleet in memory what the store says, and joined with the inventory?"""

import asyncio
import sys
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from fernbereit.delivery import Mark
from fernbereit.facts.agent import Agent
from fernbereit.facts.battery import Battery
from fernbereit.facts.machine import Chassis, Machine
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.fleet import Device, Fleet, load_fleet
from fernbereit_server.freshness import freshness
from fernbereit_server.judging.asked import asked_by
from fernbereit_server.judging.own_verdict import OwnVerdict
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.stalls import AT_A_TIME
from fernbereit_server.store import database, writes
from fernbereit_server.store.changes import Change, InventoryRow, SectionChange, Standing
from judging_world import book
from policy_world import check

DAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
HEALTH = check("health", "battery.health_ratio", {"minimum": 0.5})
SERIAL, HOST_NAME, OTHER = "0a" * 32, "0b" * 32, "0c" * 32


@pytest.mark.parametrize(
    ("ago", "word"),
    [
        (None, "never"),
        (timedelta(seconds=-60), "fresh"),
        (timedelta(seconds=1799), "fresh"),
        (timedelta(seconds=1800), "late"),
        (timedelta(hours=24, seconds=-1), "late"),
        (timedelta(hours=24), "stale"),
        (timedelta(days=14, seconds=-1), "stale"),
        (timedelta(days=14), "silent"),
    ],
    ids=str,
)
def test_freshness_begins_and_ends_where_it_says(ago: timedelta | None, word: str) -> None:
    """Two intervals, a day, two weeks."""
    last = None if ago is None else (NOW - ago).timestamp()
    assert freshness(last, NOW, 900) == word


def observed(facts: OpenModel | None, outcome: Outcome = Outcome.OK) -> SectionChange:
    return SectionChange(outcome=outcome, reason=None, observed_on=DAY, facts=facts)


def report(device_id: str, before: Standing | None = None, **sections: SectionChange) -> Change:
    number = before.mark.mark if before and before.mark else 0
    after = Standing(
        status="active",
        mark=Mark("e", number + 1, number + 1),
        observed={**(before.observed if before else {}), **dict.fromkeys(sections, DAY)},
    )
    return Change(
        device_id=device_id,
        before=before,
        after=after,
        day=DAY,
        reported_at=1000.0 + number,
        sections=sections,
    )


def word(device: Device, name: str) -> str | None:
    return device.words[[trait.name for trait in TRAITS].index(name)]


def test_words_and_outcomes_follow_the_facts() -> None:
    """A section that was not sent keeps its word; one that failed loses it."""
    fleet, device_id = Fleet(), str(uuid.uuid4())
    first = report(
        device_id,
        operating_system=observed(OperatingSystem(platform=Platform.LINUX)),
        machine=observed(Machine(chassis=Chassis.LAPTOP)),
    )
    fleet.apply(first)
    device = fleet.devices[device_id]
    assert (word(device, "platform"), word(device, "chassis")) == ("linux", "laptop")

    fleet.apply(report(device_id, first.after, machine=observed(None, Outcome.FAILED)))
    assert (word(device, "platform"), word(device, "chassis")) == ("linux", None)
    assert device.outcomes == {"operating_system": Outcome.OK, "machine": Outcome.FAILED}
    assert device.last_report_at == 1001.0


def test_a_device_is_found_by_serial_number_before_host_name() -> None:
    """Host names wander from machine to machine."""
    fleet, device_id = Fleet(), str(uuid.uuid4())
    rows = [
        InventoryRow(id=1, serial_hash=OTHER, host_name_hash=HOST_NAME, label="by name", unit="A"),
        InventoryRow(id=2, serial_hash=SERIAL, label="by serial", unit="B", site="S", kind="pool"),
    ]
    fleet.set_inventory(rows)
    machine = Machine(serial_hash=SERIAL, host_name_hash=HOST_NAME)
    fleet.apply(report(device_id, machine=observed(machine)))
    device = fleet.devices[device_id]

    assert (device.label, device.unit, device.site, device.kind) == ("by serial", "B", "S", "pool")
    assert fleet.missing_inventory == [rows[0]]


def test_a_device_of_no_inventory_has_no_unit() -> None:
    """None, which is shown as "no unit"."""
    fleet, device_id = Fleet(), str(uuid.uuid4())
    fleet.apply(report(device_id, machine=observed(Machine(serial_hash=SERIAL))))

    device = fleet.devices[device_id]
    assert (device.unit, device.site, device.label, device.kind) == (None, None, None, None)


def test_a_new_inventory_joins_every_device_anew() -> None:
    """Also those that lose their row."""
    fleet, device_id = Fleet(), str(uuid.uuid4())
    fleet.apply(report(device_id, machine=observed(Machine(host_name_hash=HOST_NAME))))
    fleet.set_inventory([InventoryRow(id=1, host_name_hash=HOST_NAME, label="NB-1", unit="A")])
    assert fleet.devices[device_id].unit == "A"

    fleet.set_inventory([InventoryRow(id=1, host_name_hash=OTHER, label="NB-2", unit="A")])
    assert fleet.devices[device_id].unit is None
    assert [row.label for row in fleet.missing_inventory] == ["NB-2"]


def test_an_inventory_is_taken_in_turns_with_everything_else() -> None:
    """A large one would keep reports waiting; nobody is left out, not even who comes meanwhile."""
    fleet, first = Fleet(), Machine(host_name_hash=HOST_NAME)
    for number in range(2 * AT_A_TIME + 1):
        fleet.apply(report(f"device-{number}", machine=observed(first)))
    joined_by_turn = []

    async def take() -> None:
        row = InventoryRow(id=1, host_name_hash=HOST_NAME, label="NB-1", unit="A")
        taking, half = asyncio.create_task(fleet.take_inventory([row])), False
        while not taking.done():
            joined_by_turn.append(sum(device.unit == "A" for device in fleet.devices.values()))
            half |= 0 < joined_by_turn[-1] < len(fleet.devices) and not fleet.one_inventory.locked()
            if joined_by_turn[-1] and "latecomer" not in fleet.devices:
                fleet.apply(report("latecomer", machine=observed(first)))
            await asyncio.sleep(0)
        assert not half, "a page could be counted from half an inventory"

    asyncio.run(take())

    steps = [now - before for before, now in pairwise(joined_by_turn)]
    assert max(steps) <= AT_A_TIME + 1
    assert {device.unit for device in fleet.devices.values()} == {"A"}
    assert fleet.missing_inventory == []


def test_an_inventory_that_is_the_same_is_known() -> None:
    """So that not everybody is joined and counted anew whenever people decide something else."""
    fleet, row = Fleet(), InventoryRow(id=1, serial_hash=SERIAL, label="NB-1")
    fleet.set_inventory([row])

    assert fleet.owned.is_of([replace(row)])
    assert not fleet.owned.is_of([replace(row, unit="A")])
    assert not fleet.owned.is_of([])


def test_the_rebuilt_fleet_is_the_one_that_was_changed_step_by_step(tmp_path: Path) -> None:
    """Nothing that matters lives in memory only."""
    engine = database.open_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    database.upgrade(engine)
    database.generation(engine, DAY)
    row = InventoryRow(id=1, serial_hash=SERIAL, label="NB-1", unit="A", site="S")
    with database.writing(engine) as connection:
        writes.change_inventory(connection, written=[row], removed=())
    lived = Fleet()
    lived.set_inventory([row])
    for device_id in (str(uuid.uuid4()) for _ in range(20)):
        first = report(device_id, machine=observed(Machine(serial_hash=SERIAL, chassis=Chassis.LAPTOP)))
        second = report(device_id, first.after, operating_system=observed(None, Outcome.DENIED))
        second = replace(second, after=replace(second.after, closed=(("old", 7),), merged_total=3))
        for change in (first, second):
            writes.commit(engine, [change])
            lived.apply(change)
    with engine.connect() as connection:
        rebuilt = load_fleet(connection)
    engine.dispose()

    assert rebuilt.devices == lived.devices
    assert rebuilt.missing_inventory == lived.missing_inventory


def test_replacing_makes_devices_what_the_store_says() -> None:
    """One the store does not know is gone."""
    fleet = Fleet()
    ids = [str(uuid.uuid4()) for _ in range(2)]
    for device_id in ids:
        fleet.apply(report(device_id))
    fleet.replace((), ids[:1])

    assert set(fleet.devices) == set(ids[1:])


def test_who_is_retired_while_a_report_is_committed_stays_so() -> None:
    """The report was decided about before; the store says retired as well."""
    fleet = Fleet()
    fleet.apply(first := report("d"))
    late = report("d", first.after, machine=observed(Machine()))
    fleet.set_statuses({"d": "retired"}, before=fleet.not_active())
    fleet.apply(late)
    assert fleet.devices["d"].status == "retired"

    fleet.apply(replace(late, before=late.after, after=replace(late.after, status="quarantined")))
    assert fleet.devices["d"].status == "quarantined"


def test_equal_values_of_many_devices_are_held_once() -> None:
    """Words, outcomes and days of a hundred thousand devices take the room of a few."""
    fleet = Fleet()
    ids = [str(uuid.uuid4()) for _ in range(50)]
    for device_id in ids:
        system = observed(OperatingSystem(platform=Platform.LINUX))
        fleet.apply(report(device_id, operating_system=system))
    devices = [fleet.devices[device_id] for device_id in ids]

    for name in ("words", "outcomes", "observed"):
        assert len({id(getattr(device, name)) for device in devices}) == 1
    assert sys.getsizeof(devices[0]) < 250


def test_what_a_laptop_thinks_of_itself_is_kept_until_it_says_otherwise() -> None:
    """A report without the section changes nothing; one whose section failed takes it back."""
    fleet = Fleet()
    said = OwnVerdict(verdict=Verdict.READY, policy_version=2, adopted=True)
    facts = Readiness(verdict=Verdict.READY, policy_version=2, policy_adopted=True)
    first = report("d", readiness=observed(facts))
    fleet.apply(first)
    fleet.apply(second := report("d", first.after, machine=observed(Machine())))
    assert fleet.devices["d"].own == said

    fleet.apply(report("d", second.after, readiness=observed(None, Outcome.FAILED)))
    assert fleet.devices["d"].own is None


def test_what_no_verdict_depends_on_is_no_reason_to_judge() -> None:
    """A laptop's own cost changes with every report; whoever counts hears of it all the same."""
    fleet = Fleet()
    fleet.apply(report("d", agent=observed(Agent(cpu_seconds_per_hour=1.0))))
    fleet.asked = asked_by([book(HEALTH)], DAY, None)
    watched = fleet.watch()
    fleet.changed.clear()
    watched.clear()

    before = fleet.devices["d"].standing()
    fleet.apply(report("d", before=before, agent=observed(Agent(cpu_seconds_per_hour=2.0))))
    assert (fleet.changed, watched) == (set(), {"d"})
    fleet.apply(second := report("d", before=before, battery=observed(Battery(health_ratio=0.9))))
    assert fleet.changed == {"d"}

    fleet.changed.clear()
    fleet.apply(third := report("d", second.after, battery=observed(Battery(health_ratio=0.8))))
    assert fleet.changed == set(), "the check answers the same"
    fleet.apply(report("d", third.after, battery=observed(Battery(health_ratio=0.1))))
    assert fleet.changed == {"d"}
