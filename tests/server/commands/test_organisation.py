"""Does `fernbereit organisation import` explain what changes, and change nothing on a fault?"""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from typer.testing import Result

from command_place import Place
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import read_decisions
from fernbereit_server.organisation.comparison import OWN
from fernbereit_server.organisation.model import (
    DevicePool,
    Gateway,
    LicencePool,
    OwnScenario,
    Price,
    Service,
    Target,
    Unit,
    Uplink,
)
from fernbereit_server.store import reads, schema

CITY = "name: Musterstadt\nunits:\n  - {name: Bauamt, headcount: 80, suitable: 70}\n"
LARGER = CITY.replace("80", "90") + "  - {name: Werkhof, headcount: 1234}\n"


def bring(
    place: Place, text: str, *options: str, name: str = "organisation.yaml", lang: str = "en"
) -> Result:
    """Import an organisation of this text."""
    return place.run("organisation", "import", str(place.file(name, text)), *options, lang=lang)


def number(place: Place) -> int:
    """Return how many organisations the store keeps."""
    with place.reading() as connection:
        return connection.scalar(select(func.count()).select_from(schema.organisations)) or 0


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place of its own."""
    return Place(tmp_path)


def test_the_first_organisation_is_imported(place: Place) -> None:
    """Into a store that need not exist yet; a running collector sees a new version of it."""
    told = bring(place, CITY)
    with place.reading() as connection:
        decisions, version = read_decisions(connection), reads.version(connection)

    assert told.exit_code == 0
    assert "+ Unit Bauamt: headcount 80, suited 70" in told.stdout
    assert decisions.organisation is not None
    assert decisions.organisation.name == "Musterstadt"
    assert version == 1


def test_importing_again_explains_what_changes(place: Place) -> None:
    """Units, people and their sums, in the numbers of the language."""
    bring(place, CITY)
    told = bring(place, LARGER, lang="de")

    assert told.stdout.splitlines()[:4] == [
        "+ Einheit Werkhof: Beschäftigte 1.234",
        "~ Einheit Bauamt: Beschäftigte 80 -> 90",
        "Beschäftigte insgesamt: 80 -> 1.324",
        "Davon für das mobile Arbeiten geeignet: 70 -> 1.304",
    ]
    assert number(place) == 2


def test_the_same_again_is_no_new_version(place: Place) -> None:
    """Nothing changes, exit code 0."""
    bring(place, CITY)
    told = bring(place, CITY)

    assert told.exit_code == 0
    assert "There is nothing to change." in told.stdout
    assert number(place) == 1


def test_a_dry_run_only_tells(place: Place) -> None:
    """The same words, and nothing is written."""
    told = bring(place, CITY, "--dry-run")

    assert "+ Unit Bauamt" in told.stdout
    assert "nothing was changed" in told.stdout
    assert number(place) == 0


def test_a_faulty_file_changes_nothing_and_tells_every_line(place: Place) -> None:
    """File, line, field, expected, example; exit code 1."""
    bring(place, CITY)
    told = bring(place, "units:\n  - {name: A, headcount: many}\n  - {nam: B, headcount: 1}\n")

    assert told.exit_code == 1
    assert "organisation.yaml, line 2: units[1].headcount: Expected: a whole number." in told.stderr
    assert "organisation.yaml, line 3: units[2].nam: This field is unknown." in told.stderr
    assert number(place) == 1


def test_a_file_that_is_not_there_is_named(place: Place) -> None:
    """Exit code 1, and no store is made for it."""
    told = place.run("organisation", "import", str(place.folder / "gone.yaml"))

    assert told.exit_code == 1
    assert "gone.yaml" in told.stderr
    assert not (place.folder / "data").exists()


def test_wrong_settings_are_told(place: Place) -> None:
    """Exit code 2."""
    place.settings.write_text("dat = 1\n")

    assert bring(place, CITY).exit_code == 2


def test_a_table_of_units_will_do(place: Place) -> None:
    """CSV, as for the drill."""
    told = bring(place, "Einheit;Beschäftigte\nBauamt;80\n", name="units.csv")

    assert told.exit_code == 0
    assert "+ Unit Bauamt: headcount 80" in told.stdout


def test_what_does_not_fit_the_inventory_is_told(place: Place) -> None:
    """Unknown units, no unit, headcounts below devices, units without devices, missing prices."""
    devices = ["A1,Bauamt", "A2,Bauamt", "A3,Baumat", "A4,"]
    table = "\n".join(["serial,unit,label", *(f"PF-{row},{row[:2]}" for row in devices)])
    place.run("inventory", "import", str(place.file("devices.csv", table)))
    told = bring(
        place,
        "units: [{name: Bauamt, headcount: 1}, {name: Werkhof, headcount: 1}]\nstock: {battery: 1}\n",
        lang="de",
    ).stdout

    assert 'Im Bestand gehört 1 Gerät zu "Baumat"' in told
    assert 'Meinten Sie "Bauamt"?' in told
    assert "Der Bestand nennt für 1 Gerät keine Einheit." in told
    assert 'Einheit "Bauamt": 2 persönliche und Leihgeräte für 1 Beschäftigte.' in told
    assert "Diese Einheiten haben im Bestand kein einziges Gerät: Werkhof" in told
    assert "Weder Preis noch Lager, der Plan kann sie deshalb nicht abwägen: camera, drive," in told


def test_an_essential_target_that_no_laptop_tests_is_told(place: Place) -> None:
    """With the units that cannot work without it."""
    bring(place, CITY)
    row = {
        "device_id": "00000000-0000-4000-8000-000000000001",
        "section": "targets",
        "outcome": "ok",
        "observed_on": date(2026, 11, 20),
        "facts": json.dumps({"results": [{"name": "kasse"}, {"reachable": True}]}),
    }
    with place.writing() as connection:
        connection.execute(insert(schema.sections), row)
    told = bring(
        place,
        "units: [{name: Bauamt, headcount: 1, essential: [Kasse, E-Akte]}]\n"
        "targets: [{name: Kasse, path: internal}, {name: E-Akte, path: internal}]\n",
    ).stdout

    assert 'No laptop tests "E-Akte", without which nobody can work here: Bauamt.' in told
    assert '"Kasse"' not in told


def test_scripts_read_json(place: Place) -> None:
    """Changes and misfits by name."""
    bring(place, CITY)
    told = json.loads(bring(place, LARGER, "--json").stdout)

    assert told["imported"] is True
    assert told["changes"]["parts"]["units"]["added"] == ["Werkhof"]
    assert told["changes"]["parts"]["units"]["changed"] == [
        {"name": "Bauamt", "fields": {"headcount": [80, 90]}}
    ]
    assert told["fit"]["strangers"] == []


def test_the_one_in_force_is_shown_with_its_denominators(place: Place) -> None:
    """German numbers, what is not stated as a dash."""
    bring(place, LARGER)
    told = place.run("organisation", "show", lang="de").stdout

    assert "Musterstadt" in told
    assert "Nenner sind 1.304 geeignete Personen von 1.324 Beschäftigten." in told
    assert "Eine Einheit nennt keine Zahl geeigneter Personen" in told
    assert "Zugänge sind nicht angegeben" in told


def test_the_one_of_an_earlier_day_is_shown(place: Place) -> None:
    """As it was at the end of that day; before the first there was none."""
    bring(place, CITY)
    with place.writing() as connection:
        connection.execute(schema.organisations.update().values(imported_on=date(2026, 3, 1)))
    bring(place, LARGER)
    shown = place.run("organisation", "show", "--as-of", "2026-03-01", "--json")
    before = place.run("organisation", "show", "--as-of", "2026-02-28")

    assert json.loads(shown.stdout)["imported_on"] == "2026-03-01"
    assert len(json.loads(shown.stdout)["organisation"]["units"]) == 1
    assert before.exit_code == 1
    assert "no organisation on that day" in before.stderr


def test_without_a_store_the_next_step_is_named(place: Place) -> None:
    """Exit code 1."""
    told = place.run("organisation", "show")

    assert told.exit_code == 1
    assert "there is no store yet" in told.stderr


def test_an_empty_store_has_no_organisation(place: Place) -> None:
    """It says how to bring one."""
    bring(place, CITY, "--dry-run")
    told = place.run("organisation", "show")

    assert told.exit_code == 1
    assert "fernbereit organisation import" in told.stderr


def test_every_field_has_a_word_in_both_languages() -> None:
    """A field that is added to the model needs its word."""
    parts = (Unit, Service, Gateway, LicencePool, Uplink, Target, DevicePool, OwnScenario, Price)
    fields = {*OWN, "number", *(name for part in parts for name in part.model_fields)}

    for lang in ("de", "en"):
        assert [
            name for name in sorted(fields) if f"organisation.field.{name}" not in words(lang).texts
        ] == []
