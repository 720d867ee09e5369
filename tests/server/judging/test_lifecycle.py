"""Where in its life is a laptop, does it count, and what is proposed about it?"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from fernbereit.delivery import Mark
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.judging.lifecycle import Lifecycle, counts_in, lifecycle, settle_twins
from fernbereit_server.judging.proposals import Why, proposals
from fernbereit_server.store.changes import InventoryRow, Standing
from small_fleet import device_id, hash_of

TODAY = date(2026, 3, 2)
ZONE = ZoneInfo("Europe/Berlin")


def put(
    fleet: Fleet,
    number: int,
    *,
    silent: int | None = 0,
    serial: int | None = None,
    status: str = "active",
    first: int = 200,
) -> Device:
    """Place a laptop that first reported `first` days ago and last `silent` days ago; None: never."""
    last = None
    if silent is not None:
        last = datetime.combine(TODAY - timedelta(days=silent), time(0, 30), ZONE).timestamp()
    return fleet.put(
        device_id(number),
        Standing(status=status, mark=None if silent is None else Mark(device_id(99), 1)),
        first_seen_on=TODAY - timedelta(days=first),
        last_report_at=last,
        outcomes={"machine": Outcome.OK},
        facts={"machine": Machine(serial_hash=hash_of(number if serial is None else serial))},
    )


def settled(fleet: Fleet) -> dict[int, str | None]:
    settle_twins(tuple(fleet.devices.values()), TODAY, ZONE)
    return {number: d.twin for number in range(20) if (d := fleet.devices.get(device_id(number)))}


@pytest.mark.parametrize(
    ("silent", "stage"),
    [
        (None, Lifecycle.PENDING),
        (0, Lifecycle.ACTIVE),
        (7, Lifecycle.ACTIVE),
        (8, Lifecycle.INACTIVE),
        (29, Lifecycle.INACTIVE),
        (30, Lifecycle.MISSING),
        (400, Lifecycle.MISSING),
    ],
)
def test_the_last_report_says_where_in_its_life_a_laptop_is(silent: int | None, stage: Lifecycle) -> None:
    """In days of the authority: half past midnight in Berlin is the day before in Greenwich."""
    device = put(Fleet(), 1, silent=silent)

    assert lifecycle(device, TODAY, ZONE) is stage
    assert counts_in(device)


@pytest.mark.parametrize("status", ["retired", "quarantined", "revoked"])
def test_what_people_decided_comes_first(status: str) -> None:
    """And such a laptop does not count."""
    device = put(Fleet(), 1, status=status)

    assert lifecycle(device, TODAY, ZONE).value == status
    assert not counts_in(device)


def test_a_laptop_on_the_shelf_is_stock_and_nobodys() -> None:
    """However it was heard of."""
    fleet = Fleet()
    fleet.set_inventory([InventoryRow(id=1, serial_hash=hash_of(1), label="NB-1", kind="stock")])
    for silent in (None, 0, 500):
        device = put(fleet, 1, silent=silent)
        assert lifecycle(device, TODAY, ZONE) is Lifecycle.IN_STOCK
        assert not counts_in(device)


@pytest.mark.parametrize(
    ("old", "new", "twins"),
    [
        ({"silent": 5}, {"silent": 0, "first": 5}, {1: "replaced", 2: None}),
        ({"silent": 6}, {"silent": 0, "first": 5}, {1: "replaced", 2: None}),
        ({"silent": 4}, {"silent": 0, "first": 5}, {1: "replaced", 2: "conflict"}),
        ({"silent": 8}, {"silent": 0, "first": 40}, {1: "replaced", 2: None}),
        ({"silent": 0}, {"silent": 20, "first": 40}, {1: None, 2: "replaced"}),
        ({"silent": 0}, {"silent": None, "first": 0}, {1: None, 2: "replaced"}),
        ({"silent": 0, "status": "retired"}, {"silent": 0}, {1: None, 2: None}),
        ({"silent": 0, "status": "quarantined"}, {"silent": 0}, {1: None, 2: None}),
    ],
    ids=[
        "set up anew on the day of its last report",
        "set up anew later",
        "both go on reporting: disputed",
        "they overlapped, and the old one fell silent",
        "the old one came back, and the new one fell silent",
        "the new one never reported",
        "one of them is retired",
        "one of them is in quarantine",
    ],
)
def test_of_several_with_one_serial_number_one_counts(
    old: dict[str, int], new: dict[str, int], twins: dict[int, str | None]
) -> None:
    """The one that reported last, and nobody twice."""
    fleet = Fleet()
    put(fleet, 1, serial=7, **{"first": 300, **old})  # type: ignore[arg-type]
    put(fleet, 2, serial=7, **{"first": 10, **new})  # type: ignore[arg-type]

    assert settled(fleet) == twins
    assert sum(map(counts_in, fleet.devices.values())) == 1


def test_a_twin_that_is_gone_is_forgotten() -> None:
    """As after the older identity was retired, and three with one serial number are no different."""
    fleet = Fleet()
    for number in (1, 2, 3):
        put(fleet, number, serial=7, first=100 - number, silent=4 - number)
    assert settled(fleet) == {1: "replaced", 2: "replaced", 3: "conflict"}
    for number in (1, 2):
        fleet.devices[device_id(number)].status = "retired"

    assert settled(fleet) == {1: None, 2: None, 3: None}


def test_devices_without_a_serial_number_are_no_twins() -> None:
    """Nothing is the same about them."""
    fleet = Fleet()
    for number in (1, 2):
        put(fleet, number).serial_hash = None

    assert settled(fleet) == {1: None, 2: None}


def test_everything_a_person_should_decide_about_is_proposed() -> None:
    """By reason, then by how long it is silent; and nothing else."""
    fleet = Fleet()
    listed = [number for number in range(12) if number not in {5, 6}]
    fleet.set_inventory(
        InventoryRow(id=n, serial_hash=hash_of(n), label=f"NB-{n}", kind="stock" if n == 11 else "personal")
        for n in listed
    )
    put(fleet, 0, silent=89)
    put(fleet, 1, silent=90)
    put(fleet, 2, silent=300)
    put(fleet, 3, silent=300, status="retired")
    put(fleet, 4, status="quarantined", silent=3)
    put(fleet, 5, silent=13)
    put(fleet, 6, silent=14)
    put(fleet, 7, silent=2)
    put(fleet, 8, serial=7, first=1)
    put(fleet, 9, silent=1, first=300)
    put(fleet, 10, serial=9, silent=0, first=3)
    put(fleet, 11, silent=300)
    settled(fleet)

    found = proposals(fleet.devices.values(), TODAY, ZONE)

    assert [(one.device.device_id, one.why, one.silent_days, one.others) for one in found] == [
        (device_id(7), Why.REPLACED, 2, (device_id(8),)),
        (device_id(9), Why.CONFLICT, 1, (device_id(10),)),
        (device_id(10), Why.CONFLICT, 0, (device_id(9),)),
        (device_id(4), Why.CLONE, 3, ()),
        (device_id(2), Why.MISSING, 300, ()),
        (device_id(1), Why.MISSING, 90, ()),
        (device_id(6), Why.NOT_IN_INVENTORY, 14, ()),
    ]


def test_without_an_inventory_nothing_is_missing_in_it() -> None:
    """Nobody imported one yet."""
    fleet = Fleet()
    put(fleet, 6, silent=14)

    assert proposals(fleet.devices.values(), TODAY, ZONE) == ()
