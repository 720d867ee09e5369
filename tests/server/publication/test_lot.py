"""Is the same device drawn wherever devices are counted?"""

from datetime import timedelta

import pytest

from fernbereit_server.fleet import Fleet
from fernbereit_server.publication import census
from fernbereit_server.publication.changes import spoken_for
from fernbereit_server.publication.drill_count import Heard, count
from fernbereit_server.publication.groups import Group, Place
from fernbereit_server.publication.lot import lot_name
from fernbereit_server.resilience.change import Present
from small_fleet import NOW, TODAY, put, row

HERE = Group("Rathaus", "Bauamt")


def fleet_of_twelve() -> Fleet:
    fleet = Fleet()
    fleet.set_inventory([row(number, "Bauamt") for number in range(12)])
    for number in range(12):
        put(fleet, number, {})
    return fleet


def drawn_on_the_page(fleet: Fleet, key: bytes) -> str:
    """Return the id of the device whose words the page does not count."""
    taken = census.take(fleet.devices.values(), (), now=NOW, interval_s=900, lot=key)
    (name,) = taken.counted({Place(*HERE): HERE}).drawn
    return next(d.device_id for d in fleet.devices.values() if lot_name(d.device_id, d.inventory_id) == name)


def test_who_is_drawn_on_the_page_is_not_counted_among_changes() -> None:
    """Else changes would tell what the page hides."""
    fleet = fleet_of_twelve()
    present = [
        Present(device_id=one, verdict="ready", first_seen_on=TODAY - timedelta(days=400))
        for one in fleet.devices
    ]
    names = {d.device_id: lot_name(d.device_id, d.inventory_id) for d in fleet.devices.values()}

    for key in (b"one", b"two", b"three", b"four"):
        told = spoken_for(present, TODAY - timedelta(days=7), lambda _: HERE, key, names.__getitem__)

        assert drawn_on_the_page(fleet, key) not in {one.device_id for one in told}


@pytest.mark.parametrize("others", range(12))
def test_who_is_drawn_on_the_page_is_not_counted_on_a_drill_day(others: int) -> None:
    """However many others work, whether that one does makes no difference."""
    fleet = fleet_of_twelve()
    for key in (b"one", b"two", b"three"):
        silent = drawn_on_the_page(fleet, key)
        working = frozenset([one for one in sorted(fleet.devices) if one != silent][:others])

        told = [
            count(fleet.devices.values(), (), Heard(heard=some, working=some), k=5, lot=key)
            for some in (working, working | {silent})
        ]

        assert told[0] == told[1]
