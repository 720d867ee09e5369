"""Does `fernbereit plan` answer from two files, and say what is wrong with what it was asked?"""

import json
import re
from itertools import accumulate
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fernbereit_server.cli import app
from outlook_world import fresh_store, organisation, page, store_organisation, store_page

DEPLOY = Path(__file__).parents[3] / "deploy"
FILES = ("--organisation", str(DEPLOY / "organisation.yaml"), "--fleet", str(DEPLOY / "fleet.csv"))


def plan(*words: str, files: tuple[str, ...] = FILES, lang: str = "de", columns: int = 120) -> Result:
    return CliRunner().invoke(app, ["plan", *words, *files, "--lang", lang], env={"COLUMNS": str(columns)})


def written(folder: Path, organisation: str, fleet: str) -> tuple[str, ...]:
    (folder / "o.yaml").write_text(organisation, encoding="utf-8")
    (folder / "f.csv").write_text(fleet, encoding="utf-8")
    return "--organisation", str(folder / "o.yaml"), "--fleet", str(folder / "f.csv")


def test_a_terminal_shows_steps_in_their_order() -> None:
    """Where it stands, what the plan costs, what only helps together, what binds then, what was left out."""
    result = plan("--budget", "20.000")

    assert result.exit_code == 0
    assert "Mindestens arbeitsfähig: 105 von 233 geeigneten Personen (45,1\u00a0%)." in result.stdout
    assert "Engpass: gemeinsame Lizenzen (VPN-Lizenzen)." in result.stdout
    assert "Einstellungen" in result.stdout.partition("Laptop")[0]
    assert "zusammen" in result.stdout
    assert "Danach hält auf" in result.stdout
    assert "Laptop, höchstens 52: 0 Personen mehr" in result.stdout
    assert "Gerechnet aus den Zahlen dieser beiden Dateien" in result.stdout


def test_what_the_steps_add_sums_up_to_what_they_lead_to() -> None:
    """The figures are rounded so that a reader can add them up."""
    said = plan("--budget", "20.000").stdout
    before = int(re.findall(r"Mindestens arbeitsfähig: (\d+)", said)[0])
    steps = [(int(gain), int(after)) for gain, after in re.findall(r"\+(\d+), danach (\d+)", said)]

    assert len(steps) > 2
    assert [after for _, after in steps] == [*accumulate((gain for gain, _ in steps), initial=before)][1:]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_eighty_columns_hold_every_step_without_a_broken_word(lang: str) -> None:
    """The same words as where there is room."""
    narrow = plan("--target", "90%", lang=lang, columns=80).stdout

    assert max(map(len, narrow.splitlines())) <= 80
    assert narrow.split() == plan("--target", "90%", lang=lang, columns=400).stdout.split()


def test_english_says_the_same() -> None:
    """With the numbers of English."""
    result = plan("--target", "90%", lang="en")

    assert "Able to work at least: 105 of 233 suitable people (45.1%)." in result.stdout
    assert "The target is reached." in result.stdout


def test_a_script_gets_the_figures() -> None:
    """Steps that add up to the whole, what binds after each, each measure alone."""
    answer = json.loads(plan("--budget", "20000", "--hours", "150", "--json").stdout)

    assert answer["budget"] == {"euro": 20000, "it_hours": 150}
    assert answer["before"]["able"] == 105
    assert sum(step["gain"] for step in answer["steps"]) == pytest.approx(answer["gain"])
    assert sum(step["euro"] for step in answer["steps"]) == pytest.approx(answer["euro"])
    assert answer["euro"] <= 20000
    assert answer["it_hours"] <= 150
    assert answer["steps"][-1]["after"] == answer["after"]
    assert {single["item"]: single["gain"] for single in answer["singles"]}["laptop"] == 0


def test_another_scenario_may_be_planned_for() -> None:
    """Of the product or of the authority."""
    assert json.loads(plan("--budget", "0", "--scenario", "storm day", "--json").stdout)["scenario"] == {
        "key": "storm-day",
        "title": "Sturmtag",
    }


def test_a_target_out_of_reach_is_said_with_how_far_it_goes() -> None:
    """Exit 0: that is an answer."""
    result = plan("--target", "100 %")

    assert result.exit_code == 0
    assert "Das Ziel ist mit keinem Budget zu erreichen. Alles zusammen" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param([], "entweder ein Budget oder ein Ziel", id="neither budget nor target"),
        pytest.param(["--budget", "1", "--target", "9%"], "entweder ein Budget", id="both"),
        pytest.param(["--target", "9%", "--hours", "1"], "--hours begrenzt", id="hours with a target"),
        pytest.param(["--budget=-5"], '"-5" ist kein Budget', id="a negative budget"),
        pytest.param(["--budget", "viel"], '"viel" ist kein Budget', id="a budget that is no number"),
        pytest.param(["--budget", "1", "--hours=-1"], '"-1" ist keine Zahl von Stunden', id="negative hours"),
        pytest.param(["--target", "120%"], '"120%" ist kein Ziel', id="more than everybody"),
        pytest.param(
            ["--budget", "1", "--scenario", "strom-day"], 'Meinten Sie "storm-day"?', id="no such scenario"
        ),
    ],
)
def test_a_wish_that_cannot_be_is_refused(words: list[str], said: str) -> None:
    """Exit 2, what is expected, an example, nothing else."""
    result = plan(*words)

    assert result.exit_code == 2
    assert said in result.stderr
    assert not result.stdout


def test_without_both_files_it_says_what_is_missing() -> None:
    """Exit 2 and a next step."""
    result = plan("--budget", "1", files=FILES[:2])

    assert result.exit_code == 2
    assert "Nächster Schritt: fernbereit plan --help" in result.stderr


def test_without_prices_everything_that_would_help_is_named(tmp_path: Path) -> None:
    """Nothing is planned; a fleet without the column `fix` is told that repairs are not planned either."""
    files = written(
        tmp_path,
        "units:\n  - {name: A, headcount: 9}\ngateways:\n  - {name: VPN, sessions: 2}\n",
        "unit,path,verdict,kind,count\nA,vpn,not_ready,personal,4\n",
    )
    result = plan("--budget", "1000", files=files)

    assert result.exit_code == 0
    assert (
        "Ohne Preis und deshalb nicht eingeplant: Laptop (laptop), VPN-Sitzung (vpn_session)."
        in result.stdout
    )
    assert "Für dieses Budget macht keine Maßnahme mehr Personen arbeitsfähig." in result.stdout
    assert "bei denen es nicht bekannt ist: 4." in result.stdout


def test_a_faulty_price_is_told_with_its_line(tmp_path: Path) -> None:
    """And the item somebody meant."""
    files = written(
        tmp_path,
        "units:\n  - {name: A, headcount: 9}\nprices:\n  laptops: {euro: 1200}\n",
        "unit,path,verdict,kind,count\nA,vpn,ready,personal,4\n",
    )
    result = plan("--budget", "1000", files=files)

    assert result.exit_code == 2
    assert "o.yaml, Zeile 4: prices.laptops" in result.stderr
    assert 'Meinten Sie "laptop"?' in result.stderr


def test_names_cannot_be_taken_for_markup(tmp_path: Path) -> None:
    """A unit may be called anything."""
    files = written(
        tmp_path,
        'units:\n  - {name: "[bold]A[/x]", headcount: 9}\ngateways: [{name: "[red]", sessions: 9}]\n'
        "prices:\n  laptop: {euro: 1}\n",
        "unit,path,verdict,kind,count\n,vpn,ready,personal,4\n",
    )

    assert "[bold]A[/x] 9" in plan("--budget", "1000", files=files).stdout


@pytest.fixture
def settings(tmp_path: Path) -> str:
    """Return the settings of a collector that has published, with an organisation of one narrow gateway."""
    engine, _ = fresh_store(tmp_path / "data")
    prices = {"vpn_session": {"euro": 40, "it_hours": 0.5}, "laptop": {"euro": 1000, "it_hours": 3}}
    store_organisation(engine, organisation(prices=prices))
    store_page(engine, page())
    engine.dispose()
    file = tmp_path / "collector.toml"
    file.write_text(f'data = "{(tmp_path / "data").as_posix()}"\n', encoding="utf-8")
    return str(file)


def test_without_files_the_collectors_own_devices_are_planned_for(settings: str) -> None:
    """From published numbers, and it says so."""
    told = plan("--budget", "9000", files=("--settings", settings))
    written = json.loads(plan("--budget", "9000", "--json", files=("--settings", settings)).stdout)

    assert told.exit_code == 0
    assert "Gerechnet aus veröffentlichten Zahlen" in told.stdout
    assert "beiden Dateien" not in told.stdout
    assert written["source"] == "published"
    assert 0 < written["euro"] <= 9000
    assert written["gain"] > 0


def test_exact_numbers_are_for_operations(settings: str) -> None:
    """No laptop is in this store, so nothing can be gained, and the reader is told for whom it is."""
    told = plan("--budget", "400", "--exact", files=("--settings", settings))
    assert told.exit_code == 0
    assert "nur für den IT-Betrieb" in told.stdout


def test_without_an_organisation_the_next_step_is_named(tmp_path: Path) -> None:
    """Exit code 1: nothing to answer from yet."""
    engine, _ = fresh_store(tmp_path / "data")
    engine.dispose()
    file = tmp_path / "collector.toml"
    file.write_text(f'data = "{(tmp_path / "data").as_posix()}"\n', encoding="utf-8")

    told = plan("--budget", "1", files=("--settings", str(file)))

    assert told.exit_code == 1
    assert "fernbereit organisation import" in told.stderr


def test_files_and_settings_do_not_go_together(settings: str) -> None:
    """Nobody should wonder which of them was asked."""
    assert plan("--budget", "1", "--settings", settings).exit_code == 2
