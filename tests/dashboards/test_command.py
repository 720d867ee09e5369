"""Can an administrator build and check the boards, and does the old builder's convention hold?"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

import fernbereit_dashboards.__main__ as program
from fernbereit_dashboards import build
from fernbereit_server.commands.dashboards import app

TREE = Path(__file__).parents[2] / "dashboards"
OLD_STYLE = sorted(TREE.rglob("*.dashboard.py"))


def executed(path: Path) -> ModuleType:
    """Execute a file the way grafana-dashboards-builder 0.3.1 does: by its path, under a name of its own."""
    spec = importlib.util.spec_from_file_location(path.name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_build_writes_and_check_then_agrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and names before, 0 and silence after."""
    assert program.main(["check", "--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("out of date: ") == len(build.render())
    assert program.main(["build", "--folder", str(tmp_path)]) == 0
    capsys.readouterr()
    assert program.main(["check", "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_without_the_sdk_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, but the line to type."""
    monkeypatch.setattr(program, "find_spec", lambda _name: None)

    assert program.main(["build"]) == 2
    assert "pip install 'fernbereit[dashboards]'" in capsys.readouterr().err


def test_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An installed wheel has no folder of boards; the message says how to name one."""
    assert program.main(["build", "--folder", str(tmp_path / "none")]) == 2
    assert "--folder DIR" in capsys.readouterr().err


def test_the_collectors_command_passes_folder_and_exit_code_on(tmp_path: Path) -> None:
    """`fernbereit dashboards` runs the boards' own program."""
    run = CliRunner()

    assert run.invoke(app, ["check", "--folder", str(tmp_path)]).exit_code == 1
    assert run.invoke(app, ["build", "--folder", str(tmp_path)]).exit_code == 0
    assert run.invoke(app, ["check", "--folder", str(tmp_path)]).exit_code == 0


@pytest.mark.parametrize("path", OLD_STYLE, ids=lambda path: path.name)
def test_the_old_builder_finds_title_and_json(path: Path) -> None:
    """It takes `dashboard`, calls `to_json_data()`, names the file by `title` and the folder by the path."""
    dashboard = executed(path).dashboard

    assert path.relative_to(TREE).parts[0] == dashboard.folder
    assert json.dumps(dashboard.to_json_data())
    assert dashboard.title


def test_the_old_builder_makes_exactly_our_boards() -> None:
    """Neither way makes a board that the other does not."""
    theirs = {(board := executed(path).dashboard).path: board.text() for path in OLD_STYLE}

    assert theirs == dict(build.render())


def test_building_needs_nothing_that_serves() -> None:
    """A machine that only builds boards has no web server, no database and no Prometheus client."""
    heavy = {"fastapi", "gmqtt", "prometheus_client", "sqlalchemy", "typer"}
    code = (
        f"import sys, fernbereit_dashboards.build as b; b.render(); print(set({heavy!r}) & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
