"""What does an announced drill day leave behind? On SQLite and on PostgreSQL."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, RowMapping, Table, select

from fernbereit.delivery import Mark
from fernbereit.facts.machine import Machine
from fernbereit.facts.network import Network, Zone
from fernbereit.facts.targets import TargetResult, Targets
from fernbereit.record import Outcome
from fernbereit_server.decisions import Decisions, DrillDay, read_decisions
from fernbereit_server.decisions.writing import announce_drill_day, change_drill_day
from fernbereit_server.fleet import load_fleet
from fernbereit_server.publication.drill_days import COUNT_S, DrillDays
from fernbereit_server.settings import Settings
from fernbereit_server.store import database, schema, writes
from fernbereit_server.store.changes import Change, SectionChange, Standing
from small_fleet import device_id, hash_of, row
from two_databases import BOTH, store_on

DAY = date(2026, 10, 1)
MORNING = datetime(2026, 9, 30, 22, 1, tzinfo=UTC)
"""One minute after midnight in Berlin."""
PREDICTED = {"made_on": "2026-09-01", "suitable": 40, "able": [20, 30], "units": [], "services": []}


@dataclass
class World:
    """A store with thirty laptops of two units, an announced day, and a clock."""

    engine: Engine
    settings: Settings
    now: datetime = MORNING
    asked: list[str] = field(default_factory=list)
    runner: DrillDays | None = None

    def begin(self) -> None:
        fleet_rows = [row(n, "Bauamt" if n < 18 else "Archiv") for n in range(30)]
        with database.writing(self.engine) as connection:
            writes.change_inventory(connection, written=fleet_rows, removed=())
            announce_drill_day(
                connection,
                DrillDay(
                    id=0,
                    scenario="office-closed",
                    held_on=DAY,
                    announced_on=date(2026, 9, 1),
                    predicted=PREDICTED,
                ),
            )
        self.restart()

    def restart(self) -> None:
        with self.engine.connect() as connection:
            fleet = load_fleet(connection)
        self.runner = DrillDays(
            self.engine,
            fleet,
            self.settings,
            clock=lambda: self.now,
            decisions=self.read,
            predict=self.predict,
        )

    def read(self) -> Decisions:
        with self.engine.connect() as connection:
            return read_decisions(connection)

    def predict(self, scenario: str) -> Mapping[str, Any]:
        self.asked.append(scenario)
        return {**PREDICTED, "made_on": self.today.isoformat(), "able": [25, 25]}

    @property
    def today(self) -> date:
        return self.now.astimezone(self.settings.zone).date()

    def report(
        self, numbers: range, zone: Zone | None, *, reached: bool, on: date = DAY, restart: bool = True
    ) -> None:
        facts = {
            "machine": Machine(serial_hash=hash_of(0)),
            "network": Network(zone=zone),
            "targets": Targets(results=(TargetResult(name="files", reachable=reached, essential=True),)),
        }
        for number in numbers:
            facts["machine"] = Machine(serial_hash=hash_of(number))
            sections = {
                name: SectionChange(outcome=Outcome.OK, reason=None, observed_on=on, facts=found)
                for name, found in facts.items()
            }
            standing = Standing(status="active", mark=Mark("e1", 1, 1, b"\x01" * 32))
            with self.engine.connect() as connection:
                known = connection.scalar(
                    select(schema.devices.c.device_id).where(schema.devices.c.device_id == device_id(number))
                )
            writes.commit(
                self.engine,
                [
                    Change(
                        device_id=device_id(number),
                        before=standing if known else None,
                        after=standing,
                        day=on,
                        reported_at=self.now.timestamp(),
                        sections=sections,
                    )
                ],
            )
        if restart:
            self.restart()

    def tick(self, **later: float) -> DrillDay:
        self.now += timedelta(**later)
        assert self.runner is not None
        asyncio.run(self.runner.tick())
        (found,) = self.read().drill_days
        return found


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Make a world on a fresh store."""
    with store_on(request.param, tmp_path, date(2026, 1, 1)) as engine:
        found = World(engine, Settings(data=tmp_path))
        found.begin()
        yield found


def test_the_greatest_counts_of_the_day_are_kept(world: World) -> None:
    """Fifteen work from outside in the morning, ten at noon; yesterday's facts count for nobody."""
    world.report(range(15), Zone.REMOTE, reached=True)
    world.report(range(15, 18), Zone.REMOTE, reached=True, on=DAY - timedelta(days=1))
    world.report(range(18, 23), Zone.OFFICE, reached=True)
    world.report(range(23, 30), Zone.REMOTE, reached=False)
    world.tick()
    world.report(range(5), Zone.OFFICE, reached=True)
    found = world.tick(seconds=COUNT_S)

    assert found.measured is not None
    assert [(g["unit"], g["size"], g["heard"], g["working"]) for g in found.measured["groups"]] == [
        ("Archiv", 10, 10, 0),
        ("Bauamt", 15, 15, 15),
    ]


def test_the_prediction_is_made_anew_that_morning(world: World) -> None:
    """Once, at the first look at the day; the evening before it stays as it was announced."""
    assert world.tick(hours=-1).predicted["able"] == [20, 30]
    assert world.asked == []

    assert world.tick(hours=1).predicted["able"] == [25, 25]
    world.tick(seconds=COUNT_S)
    assert world.asked == ["office-closed"]


def test_between_two_counts_nothing_is_counted(world: World) -> None:
    """Looked at every minute, counted every quarter of an hour."""

    def working(found: DrillDay) -> int:
        assert found.measured is not None
        return sum(group["working"] for group in found.measured["groups"])

    world.report(range(30), Zone.OFFICE, reached=True)
    assert working(world.tick()) == 0
    world.report(range(30), Zone.REMOTE, reached=True, restart=False)
    assert working(world.tick(seconds=60)) == 0
    assert working(world.tick(seconds=COUNT_S)) == 25


def test_the_day_is_closed_by_itself(world: World) -> None:
    """The next morning; what was measured stays."""
    world.report(range(18), Zone.REMOTE, reached=True)
    measured = world.tick().measured
    found = world.tick(hours=24)

    assert (found.closed_on, found.measured) == (DAY + timedelta(days=1), measured)
    assert world.tick(hours=24).closed_on == DAY + timedelta(days=1)


def test_a_day_that_was_called_off_is_not_counted(world: World) -> None:
    """Closed before it came: nothing is looked at."""
    (announced,) = world.read().drill_days
    with database.writing(world.engine) as connection:
        change_drill_day(connection, DrillDay(**{**_fields(announced), "closed_on": date(2026, 9, 20)}))
    world.report(range(18), Zone.REMOTE, reached=True)

    assert world.tick().measured is None


def test_no_list_of_who_took_part_exists_anywhere(world: World) -> None:
    """The drill changes one row, of counts over groups, and what grows with every decision; nothing else."""
    world.report(range(30), Zone.REMOTE, reached=True)
    before = _everything(world.engine)
    world.tick()
    world.tick(hours=12)
    world.tick(hours=24)
    after = _everything(world.engine)

    assert {table for table in after if before[table] != after[table]} == {"drill_days", "store"}
    kept = after["drill_days"]
    hidden = [device_id(n) for n in range(30)] + [f"NB-{n:05d}" for n in range(30)]
    hidden += [hash_of(n) for n in range(30)]
    assert not any(one in kept for one in hidden)
    measured = json.loads(json.loads(kept)[0]["measured"])
    assert all(group["size"] >= 10 for group in measured["groups"])
    assert measured.keys() == {"k", "groups", "total"}


def _everything(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {
            table.name: json.dumps(
                [dict(r) for r in connection.execute(select(table)).mappings()], default=str
            )
            for table in schema.metadata.sorted_tables
        }


def _rows(connection: Connection, table: Table) -> Sequence[RowMapping]:
    return connection.execute(select(table)).mappings().all()


def _fields(one: DrillDay) -> dict[str, Any]:
    return {name: getattr(one, name) for name in DrillDay.__dataclass_fields__}
