"""Do `fernbereit backup` and `restore` say what they do, and refuse what would lose something?"""

import json
import os
import re
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from command_place import Place
from fernbereit_server.store.claim import claimed_folder
from realparts import lacking

SERVICE = 61_184
"""Number of an account that systemd makes for a service."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.devices(3, {"battery.health": 0.9})
    return place


def test_a_backup_is_restored_after_a_question(place: Place) -> None:
    """It says what is in it, what is lost, where the former state lies and what to do next."""
    file = place.folder / "one.backup"
    written = place.run("backup", str(file))
    place.devices(2, {})

    restored = place.run("restore", str(file), typed="y\n")

    assert written.exit_code == restored.exit_code == 0, written.output + restored.output
    assert "Backed up: 3 devices, 0 records" in written.stdout
    assert "holds 3 devices and 0 records" in restored.stdout
    assert "now holds 5 devices" in restored.stdout
    assert "before-restore-" in restored.stdout
    assert "fernbereit_collector_records_missing_total" in restored.stdout
    assert "fernbereit serve" in restored.stdout
    with place.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM devices").scalar() == 3


def test_without_a_yes_nothing_happens(place: Place) -> None:
    """Asked in the reader's language."""
    place.run("backup", str(place.folder / "one.backup"))
    place.devices(2, {})

    said = place.run("restore", str(place.folder / "one.backup"), typed="n\n", lang="de")

    assert said.exit_code == 1
    assert "Datenbank durch die Sicherung ersetzen?" in said.stdout
    assert "Es wurde nichts verändert." in said.stdout
    with place.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM devices").scalar() == 5


def test_a_running_collector_is_not_restored_under_its_feet(place: Place) -> None:
    """It holds the data folder; the message says what to end."""
    place.run("backup", str(place.folder / "one.backup"))

    with claimed_folder(place.folder / "data"):
        said = place.run("restore", str(place.folder / "one.backup"), "--yes")

    assert said.exit_code == 1
    assert "another collector works in this data folder" in said.output


def test_a_folder_keeps_as_many_backups_as_asked_for(place: Place) -> None:
    """The oldest go; files of others stay."""
    folder = place.folder / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"fernbereit-2026010{day}T040000Z.backup").write_bytes(b"")
    (folder / "notes.txt").write_text("mine")

    said = json.loads(place.run("backup", str(folder), "--keep", "2", "--json").stdout)

    assert said["deleted"] == 2
    assert said["devices"] == 3
    assert {file.name for file in folder.iterdir()} == {
        "notes.txt",
        "fernbereit-20260103T040000Z.backup",
        Path(said["file"]).name,
    }


def test_the_folder_is_made_for_its_owner_alone(place: Place) -> None:
    """Whoever sets the backup up need not make it first; keys lie in it."""
    folder = place.folder / "var" / "backups"

    said = place.run("backup", str(folder), "--keep", "2")

    assert said.exit_code == 0, said.output
    assert [file.suffix for file in folder.iterdir()] == [".backup"]
    assert os.name != "posix" or stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_folder_is_made_without_a_store(tmp_path: Path) -> None:
    """Nothing is left behind by what could not be done."""
    place = Place(tmp_path)
    assert place.run("backup", str(tmp_path / "backups"), "--keep", "2").exit_code == 1
    assert not (tmp_path / "backups").exists()


def test_without_a_file_no_data_folder_is_made(tmp_path: Path) -> None:
    """A mistyped name on a new machine leaves nothing behind."""
    place = Place(tmp_path)
    assert place.run("restore", str(tmp_path / "nothing"), "--yes").exit_code == 1
    assert not (tmp_path / "data").exists()


def belongs_to_the_service(data: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no root")
    if os.geteuid() != 0:
        lacking("needs root, who can give files away")
    for one in (data, *data.iterdir()):
        os.chown(one, SERVICE, SERVICE)


def test_what_root_puts_back_belongs_to_the_service(place: Place) -> None:
    """Else the service, which has an account of its own, could not open its store after a restore."""
    file, data = place.folder / "one.backup", place.folder / "data"
    (data / "policy.key").write_text("22" * 32)
    place.run("backup", str(file))
    (data / "policy.key").write_text("33" * 32)
    belongs_to_the_service(data)

    said = place.run("restore", str(file), "--yes")

    assert said.exit_code == 0, said.output
    left = [data, *data.rglob("*")]
    assert len(left) >= 6
    assert {one.stat().st_uid for one in left} == {SERVICE}


def test_what_the_service_laid_into_its_folder_leads_root_nowhere(place: Place) -> None:
    """A key that is another name of a file of root's: neither backed up nor overwritten nor given away."""
    file, data, victim = place.folder / "one.backup", place.folder / "data", place.folder / "shadow"
    (data / "policy.key").write_text("22" * 32)
    place.run("backup", str(file))
    belongs_to_the_service(data)
    victim.write_text("root's alone")
    for key in ("policy.key", "inventory.key"):
        (data / key).unlink(missing_ok=True)
        (data / key).hardlink_to(victim)

    refused = place.run("backup", str(place.folder / "two.backup"), lang="de")
    restored = place.run("restore", str(file), "--yes")

    assert (refused.exit_code, restored.exit_code) == (1, 0), refused.output + restored.output
    assert f"{data / 'inventory.key'} ist keine einfache Datei" in refused.output
    assert not (place.folder / "two.backup").exists()
    assert (data / "policy.key").read_text() == "22" * 32
    assert (victim.read_text(), victim.stat().st_uid) == ("root's alone", 0)


def test_a_refused_backup_leaves_no_empty_store(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It would be root's, and would be called the former state by the next restore."""
    file = place.folder / "one.backup"
    with place.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with closing(sqlite3.connect(place.folder / "data" / "fernbereit.sqlite3")) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place.run("backup", str(file))
    new = Place(tmp_path_factory.mktemp("new"))

    said = new.run("restore", str(file), "--yes")

    assert said.exit_code == 1
    assert "newer version" in said.output
    assert [one.name for one in (new.folder / "data").iterdir()] == ["in-use.lock"]


@pytest.mark.parametrize(
    ("lang", "one"), [("de", "1 Gerät und 0 Berichte."), ("en", "1 device and 0 records.")]
)
def test_what_is_lost_is_told_with_both_times(tmp_path: Path, lang: str, one: str) -> None:
    """When the backup was made, and until when what came after it is lost; one device is one."""
    place = Place(tmp_path)
    place.devices(1, {})
    place.run("backup", str(tmp_path / "one.backup"))

    said = place.run("restore", str(tmp_path / "one.backup"), typed="n\n", lang=lang).stdout

    moment = r"(\d\d\.\d\d\.\d{4}|\d{4}-\d\d-\d\d), \d\d:\d\d"
    [lost] = [line for line in said.splitlines() if re.match("Verloren geht|What arrived", line)]
    assert len(re.findall(moment, lost)) == 2
    assert said.count(one) == 2


def test_a_backup_that_was_cut_short_is_a_damaged_one(place: Place) -> None:
    """Also when nothing of it is left: its name says what it was."""
    file = place.folder / "one.backup"
    place.run("backup", str(file))
    for kept in (10_000, 300, 0):
        file.write_bytes(file.read_bytes()[:kept])
        said = place.run("restore", str(file), "--yes")
        assert said.exit_code == 1
        assert "The backup is damaged" in said.output


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("backup", "{folder}/nowhere/x.backup"), 1, id="no such folder"),
        pytest.param(("backup", "{folder}/collector.toml"), 2, id="a file that exists"),
        pytest.param(("backup", "{folder}/collector.toml", "--keep", "3"), 2, id="keep in a file"),
        pytest.param(("restore", "{folder}/nothing"), 1, id="no such backup"),
        pytest.param(("restore", "{folder}/collector.toml"), 1, id="another kind of file"),
    ],
)
def test_what_cannot_be_is_said(place: Place, arguments: tuple[str, ...], code: int, lang: str) -> None:
    """With a sentence, and without a change."""
    before = sorted(place.folder.rglob("*"))

    said = place.run(*(word.format(folder=place.folder) for word in arguments), lang=lang)

    assert said.exit_code == code
    assert "Traceback" not in said.output
    assert len(said.output) > 30
    assert [file for file in sorted(place.folder.rglob("*")) if file.name != "in-use.lock"] == before


def test_an_empty_place_takes_a_backup(place: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A new machine after the loss of the old one."""
    file = place.folder / "one.backup"
    place.run("backup", str(file))
    new = Place(tmp_path_factory.mktemp("new"))

    said = new.run("restore", str(file), "--yes")

    assert said.exit_code == 0, said.output
    assert "empty or cannot be read" in said.stdout
    assert "former state" not in said.stdout
    assert "Which devices were retired or revoked" in said.stdout
    with new.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM devices").scalar() == 3
