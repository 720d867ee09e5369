"""Are there as many laptops as asked for, each with an id of its own?"""

from datetime import date

from fernbereit.record import decode_record
from fernbereit_server.simulate.laptops import laptops

TODAY = date(2026, 11, 22)


def test_beyond_the_different_ones_facts_repeat_and_ids_do_not() -> None:
    """Fifty ids over ten machines, and the facts of one move on without the other's."""
    made = list(laptops(50, seed=1, today=TODAY, different=10))

    assert len({laptop.device_id for laptop in made}) == 50
    assert made[0].complete() == made[10].complete()
    assert decode_record(made[0].partial())[0].complete is False


def test_the_same_seed_makes_the_same_laptops() -> None:
    """Another one others."""
    first, again, other = (
        [laptop.device_id for laptop in laptops(5, seed=seed, today=TODAY)] for seed in (1, 1, 2)
    )

    assert first == again
    assert not set(first) & set(other)
