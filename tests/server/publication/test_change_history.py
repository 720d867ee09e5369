"""Is what the store knows of every device counted as what changed? On SQLite and on PostgreSQL."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from fernbereit.delivery import Mark
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet, load_fleet
from fernbereit_server.publication.changes import changes_of, published_change
from fernbereit_server.publication.lot import drawn, lot_key
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.resilience.change import Part
from fernbereit_server.settings import Settings
from fernbereit_server.store import database, schema, writes
from fernbereit_server.store.changes import Change, SectionChange, Standing
from small_fleet import NOW, device_id, hash_of, row
from two_databases import BOTH, store_on

TODAY = NOW.date()
POLICY = NOTHING_DECIDED.policy
ENCRYPTED = next(check.id for check in POLICY.judged if check.essential)
CHECKS = {check.id: "pass" for check in POLICY.judged}


class World:
    """A store with devices of two units, judged by hand."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self.fleet = Fleet()
        with database.writing(engine) as connection:
            rows = [row(n, "Bauamt" if n < 30 else "Sozialamt") for n in range(60)]
            writes.change_inventory(connection, written=rows, removed=())

    def add(self, numbers: range, *, ready: bool, seen: int = 400, status: str = "active") -> None:
        """Have devices be seen first so many days ago, and be judged."""
        for number in numbers:
            fact = SectionChange(
                outcome=Outcome.OK,
                reason=None,
                observed_on=TODAY,
                facts=Machine(serial_hash=hash_of(number)),
            )
            standing = Standing(status=status, mark=Mark(str(uuid.uuid4()), 1, 1, b"\x01" * 32))
            change = Change(
                device_id=device_id(number),
                before=None,
                after=standing,
                day=TODAY - timedelta(days=seen),
                reported_at=NOW.timestamp(),
                sections={"machine": fact},
            )
            writes.commit(self.engine, [change])
            self._judge(number, ready=ready)

    def change(
        self, numbers: range, days_ago: int, *, ready: bool, cause: str, check: str | None = None
    ) -> None:
        """Note that devices became ready, or stopped being ready, and by which check."""
        verdicts, results = ("ready", "not_ready"), ("pass", "fail")
        told = [("verdict", *(verdicts[::-1] if ready else verdicts))]
        told += [(check, *(results[::-1] if ready else results))] if check else []
        rows = [
            {
                "device_id": device_id(number),
                "day": TODAY - timedelta(days=days_ago),
                "subject": subject,
                "before": before,
                "after": after,
                "cause": cause,
            }
            for number in numbers
            for subject, before, after in told
        ]
        with database.writing(self.engine) as connection:
            connection.execute(insert(schema.transitions), rows)

    def publisher(self) -> Publisher:
        with self.engine.connect() as connection:
            self.fleet.take(load_fleet(connection))
        return Publisher(self.fleet, self.engine, self.settings, lambda: NOW)

    def _judge(self, number: int, *, ready: bool) -> None:
        results = CHECKS | ({} if ready else {ENCRYPTED: "fail"})
        since = (TODAY - timedelta(days=400)).isoformat()
        values = {
            "device_id": device_id(number),
            "policy_version": POLICY.policy.version,
            "judged_on": TODAY,
            "verdict": "ready" if ready else "not_ready",
            "verdict_since_on": TODAY,
            "compliance": "compliant" if ready else "non_compliant",
            "compliance_since_on": TODAY,
            "low_permille": 900,
            "high_permille": 900,
            "coverage_permille": 1000,
            "outdated": False,
            "ready_until_on": None,
            "checks": json.dumps({name: [result, since, None] for name, result in results.items()}),
        }
        with database.writing(self.engine) as connection:
            connection.execute(insert(schema.judgements), values)


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Make a world on a fresh store."""
    with store_on(request.param, tmp_path, date(2026, 1, 1)) as engine:
        yield World(engine, Settings(data=tmp_path))


def test_the_page_says_what_changed(world: World) -> None:
    """Ten are new for a fortnight, ten lost their encryption two days ago, ten back for two months."""
    world.add(range(20), ready=True)
    world.add(range(20, 30), ready=False)
    world.change(range(20, 30), 2, ready=False, cause="facts", check=ENCRYPTED)
    world.add(range(30, 40), ready=True, seen=14)
    world.add(range(40, 50), ready=True)
    world.change(range(40, 50), 60, ready=True, cause="policy")

    page = asyncio.run(world.publisher().publish_now())

    lost = Part("lost", f"facts:{ENCRYPTED}")
    found = {days: published_change(page.cells, days) for days in (7, 30, 90)}
    assert {days: dict(one.parts) for days, one in found.items() if one} == {
        7: {lost: 10},
        30: {lost: 10, Part("gained", "new"): 10},
        90: {lost: 10, Part("gained", "new"): 10, Part("gained", "policy"): 10},
    }


def test_retired_devices_are_told_together(world: World) -> None:
    """Twelve left since yesterday, all of them ready."""
    world.add(range(40), ready=True)
    world.add(range(40, 52), ready=True, status="retired")
    with database.writing(world.engine) as connection:
        connection.execute(
            schema.devices.update()
            .where(schema.devices.c.device_id.in_([device_id(n) for n in range(40, 52)]))
            .values(status_on=TODAY - timedelta(days=1))
        )

    page = asyncio.run(world.publisher().publish_now())
    found = published_change(page.cells, 7)

    assert found is not None
    assert found.parts == {Part("lost", "retired"): 10}


def test_causes_are_counted_once_a_day(world: World) -> None:
    """At an hourly tick the page keeps those of the morning."""
    world.add(range(30), ready=True)
    publisher = world.publisher()
    morning = asyncio.run(publisher.publish_now())
    world.change(range(30), 1, ready=True, cause="facts", check=ENCRYPTED)

    noon = asyncio.run(publisher.publish_now(freshness=False))

    assert changes_of(noon.cells) == changes_of(morning.cells) != []
    assert changes_of(asyncio.run(publisher.publish_now()).cells) != changes_of(morning.cells)


def test_whom_the_page_does_not_count_changes_unseen(world: World) -> None:
    """Seven lost their encryption, which is told as five; whoever is drawn on the page would make it ten."""
    world.add(range(30), ready=False)
    key = lot_key(world.settings, TODAY)
    silent, _, *rest = sorted(range(30), key=lambda number: drawn(key, f"row {number}"))
    for number in rest[:7]:
        world.change(range(number, number + 1), 2, ready=False, cause="facts", check=ENCRYPTED)
    publisher = world.publisher()
    before = changes_of(asyncio.run(publisher.publish_now()).cells)

    world.change(range(silent, silent + 1), 2, ready=False, cause="facts", check=ENCRYPTED)

    assert {cell.count for cell in before if cell.family.endswith(f":lost:facts:{ENCRYPTED}")} == {5}
    assert changes_of(asyncio.run(publisher.publish_now()).cells) == before
