"""A store of a few laptops that are judged: what they report, the fleet and the judge of one collector.

As a program it judges the store of argument 1 on the day of argument 2, for tests that kill it.
"""

import asyncio
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from fernbereit.delivery import Mark
from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.decisions import Decisions, read_decisions
from fernbereit_server.fleet import Fleet, load_fleet
from fernbereit_server.judging.judgement import Judgement, Transition
from fernbereit_server.judging.panel import Judge
from fernbereit_server.judging.rows import read_all_judgements, read_transitions
from fernbereit_server.store import database, reads, writes
from fernbereit_server.store.changes import Change, SectionChange, Standing
from judged_laptops import TODAY

ZONE = ZoneInfo("Europe/Berlin")
EPOCH = str(uuid.UUID(int=7))
FINE: Mapping[str, OpenModel] = {
    "disk_encryption": DiskEncryption(state=EncryptionState.ENCRYPTED),
    "conferencing": Conferencing(camera=True),
}
BARE = {**FINE, "disk_encryption": DiskEncryption(state=EncryptionState.NOT_ENCRYPTED)}
NO_CAMERA = {**FINE, "conferencing": Conferencing(camera=False)}


def device_id(number: int) -> str:
    """Return the id of the numbered laptop."""
    return str(uuid.UUID(int=number + 1))


def at_nine(day: date) -> datetime:
    """Return the morning of a day in Berlin."""
    return datetime.combine(day, time(9), ZONE).astimezone(UTC)


@dataclass
class Office:
    """A collector without broker: reports are committed, the judge ticks when told."""

    engine: Engine
    today: date = TODAY
    fleet: Fleet = field(init=False)
    decisions: Decisions = field(init=False)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew with what the store says, as after a restart."""
        with self.engine.connect() as connection:
            self.fleet, self.decisions = load_fleet(connection), read_decisions(connection)
        self.judge = Judge(
            self.engine,
            self.fleet,
            decisions=lambda: self.decisions,
            clock=lambda: at_nine(self.today),
            zone=ZONE,
        )

    def look(self) -> None:
        """Learn what people decided, as a running collector does."""
        before = self.fleet.not_active()
        with self.engine.connect() as connection:
            self.decisions = read_decisions(connection)
            rows, statuses = reads.inventory_rows(connection), reads.statuses(connection)
        self.fleet.set_inventory(rows)
        self.fleet.set_statuses(statuses, before=before)

    def report(
        self,
        number: int,
        facts: Mapping[str, OpenModel | None],
        *,
        serial: int | None = None,
        seen_days_ago: int = 0,
    ) -> None:
        """Let a laptop have reported facts today; None for what is not there."""
        day = self.today
        seen_on = day - timedelta(days=seen_days_ago)
        name = device_id(number)
        known = self.fleet.devices.get(name)
        machine = Machine(serial_hash=f"{number if serial is None else serial:064x}")
        observed = {**(known.observed if known else {}), **dict.fromkeys(("machine", *facts), seen_on)}
        change = Change(
            device_id=name,
            before=known.standing() if known else None,
            after=Standing(
                status=known.status if known else "active", mark=Mark(EPOCH, 1), observed=observed
            ),
            day=day,
            reported_at=at_nine(day).timestamp(),
            sections={
                section: SectionChange(
                    outcome=Outcome.OK if one else Outcome.ABSENT,
                    reason=None,
                    observed_on=seen_on,
                    facts=one,
                )
                for section, one in {"machine": machine, **facts}.items()
            },
        )
        writes.commit(self.engine, [change])
        self.fleet.apply(change)

    def look_again(self, number: int) -> None:
        """Let a laptop have said that nothing changed, today."""
        device = self.fleet.devices[device_id(number)]
        known = device.standing()
        observed = dict.fromkeys(device.outcomes, self.today)
        change = Change(
            device_id=device.device_id,
            before=known,
            after=replace(known, observed=observed),
            day=self.today,
            reported_at=at_nine(self.today).timestamp(),
            looked_at=observed,
        )
        writes.commit(self.engine, [change])
        self.fleet.apply(change)

    def tick(self) -> None:
        """Judge everybody who is due."""
        asyncio.run(self.judge.tick())

    def judgements(self) -> dict[str, Judgement]:
        """Return what the store says of every laptop."""
        with self.engine.connect() as connection:
            return dict(read_all_judgements(connection))

    def transitions(self) -> list[Transition]:
        """Return every transition of the store."""
        with self.engine.connect() as connection:
            return read_transitions(connection, list(self.fleet.devices), date.min)


if __name__ == "__main__":
    _engine = database.open_engine(sys.argv[1])
    Office(_engine, today=date.fromisoformat(sys.argv[2])).tick()
