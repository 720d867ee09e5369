"""What does `fernbereit drill` say of the devices that the collector knows?"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from fernbereit_server.cli import app
from fernbereit_server.commands.drill_collected import forecast
from fernbereit_server.commands.wording import words
from fernbereit_server.resilience.forecast import Forecast
from outlook_world import FLEET, TODAY, fresh_store, organisation, page, store_organisation, store_page

Drill = Callable[..., Result]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Make a store with nothing in it."""
    engine, _ = fresh_store(tmp_path / "data")
    yield engine
    engine.dispose()


@pytest.fixture
def drill(engine: Engine, tmp_path: Path) -> Drill:
    """Have the command ready for that store."""
    folder = Path(engine.url.database or "").parent
    settings = tmp_path / "collector.toml"
    settings.write_text(f'data = "{folder.as_posix()}"\n', encoding="utf-8")

    def run(*words: str, lang: str = "de") -> Result:
        arguments = ["drill", *words, "--settings", str(settings), "--lang", lang]
        return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})

    return run


@pytest.fixture
def published(engine: Engine) -> None:
    """Know an organisation and a page of today."""
    store_organisation(engine, organisation())
    store_page(engine, page())


@pytest.mark.usefixtures("published")
def test_the_answer_says_what_was_counted_when_and_how_it_was_rounded(drill: Drill) -> None:
    """Rounded numbers by default, and the denominators."""
    result = drill()

    assert result.exit_code == 0
    assert "Archiv, Pforte (zusammen)" in result.stdout
    assert "Gezählt: 143 geeignete von 153 Beschäftigten" in result.stdout
    assert "veröffentlicht am 02.03.2026" in result.stdout
    assert "auf Vielfache von 5 gerundet" in result.stdout
    assert re.search(r"^VPN: [^ ]+ Sitzungen gebraucht, \d+ möglich\.$", result.stdout, re.MULTILINE)
    assert re.search(
        r"^Am knappsten: VPN.*, [^ ]+ Sitzungen gebraucht, \d+ möglich\.$", result.stdout, re.MULTILINE
    )


@pytest.mark.usefixtures("published")
def test_english_says_the_same(drill: Drill) -> None:
    """Day and names as English writes them."""
    result = drill(lang="en")

    assert "Archiv, Pforte (together)" in result.stdout
    assert "published on 2026-03-02" in result.stdout


@pytest.mark.usefixtures("published")
def test_a_script_gets_source_day_and_rounding(drill: Drill) -> None:
    """Beside everything a drill from files says."""
    answer = json.loads(drill("--json").stdout)

    assert (answer["source"], answer["as_of"], answer["rounded_to"]) == ("published", "2026-03-02", 5)
    assert answer["units"][2]["members"] == ["Archiv", "Pforte"]
    assert answer["headroom"]["capacity"] == 48
    assert answer["forecast"]["earliest"]["word"] == "used_up"
    assert answer["able"]["low"] <= answer["able"]["high"] <= answer["suitable"]


@pytest.mark.usefixtures("published")
def test_exact_numbers_say_for_whom_they_are(drill: Drill) -> None:
    """No laptop is in this store, so nobody is able; each unit stands alone."""
    told, answer = drill("--exact"), json.loads(drill("--exact", "--json").stdout)

    assert "nur für den IT-Betrieb" in told.stdout
    assert (answer["source"], answer["rounded_to"], answer["devices"]) == ("exact", None, 0)
    assert [unit["name"] for unit in answer["units"]] == ["Bauamt", "Sozialamt", "Archiv", "Pforte"]


@pytest.mark.usefixtures("published")
def test_exact_numbers_exist_of_today_only(drill: Drill) -> None:
    """The fleet has no history."""
    result = drill("--exact", "--as-of", "2026-03-01")

    assert result.exit_code == 2
    assert "--exact oder --as-of" in result.stderr


def test_as_of_a_day_without_a_page_says_which_page_is_shown(drill: Drill, engine: Engine) -> None:
    """The last one before; before the first there is none."""
    store_organisation(engine, organisation())
    store_page(engine, page(FLEET, TODAY - timedelta(days=9)))
    store_page(engine, page())

    between, before = drill("--as-of", "2026-02-25"), drill("--as-of", "2026-02-01")

    assert (
        "Für den 25.02.2026 ist nichts veröffentlicht; dies sind die Zahlen vom 21.02.2026." in between.stdout
    )
    assert before.exit_code == 1
    assert "Der erste Tag ist der 21.02.2026." in before.stderr


@pytest.mark.usefixtures("published")
def test_a_scenario_of_the_authority_is_found_and_a_misspelt_one_suggested(drill: Drill) -> None:
    """By its title, as people write it."""
    assert drill("halbe leitung").exit_code == 0
    wrong = drill("gatway lost")
    assert wrong.exit_code == 2
    assert 'Meinten Sie "gateway-lost"?' in wrong.stderr


def test_without_an_organisation_the_next_step_is_one_line(drill: Drill, engine: Engine) -> None:
    """In the language asked for."""
    store_page(engine, page())

    assert drill().stderr.count("\n") == 1
    assert "fernbereit organisation import DATEI" in drill().stderr
    assert "fernbereit organisation import FILE" in drill(lang="en").stderr
    assert drill().exit_code == 1


def test_without_a_page_the_next_step_is_named(drill: Drill, engine: Engine) -> None:
    """A collector has to run first."""
    store_organisation(engine, organisation())

    result = drill()

    assert result.exit_code == 1
    assert "Nächster Schritt: fernbereit serve." in result.stderr


def test_without_a_store_it_says_where_it_looked(tmp_path: Path) -> None:
    """Nothing is made by asking."""
    settings = tmp_path / "collector.toml"
    settings.write_text(f'data = "{(tmp_path / "none").as_posix()}"\n', encoding="utf-8")

    result = CliRunner().invoke(app, ["drill", "--settings", str(settings)])

    assert result.exit_code == 1
    assert "there is no store yet" in result.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("published")
def test_the_picture_names_units_as_the_bars_do(drill: Drill, tmp_path: Path) -> None:
    """Not as the metrics do."""
    result = drill("--svg", str(tmp_path / "drill.svg"))

    assert result.exit_code == 0
    assert "Archiv, Pforte (zusammen)" in (tmp_path / "drill.svg").read_text("utf-8")


MARCH = Forecast(word="day", on=TODAY, days=40)
MAY = Forecast(word="day", on=TODAY + timedelta(days=70), days=40)


@pytest.mark.parametrize(
    ("earliest", "latest", "said"),
    [
        pytest.param(MARCH, MARCH, "etwa im März 2026 aufgebraucht", id="one month"),
        pytest.param(MARCH, MAY, "frühestens im März 2026 und spätestens im Mai 2026", id="two months"),
        pytest.param(
            MARCH, Forecast(word="not_within_a_year"), "frühestens im März 2026", id="perhaps never"
        ),
        pytest.param(Forecast(word="used_up"), MARCH, "hängt von den Geräten ab", id="perhaps today"),
        pytest.param(Forecast(word="used_up"), Forecast(word="used_up"), "schon heute nicht", id="today"),
        pytest.param(Forecast(word="too_few_days", days=3), MARCH, "noch nicht: 3.", id="three days"),
        pytest.param(
            Forecast(word="enough_for_all"), Forecast(word="enough_for_all"), "auch wenn alle", id="for all"
        ),
        pytest.param(
            Forecast(word="not_within_a_year"),
            Forecast(word="not_within_a_year"),
            "länger als ein Jahr",
            id="not soon",
        ),
    ],
)
def test_a_forecast_names_months_and_never_a_day(earliest: Forecast, latest: Forecast, said: str) -> None:
    """A trend of rounded counts carries no more."""
    assert said in forecast(earliest, latest, words("de"))
