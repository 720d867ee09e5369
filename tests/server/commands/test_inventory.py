"""Does `fernbereit inventory import` change what the list says, explain it, and nothing on a fault?"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fernbereit.settings_file import read_settings
from fernbereit_agent.settings import Settings as AgentSettings
from fernbereit_server.cli import app
from fernbereit_server.store import database, reads
from fernbereit_server.store.changes import InventoryRow

FIRST = "serial,label,unit\nPF-1,NB-1,A\nPF-2,NB-2,A\n"
SECOND = "serial,label,unit\nPF-1,NB-1,B\nPF-3,NB-3,B\n"


class Place:
    """A folder with settings and a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "collector.toml"
        self.settings.write_text(f'data = "{folder / "data"}"\n')

    def run(self, text: str, *options: str) -> Result:
        file = self.folder / "list.csv"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(
            app,
            ["inventory", "import", str(file), "--settings", str(self.settings), "--lang", "en", *options],
        )

    def rows(self) -> list[InventoryRow]:
        engine = database.open_engine(f"sqlite:///{self.folder / 'data' / 'fernbereit.sqlite3'}")
        with engine.connect() as connection:
            rows = reads.inventory_rows(connection)
        engine.dispose()
        return rows


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place of its own."""
    return Place(tmp_path)


def test_a_list_is_imported_and_counted(place: Place) -> None:
    """Into a store that need not exist yet."""
    result = place.run(FIRST)

    assert result.exit_code == 0
    assert "New: 2" in result.stdout
    assert [(row.label, row.unit) for row in place.rows()] == [("NB-1", "A"), ("NB-2", "A")]


def test_importing_again_says_what_changed(place: Place) -> None:
    """Old and new value; what the list does not name stays."""
    place.run(FIRST)
    result = place.run(SECOND)

    assert "~ NB-1: unit A -> B" in result.stdout
    assert "+ NB-3" in result.stdout
    assert "kept: 1" in result.stdout
    assert {row.label: row.unit for row in place.rows()} == {"NB-1": "B", "NB-2": "A", "NB-3": "B"}


def test_replacing_removes_what_the_list_does_not_name(place: Place) -> None:
    """Only when asked to."""
    place.run(FIRST)
    result = place.run(SECOND, "--replace")

    assert "- NB-2" in result.stdout
    assert {row.label for row in place.rows()} == {"NB-1", "NB-3"}


def test_a_dry_run_only_tells(place: Place) -> None:
    """The same words, and nothing is changed."""
    place.run(FIRST)
    result = place.run(SECOND, "--replace", "--dry-run")

    assert "- NB-2" in result.stdout
    assert "nothing was changed" in result.stdout
    assert {row.label for row in place.rows()} == {"NB-1", "NB-2"}


def test_scripts_read_json(place: Place) -> None:
    """Everything, not only the first twenty."""
    place.run(FIRST)

    assert json.loads(place.run(SECOND, "--json").stdout) == {
        "dry_run": False,
        "added": ["NB-3"],
        "changed": [{"label": "NB-1", "fields": {"unit": ["A", "B"]}}],
        "unchanged": 0,
        "removed": [],
        "kept": ["NB-2"],
    }


def test_a_faulty_list_changes_nothing_and_tells_every_line(place: Place) -> None:
    """Exit code 1."""
    place.run(FIRST)
    result = place.run("serial,label,unit\nPF-1,NB-1,B\nPF-9,,B\nPF-1,x,B\n")

    assert result.exit_code == 1
    assert "list.csv, line 3: The label is missing" in result.stderr
    assert "list.csv, line 4: This serial number stands in line 2 already" in result.stderr
    assert {row.unit for row in place.rows()} == {"A"}


def test_a_missing_list_is_named(place: Place) -> None:
    """Exit code 1."""
    result = CliRunner().invoke(
        app, ["inventory", "import", str(place.folder / "gone.csv"), "--settings", str(place.settings)]
    )

    assert result.exit_code == 1
    assert "gone.csv" in result.stderr


def test_wrong_settings_are_told_first(place: Place) -> None:
    """Exit code 2."""
    place.settings.write_text("dat = 1\n")
    result = place.run(FIRST)

    assert result.exit_code == 2
    assert "did you mean data?" in result.stderr


def test_no_serial_number_is_kept_in_clear(place: Place) -> None:
    """Neither in the store nor in its write-ahead log."""
    place.run("serial,host_name,label\nPF-777777,NB-777777,Laptop\n")

    kept = b"".join(file.read_bytes() for file in (place.folder / "data").iterdir())
    assert b"777777" not in kept
    assert b"Laptop" in kept


@pytest.mark.parametrize(("lang", "secret"), [("de", "Geheim."), ("en", "Secret.")])
def test_the_key_is_printed_as_the_line_of_a_laptop(place: Place, lang: str, secret: str) -> None:
    """The line alone on stdout, so that it can be appended; what it is for and where it goes beside it."""
    said = CliRunner().invoke(
        app, ["inventory", "key", "--settings", str(place.settings), "--lang", lang], env={"COLUMNS": "200"}
    )

    settings = place.folder / "agent.toml"
    settings.write_text(f"[probes]\n{said.stdout}", encoding="utf-8")
    key = read_settings(AgentSettings, name="x", text=settings.read_text(), environment={}, prefix="X_")
    assert key.probes.inventory_key == (place.folder / "data" / "inventory.key").read_text().strip()
    assert said.stderr.startswith(secret)
    assert "agent.toml" in said.stderr
    assert "[probes]" in said.stderr


def test_an_import_says_how_a_laptop_finds_its_line(place: Place) -> None:
    """Where something was added; an import that changes nothing need not."""
    assert "fernbereit inventory key" in place.run(FIRST).stdout
    assert "fernbereit inventory key" not in place.run(FIRST).stdout
