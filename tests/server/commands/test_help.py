"""What does somebody read who types `--help`, or a language that is not spoken?"""

import pytest
from typer.testing import CliRunner

from fernbereit_server.cli import app

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
