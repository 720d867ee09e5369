"""Goals, measures, changes and drill days at the command line: what is said, kept, and refused."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fernbereit_server.cli import app
from fernbereit_server.commands.blocks import Block, Grid, Heading, Items, Paragraph, as_html, as_markdown
from fernbereit_server.decisions import DrillDay
from fernbereit_server.decisions.writing import announce_drill_day
from fernbereit_server.store import database
from html_tree import parse
from outlook_world import FLEET, fresh_store, organisation, page, store_organisation, store_page

TODAY = date.today()  # noqa: DTZ011 - the commands ask the same clock
MONTH = timedelta(days=30)
FEWER = {**FLEET, ("Rathaus", "Bauamt"): {"ready_direct": 15, "not_ready": 28}}
PRICES = {"laptop": {"euro": 1200, "it_hours": 3}}
LATER = (TODAY + 2 * MONTH).isoformat()


class World:
    """A store, and the command that looks at it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "collector.toml"
        data = folder / "data"
        self.file.write_text(f'data = "{data}"\n', encoding="utf-8")
        self.engine, _ = fresh_store(data)

    def fill(self) -> None:
        gateways = [{"name": "VPN Rathaus", "sessions": 500}]
        store_organisation(self.engine, organisation(prices=PRICES, gateways=gateways), TODAY - 2 * MONTH)
        store_page(self.engine, page(FEWER, TODAY - MONTH))
        store_page(self.engine, page(FLEET, TODAY))

    def ask(self, *words: str, code: int = 0, lang: str = "en", columns: int = 200) -> str:
        result = CliRunner().invoke(
            app, [*words, "--settings", str(self.file), "--lang", lang], env={"COLUMNS": str(columns)}
        )
        assert result.exit_code == code, result.output
        return result.output

    def read(self, *words: str) -> Any:
        result = CliRunner().invoke(app, [*words, "--settings", str(self.file), "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def hold(self, **said: Any) -> None:
        """Keep a drill day that was held yesterday."""
        bounds = [30.0, 40.0]
        binding = {"kind": "devices", "names": []}
        unit = {"unit": "Bauamt", "members": ["Bauamt"], "suitable": 50, "able": bounds, "binding": binding}
        predicted = {
            "made_on": TODAY.isoformat(),
            "scenario": "office-closed",
            "title": {"de": "Büro geschlossen", "en": "Office closed"},
            "headcount": 60,
            "suitable": 50,
            "able": bounds,
            "binding": {"kind": "sessions", "names": ["VPN <Rathaus>"]},
            "units": [unit],
            "services": [{"name": "Auszahlen", "minimum": 12, "staffed": [9.0, 12.0], "holds": "unknown"}],
        }
        line = {"size": 50, "heard": 40, "working": 20}
        group = {"site": "Rathaus", "unit": "Bauamt", "members": ["Bauamt"], **line}
        held = DrillDay(
            id=0,
            scenario="office-closed",
            held_on=TODAY - timedelta(days=1),
            announced_on=TODAY - MONTH,
            predicted=predicted,
            measured=said.get("measured", {"k": 5, "groups": [group], "total": line}),
        )
        with database.writing(self.engine) as connection:
            announce_drill_day(connection, held)


@pytest.fixture
def bare(tmp_path: Path) -> World:
    """Nothing is known yet."""
    return World(tmp_path)


@pytest.fixture
def world(bare: World) -> World:
    """Make an authority with two published days."""
    bare.fill()
    return bare


def test_a_goal_is_set_shown_and_given_up(world: World) -> None:
    """It stays in the list as ended."""
    assert "90%" in world.ask("goal", "set", "--target", "90%", "--due", LATER)
    assert re.search(r"\b90\s%", world.ask("goal", "list", lang="de"))
    assert world.read("goal", "list")[0]["target"] == 0.9
    world.ask("goal", "end", "1")
    assert world.read("goal", "list")[0]["state"] == "ended"
    world.ask("goal", "end", "1", code=1)


@pytest.mark.parametrize("target", ["90", "0", "-1%", "101%", "viel"])
def test_a_target_is_a_share(world: World, target: str) -> None:
    """Ninety without a per cent sign is ninety times everybody."""
    world.ask("goal", "set", "--target", target, "--due", LATER, code=2)
    assert world.read("goal", "list") == []


def test_a_goal_lies_ahead(world: World) -> None:
    """Today is too soon."""
    world.ask("goal", "set", "--target", "90%", "--due", TODAY.isoformat(), code=2)

    assert world.read("goal", "list") == []


@pytest.mark.parametrize(
    ("words", "near"),
    [(("--unit", "Bauampt"), "Bauamt"), (("--scenario", "storm-dey"), "storm-day")],
    ids=["unit", "scenario"],
)
def test_what_is_near_is_named(world: World, words: tuple[str, str], near: str) -> None:
    """And nothing is kept."""
    assert near in world.ask("goal", "set", "--target", "90%", "--due", LATER, *words, code=1)
    assert world.read("goal", "list") == []


@pytest.mark.parametrize(
    "words",
    [
        ("goal", "set", "--target", "90%", "--due", LATER),
        ("measure", "adopt", "--item", "laptop", "--number", "4", "--title", "Laptops"),
        ("drill-day", "announce", "--on", LATER),
    ],
    ids=["goal", "measure", "drill day"],
)
def test_without_an_organisation_the_next_step_is_named(bare: World, words: tuple[str, ...]) -> None:
    """Nobody has said yet who works where."""
    assert "fernbereit organisation import" in bare.ask(*words, code=1)


def test_a_measure_is_kept_with_its_cost_and_its_prediction(world: World) -> None:
    """Cost by the prices, gain by the drill; what is measured is said to hold other changes."""
    said = world.ask(
        *("measure", "adopt", "--item", "laptop", "--number", "10", "--unit", "Bauamt", "--title", "Laptops"),
        *("--decided-on", (TODAY - MONTH).isoformat()),
    )
    (found,) = world.read("measure", "list")

    assert "12,000 euro" in said
    assert (found["euro"], found["it_hours"], found["predicted"]) == (12000, 30, 10)
    assert found["gained"]["low"] > 0
    assert "everything that changed" in world.ask("measure", "list")
    world.ask("measure", "end", "1")
    world.ask("measure", "end", "1", code=1)


def test_more_than_helps_is_said(world: World) -> None:
    """Nobody lacks the eleventh."""
    words = (
        "measure",
        "adopt",
        "--item",
        "laptop",
        "--number",
        "900",
        "--unit",
        "Bauamt",
        "--title",
        "Viele",
    )

    assert "Only 15 of 900" in world.ask(*words)


@pytest.mark.parametrize(
    "words",
    [
        ("--item", "beer", "--number", "4"),
        ("--item", "", "--number", "4", "--euro", "1"),
        ("--item", "laptop", "--number", "4", "--unit", "Pforte II"),
    ],
)
def test_what_helps_nobody_is_not_adopted(world: World, words: tuple[str, ...]) -> None:
    """The items that have a price are named."""
    assert "laptop" in world.ask("measure", "adopt", "--title", "Etwas", *words, code=1)
    assert world.read("measure", "list") == []


HUGE = "99999999999999999999"


@pytest.mark.parametrize(
    "words",
    [
        ("goal", "end", HUGE),
        ("measure", "end", HUGE),
        ("drill-day", "close", HUGE),
        ("drill-day", "minutes", HUGE),
        ("measure", "adopt", "--item", "laptop", "--number", "4", "--title", "Laptops", "--euro", HUGE),
        ("measure", "adopt", "--item", "laptop", "--number", "4", "--title", "Laptops", "--it-hours", HUGE),
        ("measure", "adopt", "--item", "laptop", "--number", "4", "--title", "Laptops\nund mehr"),
    ],
)
def test_what_no_store_can_keep_is_refused(world: World, words: tuple[str, ...]) -> None:
    """As a wrong argument, and nothing is kept."""
    world.ask(*words, code=2)

    assert world.read("measure", "list") == []


def test_a_measure_dearer_than_any_store_can_keep_is_refused(world: World) -> None:
    """By its price, too."""
    dear = {"laptop": {"euro": 1e9}}
    store_organisation(world.engine, organisation(prices=dear, gateways=[{"name": "VPN", "sessions": 5}]))
    words = ("measure", "adopt", "--item", "laptop", "--number", "3", "--title", "Laptops")

    assert "divide" in world.ask(*words, code=1)
    assert world.read("measure", "list") == []


@pytest.mark.parametrize("lang", ["de", "en"])
def test_lists_fit_into_eighty_columns_without_a_broken_word(world: World, lang: str) -> None:
    """Line by line, the same words as where there is room."""
    world.hold()
    world.ask("goal", "set", "--target", "90%", "--due", LATER, "--unit", "Bauamt")
    world.ask("goal", "set", "--target", "70%", "--due", LATER, "--unit", "Pforte", "--scenario", "storm-day")
    world.ask("measure", "adopt", "--item", "laptop", "--number", "4", "--title", "Laptops für das Bauamt")

    for words in (("goal", "list"), ("measure", "list"), ("drill-day", "list"), ("change",)):
        narrow = world.ask(*words, lang=lang, columns=80)
        assert max(map(len, narrow.splitlines())) <= 80
        assert narrow.split() == world.ask(*words, lang=lang, columns=400).split()
    titles = ("Büro geschlossen", "Sturmtag") if lang == "de" else ("Office closed", "Storm day")
    assert all(title in world.ask("goal", "list", lang=lang) for title in titles)


def test_a_change_is_told_in_sentences(world: World) -> None:
    """With the share of both days; without published causes it says so."""
    said = world.ask("change", lang="de")

    assert re.search(r"In 30 Tagen \(seit \d\d\.\d\d\.\d{4}\): .*\s% -> .*\s% arbeitsfähig\.", said)
    assert "Durch die Geräte: +" in said
    assert "Ursachen sind noch nicht veröffentlicht" in said
    assert world.read("change", "--days", "30")["causes"] is None
    world.ask("change", "--days", "31", code=2)


def test_an_announced_day_comes_with_a_notice_for_staff(world: World) -> None:
    """At most fifteen words a sentence; the prediction is kept, and nothing is measured before the day."""
    said = world.ask("drill-day", "announce", "--on", LATER, lang="de")
    notice = said.split("Beschäftigten:", 1)[1]

    assert "freiwillig" in notice
    assert "Niemand führt eine Liste" in notice
    assert max(len(sentence.split()) for sentence in re.split(r"[.:\n]", notice)) <= 15
    (found,) = world.read("drill-day", "list")["drill_days"]
    assert (found["phase"], found["held_on"], found["total"], found["groups"]) == (
        "announced",
        LATER,
        None,
        [],
    )


@pytest.mark.parametrize("days", [-1, 0])
def test_nobody_is_surprised(world: World, days: int) -> None:
    """The day is announced the day before at the latest."""
    on = (TODAY + timedelta(days=days)).isoformat()
    world.ask("drill-day", "announce", "--on", on, code=2)

    assert world.read("drill-day", "list")["drill_days"] == []


def test_a_day_is_announced_once_and_can_be_called_off(world: World) -> None:
    """Afterwards it may be announced anew."""
    world.ask("drill-day", "announce", "--on", LATER)
    world.ask("drill-day", "announce", "--on", LATER, code=1)
    assert "called off" in world.ask("drill-day", "close", "1")
    world.ask("drill-day", "close", "1", code=1)
    world.ask("drill-day", "announce", "--on", LATER)

    assert [one["phase"] for one in world.read("drill-day", "list")["drill_days"]] == [
        "called_off",
        "announced",
    ]


def test_the_list_keeps_the_error_of_all_days(world: World) -> None:
    """20 of 50 measured, 35 in the middle of what was predicted: 30 points below."""
    world.hold()

    assert world.read("drill-day", "list")["calibration"] == {"days": 1, "mean": -0.3, "mean_size": 0.3}
    assert "fewer than predicted" in world.ask("drill-day", "list")


def test_the_minutes_hold_what_the_issue_asks_for(world: World) -> None:
    """Announced, expected, predicted, bound, services, measured, findings, and open points for a pen."""
    world.hold()
    text = world.ask("drill-day", "minutes", "1", lang="de")

    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == [
        "Wer erwartet wurde",
        "Vorhersage",
        "Zeitkritische Leistungen laut Vorhersage",
        "Messung",
        "Feststellungen",
        "Offene Punkte",
    ]
    assert "weniger als vorhergesagt" in text
    assert "kein Versagen" in text
    assert "- [ ] " in text


def test_the_minutes_are_a_page_too(world: World) -> None:
    """Well-formed, in its language, with names of the file escaped, and nothing loaded from elsewhere."""
    world.hold()
    text = world.ask("drill-day", "minutes", "1", "--html", lang="de")

    assert '<html lang="de">' in text
    assert "VPN &lt;Rathaus&gt;" in text
    assert "<script" not in text
    assert "http" not in text
    parse(text)


def test_a_day_of_which_too_few_reported_is_unknown(world: World) -> None:
    """Never failed."""
    line = {"size": 50, "heard": 20, "working": 0}
    world.hold(measured={"k": 5, "groups": [], "total": line})

    assert world.read("drill-day", "list")["drill_days"][0]["total"]["outcome"] == "unknown"
    assert "unknown, since less than half" in world.ask("drill-day", "minutes", "1")


def test_a_day_nothing_was_measured_on_says_so(world: World) -> None:
    """The collector did not run."""
    world.hold(measured=None)

    assert "Nothing was measured." in world.ask("drill-day", "minutes", "1")
    world.ask("drill-day", "minutes", "7", code=1)


def test_blocks_read_the_same_as_text_and_as_page() -> None:
    """Marks in names stay marks of the name."""
    blocks: list[Block] = [
        Heading("A *b*"),
        Paragraph("c|d"),
        Items(("e",), to_tick=True),
        Grid(("f", "g|h"), (("1", "2"),)),
    ]

    assert as_markdown("T", blocks).splitlines()[2:] == [
        r"## A \*b\*",
        "",
        "c|d",
        "",
        "- [ ] e",
        "",
        "| f | g/h |",
        "| - | --- |",
        "| 1 | 2   |",
    ]
    assert '<th scope="row">1</th><td>2</td>' in as_html("T", blocks, "en")
