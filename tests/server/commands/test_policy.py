"""Do `fernbereit policy check` and `policy show` say what a policy demands, in words and in JSON?"""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import fernbereit
from fernbereit.policy import as_json, shipped_policy
from fernbereit_server.cli import app

SOURCE = Path(fernbereit.__file__).with_name("default_policy.yaml")
OWN = (
    "extends: default\nversion: 7\ntitle: {de: Eigenes Regelwerk, en: Policy of our own}\ndeviations:\n"
    "  - check: camera\n    remove: true\n    reason: {de: Wir haben keinen., en: We have none.}\n"
)


def run(*arguments: str, columns: int = 240) -> Result:
    """Type a command on a wide terminal."""
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(app, ["policy", *arguments])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a policy that extends the shipped one."""
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    return file


def test_the_source_of_the_shipped_policy_is_right() -> None:
    """The command agrees with its own policy."""
    told = run("check", str(SOURCE), "--lang", "de")

    assert told.exit_code == 0
    assert f"Prüfungen: {len(shipped_policy().checks)}" in told.stdout


def test_a_faulty_file_is_told_in_json(own: Path) -> None:
    """A script reads line, field, problem, suggestion and example; the command still ends with 2."""
    own.write_text(OWN.replace("camera", "camrea"), encoding="utf-8")
    told = run("check", str(own), "--json", "--lang", "en")
    fault = json.loads(told.stdout)["faults"][0]

    assert told.exit_code == 2
    assert (fault["line"], fault["field"]) == (5, "deviations[1].check")
    assert (fault["suggestion"], fault["example"]) == ("camera", "check: camera")
    assert "no check called camrea" in fault["problem"]


def test_a_right_file_is_told_in_json(own: Path) -> None:
    """No faults, and which version it is."""
    assert json.loads(run("check", str(own), "--json").stdout) == {
        "file": str(own),
        "faults": [],
        "version": 7,
    }


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_file_that_is_not_there_is_named(command: str, tmp_path: Path) -> None:
    """Exit code 2, no traceback."""
    told = run(command, str(tmp_path / "nowhere.yaml"), "--lang", "en")

    assert told.exit_code == 2
    assert "nowhere.yaml cannot be read" in told.stderr


def test_a_faulty_file_is_not_shown(own: Path) -> None:
    """Its faults are told instead."""
    own.write_text("version: 1", encoding="utf-8")
    told = run("show", str(own), "--lang", "de")

    assert told.exit_code == 2
    assert told.stdout == ""
    assert "checks: Dieses Feld fehlt." in told.stderr


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_check_is_shown_by_its_title(lang: str) -> None:
    """With what it expects, how it counts and whom it concerns."""
    told = run("show", "--lang", lang)

    assert told.exit_code == 0
    assert all(getattr(check.title, lang) in told.stdout for check in shipped_policy().checks)
    assert "SYS.3.1.A13" in told.stdout
    assert {"de": "nur als Anzahl", "en": "as a count only"}[lang] in told.stdout


def test_deviations_are_shown_with_their_reason(own: Path) -> None:
    """Whoever reads a policy sees where it departs from its base, and why."""
    told = run("show", str(own), "--lang", "de")

    assert "Eigenes Regelwerk" in told.stdout
    assert "Entfernt: camera (Wir haben keinen.)" in told.stdout


def test_json_holds_the_whole_policy(own: Path) -> None:
    """Base and deviations put together, and the deviations beside it."""
    shown = json.loads(run("show", "--json").stdout)
    ours = json.loads(run("show", str(own), "--json").stdout)

    assert shown == {"extends": None, "deviations": [], "policy": as_json(shipped_policy())}
    assert [check["id"] for check in ours["policy"]["checks"]] == [
        check.id for check in shipped_policy().checks if check.id != "camera"
    ]
    assert ours["deviations"][0]["reason"]["en"] == "We have none."
