"""Does the repository hold exactly what its generators write?"""

import write


def test_nothing_generated_is_out_of_date() -> None:
    """A change in a model, a word or a recorded laptop goes with `make write` in the same commit."""
    stale = write.stale()

    assert not stale, "run make write and commit what it writes: " + ", ".join(stale)


def test_a_changed_text_is_named(monkeypatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """A file whose generator now says something else is reported by its path."""
    monkeypatch.setattr(write, "GENERATORS", (lambda: {"README.md": "something else"},))
    assert write.stale() == ("README.md",)
