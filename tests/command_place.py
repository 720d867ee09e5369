"""A folder in which commands are typed: settings, files, and the store that they make."""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert
from typer.testing import CliRunner, Result

from fernbereit_server.cli import app
from fernbereit_server.settings import Settings
from fernbereit_server.store import database, schema


class Place:
    """One folder; the store is made by the first command that may, or by `device`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = self.file("collector.toml", f'data = "{(folder / "data").as_posix()}"\n')
        self.today = datetime.now(UTC).astimezone(Settings().zone).date()

    def file(self, name: str, text: str) -> Path:
        """Write a file into the folder."""
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return file

    def run(self, *arguments: str, lang: str = "en", typed: str | None = None, columns: int = 200) -> Result:
        """Type a command; `typed` is what somebody answers when asked."""
        options = ["--settings", str(self.settings), "--lang", lang]
        runner = CliRunner(env={"COLUMNS": str(columns)})
        return runner.invoke(app, [*arguments, *options], input=typed)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read the store."""
        engine = self._engine()
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Change the store, which is made if there is none."""
        (self.folder / "data").mkdir(exist_ok=True)
        engine = self._engine()
        database.upgrade(engine)
        database.generation(engine, self.today)
        with database.writing(engine) as connection:
            yield connection
        engine.dispose()

    def devices(self, number: int, facts: Mapping[str, Any], *, status: str = "active") -> list[str]:
        """Put devices into the store that were seen today, with facts by section and field."""
        names = [str(uuid.uuid4()) for _ in range(number)]
        sections: dict[str, dict[str, Any]] = {}
        for path, value in facts.items():
            section, field = path.split(".")
            sections.setdefault(section, {})[field] = value
        with self.writing() as connection:
            for name in names:
                device = {
                    "device_id": name,
                    "status": status,
                    "status_on": self.today,
                    "first_seen_on": date(2026, 1, 1),
                    "code": name[:6],
                }
                connection.execute(insert(schema.devices), device)
                for section, fields in sections.items():
                    seen = {"device_id": name, "section": section, "outcome": "ok", "observed_on": self.today}
                    connection.execute(insert(schema.sections), {**seen, "facts": json.dumps(fields)})
        return names

    def _engine(self) -> Engine:
        return database.open_engine(f"sqlite:///{self.folder / 'data' / 'fernbereit.sqlite3'}")
