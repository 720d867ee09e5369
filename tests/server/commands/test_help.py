"""What does somebody read who types `--help`, or a language that is not spoken?"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from fernbereit_server.cli import app
from fernbereit_server.commands.spoken import flat, help_in_german

COMMANDS = [
    (),
    ("serve",),
    ("demo",),
    ("devices",),
    ("devices", "list"),
    ("devices", "show"),
    ("devices", "proposals"),
    ("devices", "retire"),
    ("devices", "restore"),
    ("devices", "release"),
    ("waiver",),
    ("waiver", "grant"),
    ("waiver", "list"),
    ("waiver", "end"),
    ("inventory",),
    ("inventory", "import"),
    ("inventory", "key"),
    ("backup",),
    ("restore",),
    ("organisation",),
    ("organisation", "import"),
    ("organisation", "show"),
    ("policy",),
    ("policy", "check"),
    ("policy", "show"),
    ("policy", "key"),
    ("policy", "dry-run"),
    ("policy", "adopt"),
    ("policy", "history"),
    ("plan",),
    ("simulate",),
    ("dashboards",),
    ("dashboards", "build"),
    ("dashboards", "check"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(("fernbereit", *command)))
def test_every_help_ends_with_an_example(command: tuple[str, ...]) -> None:
    """Something to copy, of this very command."""
    shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})

    assert shown.exit_code == 0
    assert f"Example: {' '.join(('fernbereit', *command[:1]))}" in shown.output


def every_text(command: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield every help below a command with its place."""
    yield name, command.help or ""
    for parameter in command.get_params(typer.Context(command)):
        yield f"{name} {parameter.name}", getattr(parameter, "help", None) or ""
    for below, one in getattr(command, "commands", {}).items():
        yield from every_text(one, f"{name} {below}")


def test_every_help_is_there_in_german_and_nothing_else() -> None:
    """Whoever changes an English text is told to change the German one in `help_de.json`."""
    said = {
        flat(text): place for place, text in every_text(typer.main.get_command(app), "fernbereit") if text
    }
    german = set(help_in_german())
    assert {text: place for text, place in said.items() if text not in german} == {}
    assert [text for text in german if text not in said and not text.startswith("Example: ")] == []


@pytest.mark.parametrize(
    "command",
    [(), ("backup",), ("drill",), ("devices",), ("policy", "adopt")],
    ids=lambda command: " ".join(("fernbereit", *command)),
)
def test_a_german_help_is_german_all_over(command: tuple[str, ...]) -> None:
    """Also what Typer writes around it; flags say nothing of a value they do not take."""
    for lang in ("de", "en"):
        environment = {"LC_ALL": f"{lang}_{lang.upper()}.UTF-8", "COLUMNS": "200", "TERM": "dumb"}
        shown = CliRunner().invoke(app, [*command, "--help"], env=environment).output
        english = re.findall(
            r"Usage:|Options|Commands|Arguments|\[default|Exit codes|Show this|Example:", shown
        )
        assert bool(english) is (lang == "en")
        assert "bool" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("backup", "Es fehlt die Angabe 'TO'.", id="an argument is missing"),
        pytest.param("goal set", "Es fehlt der Schalter '--target'.", id="an option is missing"),
        pytest.param("backp", "Den Befehl 'backp' gibt es nicht. Meinten Sie 'backup'?", id="no command"),
        pytest.param("drill --jsn", "Den Schalter --jsn gibt es nicht. Gemeint vielleicht:", id="no option"),
        pytest.param("drill --as-of", "Der Schalter '--as-of' braucht einen Wert.", id="a value is missing"),
        pytest.param("drill --json=3", "Der Schalter '--json' nimmt keinen Wert.", id="a flag with a value"),
        pytest.param("drill a b", "Das ist zu viel: b", id="a word too many"),
        pytest.param(
            "backup x --keep y", "Falscher Wert für '--keep': Erwartet wird eine Zahl.", id="no number"
        ),
        pytest.param("backup x --keep 0", "Erwartet wird mindestens 1.", id="too small"),
        pytest.param("drill --as-of x", "Erwartet wird Jahr-Monat-Tag, nicht 'x'.", id="no day"),
        pytest.param(
            "devices --lang xx", "Erwartet wird eines von 'de', 'en', nicht 'xx'.", id="no language"
        ),
    ],
)
def test_a_call_that_is_wrong_is_told_in_german(typed: str, said: str) -> None:
    """Where the system speaks it; in English where `--lang en` stands in the call."""
    environment = {"LC_ALL": "de_DE.UTF-8", "COLUMNS": "200", "TERM": "dumb"}

    refused = CliRunner().invoke(app, typed.split(), env=environment)

    assert refused.exit_code == 2
    assert said in refused.output
    assert "Fehler" in refused.output
    assert "Try" not in refused.output
    english = CliRunner().invoke(app, ["backup", "--lang", "en"], env=environment).output
    assert "Missing argument 'TO'." in english
    assert "Usage: " in english


@pytest.mark.parametrize(
    "command",
    [("serve",), ("demo",), ("devices",), ("devices", "show", "NB-1"), ("inventory", "import", "list.csv")],
    ids=lambda command: command[0],
)
def test_a_language_that_is_not_spoken_is_refused_with_those_that_are(command: tuple[str, ...]) -> None:
    """Exit code 2, nothing is started."""
    refused = CliRunner().invoke(app, [*command, "--lang", "xx"], env={"COLUMNS": "200", "TERM": "dumb"})

    assert refused.exit_code == 2
    assert "'de', 'en'" in refused.output
