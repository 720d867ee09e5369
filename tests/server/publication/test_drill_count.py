"""What is counted on a drill day, and can anybody tell from it who took part?"""

import itertools
import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit.facts.targets import TargetResult, Targets
from fernbereit_server.fleet import Fleet
from fernbereit_server.publication.drill_count import SMALLEST, Heard, count, reaches_essential
from fernbereit_server.resilience.drill_day import greater
from small_fleet import device_id, put, row

K = 5


def targets(*essential: bool | None) -> Targets:
    rest = TargetResult(name="extra", reachable=False, essential=False)
    return Targets(results=(rest, *(TargetResult(name="a", reachable=r, essential=True) for r in essential)))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (targets(True, True), True),
        (targets(True, False), False),
        (targets(False, None), False),
        (targets(True, None), None),
        (targets(), None),
        (Targets(), None),
    ],
    ids=[
        "all reached",
        "one not reached",
        "one not reached, one not known",
        "one not known",
        "none is essential",
        "nothing was read",
    ],
)
def test_a_laptop_works_if_it_reaches_all_that_is_essential(facts: Targets, *, said: bool | None) -> None:
    """A target that is not essential does not matter; what is not known is not counted as reached."""
    assert reaches_essential(facts) is said


def fleet_of(**units: int) -> Fleet:
    fleet = Fleet()
    placed = [unit for unit, size in units.items() for _ in range(size)]
    fleet.set_inventory([row(number, unit) for number, unit in enumerate(placed)])
    for number in range(len(placed)):
        put(fleet, number, {})
    return fleet


def counted(fleet: Fleet, working: set[int], otherwise: Collection[int] = ()) -> dict[str, Any] | None:
    at_work = frozenset(map(device_id, working))
    heard = Heard(heard=at_work | frozenset(map(device_id, otherwise)), working=at_work)
    return count(fleet.devices.values(), fleet.missing_inventory, heard, k=K, lot=b"key")


def test_units_of_fewer_than_ten_are_counted_together() -> None:
    """Ten at least, though everything else is published from five on."""
    found = counted(fleet_of(Bauamt=20, Archiv=6, Presse=7), set(range(11)), set(range(20, 25)))

    assert found is not None
    assert [(group["unit"], group["members"]) for group in found["groups"]] == [
        ("Bauamt", ["Bauamt"]),
        ("other units", ["Archiv", "Presse"]),
    ]
    assert [(group["size"], group["heard"], group["working"]) for group in found["groups"]] == [
        (20, 10, 10),
        (10, 5, 0),
    ]
    assert found["total"] == {"size": 30, "heard": 15, "working": 10}


def test_a_fleet_of_fewer_than_ten_is_not_counted() -> None:
    """Nine laptops are too few to say anything of."""
    assert counted(fleet_of(Bauamt=9), set(range(9))) is None


def test_devices_that_nobody_takes_home_are_left_out() -> None:
    """Stock, shared ones and inactive ones, seen or not; a laptop that was never seen is not heard."""
    fleet = fleet_of(Bauamt=12)
    more = [row(50 + n, "Bauamt", kind=kind) for n, kind in enumerate(("stock", "shared", "personal"))]
    fleet.set_inventory([*fleet.inventory, *more])
    put(fleet, 50, {})
    put(fleet, 60, {}, status="retired")

    found = counted(fleet, set(range(12)))

    assert found is not None
    assert found["groups"] == [
        {"site": "Rathaus", "unit": "Bauamt", "members": ["Bauamt"], "size": 10, "heard": 10, "working": 10}
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=1, max_size=5), st.integers(0, 10**6))
def test_every_count_is_rounded_and_names_nobody(sizes: list[int], seed: int) -> None:
    """Multiples of k, heard at least working, never above the size; no id anywhere."""
    fleet = fleet_of(**{f"Amt {n}": size for n, size in enumerate(sizes)})
    working = {n for n in range(len(fleet.devices)) if (seed >> (n % 20)) & 1}
    found = counted(fleet, working, set(range(0, len(fleet.devices), 3)) - working)
    if found is None:
        assert sum(sizes) < SMALLEST
        return
    lines = [*found["groups"], *([found["total"]] if found["total"] else [])]

    assert all(line[word] % K == 0 for line in lines for word in ("size", "heard", "working"))
    assert all(0 <= line["working"] <= line["heard"] <= line["size"] for line in lines)
    assert not any(one in json.dumps(found) for one in fleet.devices)


@pytest.mark.parametrize("key", [b"one", b"two", b"three"])
def test_the_word_of_one_device_of_each_group_is_not_counted(key: bytes) -> None:
    """Which one, only the secret lot says; whether it worked from outside changes no number, whoever did."""
    fleet = fleet_of(Bauamt=12)

    def told(working: set[str]) -> object:
        heard = Heard(heard=frozenset(), working=frozenset(working))
        return count(fleet.devices.values(), [], heard, k=K, lot=key)

    days = [set(one) for one in itertools.combinations(sorted(fleet.devices), 7)][::7]
    silent = [one for one in fleet.devices if all(told(day | {one}) == told(day - {one}) for day in days)]

    assert len(silent) == 1


def test_nobody_is_certain_to_have_worked_or_not() -> None:
    """Every day of two counts of a unit of ten: the greatest ones fit a day on which any one did not.

    Who knows all memberships and reads what is kept of the day is left with somebody who worked and somebody
    who did not; so he is at the end of each single count, of which the greatest is one.
    """
    fleet = fleet_of(Bauamt=10)
    kept: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = [(w, o) for w in range(11) for o in range(11 - w)]
    told = {(w, o): counted(fleet, set(range(w)), set(range(w, w + o))) for w, o in rows}
    for morning, noon in itertools.product(rows, repeat=2):
        before, now = told[morning], told[noon]
        assert before is not None
        assert now is not None
        day = json.dumps(greater(before, now), sort_keys=True)
        kept[day].append((max(morning[0], noon[0]), max(sum(morning), sum(noon))))

    for days in kept.values():
        assert min(worked for worked, _ in days) < 10
        assert max(worked for worked, _ in days) > 0
        assert min(heard for _, heard in days) < 10
        assert max(heard for _, heard in days) > 0
