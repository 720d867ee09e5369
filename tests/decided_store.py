"""A store with devices that somebody should decide about, and the commands that do."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from typer.testing import CliRunner, Result

from fernbereit.code import device_code
from fernbereit.delivery import Mark
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome
from fernbereit_server.cli import app
from fernbereit_server.ingest.days import Days
from fernbereit_server.store import database, schema, writes
from fernbereit_server.store.changes import Change, InventoryRow, SectionChange, Standing
from judged_store import EPOCH
from small_fleet import device_id, hash_of

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime.now(UTC)
TODAY = Days(NOW, ZONE).today
OLD, NEW, LOST, CLONE = range(4)


def code(number: int) -> str:
    """Return the code of the numbered device."""
    return device_code(device_id(number))


class Place:
    """A store of an old and a new identity of one laptop, a missing laptop and a cloned one."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "collector.toml"
        self.settings.write_text(
            f"data = {json.dumps(str(folder))}\n[inventory]\nkey = '{bytes(16).hex()}'\n", encoding="utf-8"
        )
        self.engine: Engine = database.open_engine(f"sqlite:///{folder / 'fernbereit.sqlite3'}")
        database.upgrade(self.engine)
        database.generation(self.engine, TODAY)
        rows = [
            InventoryRow(id=n, serial_hash=hash_of(n), label=f"NB-{n}", unit="Bauamt") for n in (1, 2, 3, 9)
        ]
        with database.writing(self.engine) as connection:
            writes.change_inventory(connection, written=rows, removed=[])
        self.put(OLD, serial=1, silent=40, first=300)
        self.put(NEW, serial=1, silent=0, first=39)
        self.put(LOST, serial=2, silent=120, first=300)
        self.put(CLONE, serial=3, silent=2, first=300, status="quarantined")

    def put(self, number: int, *, serial: int, silent: int, first: int, status: str = "active") -> None:
        """Let a device have reported `first` and last `silent` days ago."""
        machine = Machine(serial_hash=hash_of(serial))
        seen = SectionChange(
            outcome=Outcome.OK, reason=None, observed_on=TODAY - timedelta(days=silent), facts=machine
        )
        change = Change(
            device_id=device_id(number),
            before=None,
            after=Standing(status=status, mark=Mark(EPOCH, 1), closed=(("earlier", 4),)),
            day=TODAY - timedelta(days=first),
            reported_at=(NOW - timedelta(days=silent)).timestamp(),
            sections={"machine": seen},
        )
        writes.commit(self.engine, [change])

    def run(self, *arguments: str, lang: str = "en") -> Result:
        """Run a command on this store."""
        options = ["--settings", str(self.settings), "--lang", lang]
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, [*arguments, *options])

    def status(self, number: int) -> tuple[str, date, str | None]:
        """Return status, its day and its reason."""
        table = schema.devices
        with self.engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.device_id == device_id(number))).one()
        return row.status, row.status_on, row.status_reason

    def version(self) -> int:
        """Return the number that grows with every decision."""
        with self.engine.connect() as connection:
            return connection.scalar(select(schema.store.c.version)) or 0
