"""Can the desk find a device on the command line, in German and English, and as JSON?"""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from fernbereit.code import device_code
from fernbereit.delivery import Mark
from fernbereit.facts.battery import Battery
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome
from fernbereit_server.cli import app
from fernbereit_server.console.wording import words as console_words
from fernbereit_server.store import database, writes
from fernbereit_server.store.changes import Change, InventoryRow, SectionChange, Standing
from judged_store import Office
from judged_store import device_id as judged_id
from small_fleet import KEY, TODAY, device_id, hash_of

CODE = device_code(device_id(0))
MACHINE = Machine(serial_hash=hash_of(0)).model_dump_json(exclude_none=True)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Write settings of a store with one device that reported and one that never did."""
    engine = database.open_engine(f"sqlite:///{tmp_path / 'fernbereit.sqlite3'}")
    database.upgrade(engine)
    database.generation(engine, TODAY)
    rows = [
        InventoryRow(id=1, serial_hash=hash_of(0), label="NB-04711", unit="Bauamt", site="Rathaus"),
        InventoryRow(id=2, serial_hash=hash_of(1), label="NB-[red]", unit="Archiv", site="Nord", kind="pool"),
    ]
    with database.writing(engine) as connection:
        writes.change_inventory(connection, written=rows, removed=[])
    seen = {
        "battery": Battery(health_ratio=0.81),
        "machine": Machine(model="T14", serial_hash=hash_of(0)),
    }
    change = Change(
        device_id=device_id(0),
        before=None,
        after=Standing(status="active", mark=Mark(device_id(7), 1)),
        day=TODAY,
        reported_at=1.0,
        sections={
            name: SectionChange(outcome=Outcome.OK, reason=None, observed_on=TODAY, facts=facts)
            for name, facts in seen.items()
        },
    )
    writes.commit(engine, [change])
    engine.dispose()
    file = tmp_path / "collector.toml"
    file.write_text(
        f"data = {json.dumps(str(tmp_path))}\n[inventory]\nkey = '{KEY.hex()}'\n", encoding="utf-8"
    )
    return file


def run(settings: Path, *words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(app, ["devices", *words, "--settings", str(settings), "--lang", lang])


@pytest.mark.parametrize(
    "words", [(), ("NB",), ("list", "NB"), ("nb-",)], ids=["all", "search", "list", "small letters"]
)
def test_devices_are_listed(settings: Path, words: tuple[str, ...]) -> None:
    """With code, label, unit and the age of the last report."""
    done = run(settings, *words)

    assert done.exit_code == 0
    assert CODE in done.output
    assert "NB-[red]" in done.output
    assert "never yet" in done.output


def test_the_list_speaks_german(settings: Path) -> None:
    """As the console does."""
    assert "noch nie" in run(settings, lang="de").output


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (("--unit", "Archiv"), ["NB-[red]"]),
        (("--freshness", "silent"), ["NB-04711"]),
        (("--limit", "1"), ["NB-04711"]),
    ],
    ids=["unit", "freshness", "limit"],
)
def test_the_list_is_narrowed(settings: Path, words: tuple[str, ...], labels: list[str]) -> None:
    """As JSON, in the shape of the API."""
    answer = json.loads(run(settings, *words, "--json").stdout)

    assert [row["label"] for row in answer["rows"]] == labels


def test_a_list_that_is_not_complete_says_so(settings: Path) -> None:
    """Nobody takes a part for the whole."""
    assert "more than 1 devices" in run(settings, "--limit", "1").output


@pytest.mark.parametrize("code", [CODE, CODE.lower(), "NB-04711", device_id(0)])
def test_one_device_is_shown(settings: Path, code: str) -> None:
    """Every visible fact in words; keyed hashes stay inside."""
    done = run(settings, "show", code)

    assert done.exit_code == 0
    assert "T14" in done.output
    assert "81" in done.output
    assert hash_of(0) not in done.output


def test_one_device_is_shown_as_json(settings: Path) -> None:
    """In the shape of the API."""
    answer = json.loads(run(settings, "show", CODE, "--json").stdout)

    assert answer["code"] == CODE
    assert {section["section"] for section in answer["sections"]} == {"battery", "machine"}


@pytest.mark.parametrize("words", [("show", "nobody"), ("nobody",)], ids=["show", "search"])
def test_nothing_found_is_exit_code_1(settings: Path, words: tuple[str, ...]) -> None:
    """With one sentence and nothing else."""
    done = run(settings, *words)

    assert done.exit_code == 1
    assert "no such device" in done.output or "no device with this code" in done.output


def test_without_a_store_it_says_how_to_get_one(tmp_path: Path) -> None:
    """And makes none."""
    file = tmp_path / "collector.toml"
    file.write_text(f"data = {json.dumps(str(tmp_path / 'none'))}\n", encoding="utf-8")

    done = run(file)

    assert done.exit_code == 1
    assert "fernbereit serve" in done.output
    assert not (tmp_path / "none").exists()


def test_wrong_settings_are_exit_code_2(tmp_path: Path) -> None:
    """As everywhere."""
    file = tmp_path / "collector.toml"
    file.write_text("tick = 5\n", encoding="utf-8")

    assert run(file).exit_code == 2


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["text", "JSON"])
def test_nothing_found_ends_with_one(settings: Path, words: tuple[str, ...]) -> None:
    """As the help says, so that a script need not read the answer."""
    assert run(settings, "no such device", *words).exit_code == 1


@pytest.mark.parametrize("lang", ["de", "en"])
def test_show_says_the_verdict_and_what_to_do(settings: Path, lang: str) -> None:
    """One sentence, and of each check that is not fulfilled what was seen, expected, since when, how."""
    engine = database.open_engine(f"sqlite:///{settings.parent / 'fernbereit.sqlite3'}")
    Office(engine).tick()

    shown = run(settings, "show", CODE, lang=lang).output

    words = console_words(lang)
    sentence = words("verdict.sentence.unknown.because").partition("(")[0].strip()
    assert sentence in shown
    for key in ("observed", "expected", "since", "becomes_known"):
        assert words(f"verdict.{key}") in shown


def test_show_names_the_identity_that_counts_instead(settings: Path) -> None:
    """Twins are found by the collector as it runs; the command has to find them itself."""
    engine = database.open_engine(f"sqlite:///{settings.parent / 'fernbereit.sqlite3'}")
    Office(engine).report(4711, {}, serial=0)
    with database.writing(engine) as connection:
        connection.execute(text("UPDATE sections SET facts = :f WHERE section = 'machine'"), {"f": MACHINE})

    shown = run(settings, "show", CODE).output

    assert device_code(judged_id(4711)) in shown
    assert console_words("en")("verdict.set_aside") in shown
