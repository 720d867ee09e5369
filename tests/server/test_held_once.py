"""Are shared values held once, and are many objects that stay left alone?"""

import gc

import pytest

from fernbereit_server import held_once
from fernbereit_server.held_once import HeldOnce, held_for_good


def test_equal_values_are_held_once() -> None:
    """Whoever brings the next one gets the first one back."""
    held = HeldOnce()
    first, second = held.mapping({"a": 1, "b": 2}), held.mapping({"b": 2, "a": 1})
    assert first is second


def test_only_so_many_values_are_held_and_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for one: to let go of all of them at once would make everybody wait."""
    monkeypatch.setattr(held_once, "_MOST", 3)
    held = HeldOnce()
    made, equal = ([(f"value {number}",) for number in range(4)] for _ in range(2))
    for value in made:
        assert held.value(value) is value

    assert held.value(equal[1]) is made[1]
    assert held.value(equal[0]) is equal[0]


def test_many_objects_that_stay_are_not_looked_through_again() -> None:
    """Nor while they are made; a few are left as they were."""
    enabled, before = gc.isenabled(), gc.get_freeze_count()
    try:
        with held_for_good():
            few: list[list[None]] = [[] for _ in range(10)]
            assert not gc.isenabled()
        assert gc.get_freeze_count() == before
        with held_for_good():
            many: list[list[None]] = [[] for _ in range(200_000)]
        assert gc.get_freeze_count() >= before + len(many) - len(few)
        assert gc.isenabled() == enabled
    finally:
        gc.unfreeze()
