"""Are shared values held once, and are many objects that stay left alone?"""

import gc

from fernbereit_server.held_once import HeldOnce, held_for_good


def test_equal_values_are_held_once() -> None:
    """Whoever brings the next one gets the first one back."""
    held = HeldOnce()
    first, second = held.mapping({"a": 1, "b": 2}), held.mapping({"b": 2, "a": 1})
    assert first is second


def test_many_objects_that_stay_are_not_looked_through_again() -> None:
    """Nor while they are made; a few are left as they were."""
    enabled, before = gc.isenabled(), gc.get_freeze_count()
    try:
        with held_for_good():
            few = [[] for _ in range(10)]
            assert not gc.isenabled()
        assert gc.get_freeze_count() == before
        with held_for_good():
            many = [[] for _ in range(200_000)]
        assert gc.get_freeze_count() >= before + len(many) - len(few)
        assert gc.isenabled() == enabled
    finally:
        gc.unfreeze()
