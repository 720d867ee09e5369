"""Does the repository hold exactly what its generators write?"""

import logging

import pytest

import write
from fernbereit.words import load


def test_nothing_generated_is_out_of_date() -> None:
    """A change in a model, a word or a recorded laptop goes with `make write` in the same commit."""
    stale = write.stale()

    assert not stale, "run make write and commit what it writes: " + ", ".join(stale)


def test_a_changed_text_is_named(monkeypatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """A file whose generator now says something else is reported by its path."""
    monkeypatch.setattr(write, "GENERATORS", (lambda: {"README.md": "something else"},))
    assert write.stale() == ("README.md",)


def test_a_check_in_which_all_is_well_says_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails on a recorded laptop is meant to fail there; the runner speaks again afterwards."""
    monkeypatch.setattr(write, "GENERATORS", (write._laptops,))
    assert write.main(["--check"]) == 0
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert not logging.getLogger("fernbereit_agent.runner").disabled


def test_a_missing_word_ends_it_with_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key and the file, no traceback."""
    monkeypatch.setattr(write, "GENERATORS", (lambda: {"README.md": load("de")("field.x")},))
    assert write.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert said.endswith("agent/fernbereit/words/de.json has no 'field.x'; add it, in every language\n")
    assert len(said.splitlines()) == 1


def test_a_generator_that_never_says_the_same_ends_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make write` repeats until nothing changes, and not for ever."""
    monkeypatch.setattr(write, "GENERATORS", (lambda: {"README.md": "something else"},))
    assert write.main(["--runs", "0"]) == 1
    assert capsys.readouterr().err == "README.md changes with every run: its generator has no fixed text\n"


def test_a_fault_of_a_generator_is_not_taken_for_a_missing_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its traceback."""
    monkeypatch.setattr(write, "GENERATORS", (lambda: {"README.md": {"a": "b"}["c"]},))
    with pytest.raises(KeyError, match="c"):
        write.main(["--check"])
