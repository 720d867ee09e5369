"""Are the committed boards those that the code makes, and can Grafana's own model read them?"""

from dataclasses import replace
from pathlib import Path

import pytest

from fernbereit_dashboards import build, sdk
from fernbereit_dashboards.words import LANGUAGES


def test_committed_boards_are_those_the_code_makes() -> None:
    """A change of code or words comes with the boards it makes."""
    assert build.check() == ()


def test_a_stale_a_missing_and_a_leftover_board_are_named_and_put_right(tmp_path: Path) -> None:
    """`build` heals what `check` names, and does nothing more the second time."""
    build.write(tmp_path)
    stale, missing = sorted(build.render())
    (tmp_path / stale).write_text("{}", encoding="utf-8")
    (tmp_path / missing).unlink()
    leftover = tmp_path / "de" / "Fernbereit" / "old.json"
    leftover.write_text("{}", encoding="utf-8")
    named = tuple(sorted((stale, missing, "de/Fernbereit/old.json")))

    assert build.check(tmp_path) == named
    assert build.write(tmp_path) == named
    assert build.check(tmp_path) == ()
    assert not leftover.exists()


def test_two_builds_give_the_same_bytes() -> None:
    """Nothing in a board depends on the moment it was made."""
    assert build.render() == build.render()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_official_model_reads_a_board_back_unchanged(lang: str) -> None:
    """Every field is one that Grafana's schema knows; an unknown one would be lost on the way."""
    sdk.register_default_plugins()
    for board in build.boards(lang):
        read = sdk.model.Dashboard.from_json(board.to_json_data())

        assert replace(board, model=read).text() == board.text()
