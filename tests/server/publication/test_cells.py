"""What stands on a published page?"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import product

import pytest

from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.families.devices import DEVICES, FRESHNESS, READING
from fernbereit_server.metrics.families.equipment import PLATFORM
from fernbereit_server.metrics.families.protection import ENCRYPTION, OS_SUPPORT
from fernbereit_server.metrics.family import UNKNOWN, Family
from fernbereit_server.publication.cells import Cell, Page, decode_page
from small_fleet import TODAY, page_of, put, row

ENCRYPTED = {"disk_encryption": DiskEncryption(state=EncryptionState.ENCRYPTED)}
OPEN = {"disk_encryption": DiskEncryption(state=EncryptionState.NOT_ENCRYPTED)}


def counts(page: Page, family: Family, *, unit: str = "") -> dict[str, int]:
    return {c.word: c.count for c in page.cells if c.family == family.key and c.unit == unit and c.count}


def fleet_of(units: Iterable[tuple[str, int]]) -> Fleet:
    fleet = Fleet()
    rows = [row(number, unit) for unit, numbers in units for number in range(numbers, numbers + 20)]
    fleet.set_inventory(rows)
    return fleet


@pytest.fixture
def fleet() -> Fleet:
    """Two units of twenty, of which thirteen and twelve reported; twelve encrypted, thirteen not."""
    fleet = fleet_of([("Bau", 100), ("Soziales", 200)])
    for number in range(100, 113):
        put(fleet, number, ENCRYPTED if number < 112 else OPEN)
    for number in range(200, 212):
        put(fleet, number, OPEN)
    return fleet


def test_counts_and_bases_are_multiples_of_k(fleet: Fleet) -> None:
    """Nothing on the page is finer than k."""
    page = page_of(fleet)

    assert page.cells
    assert all(cell.count % 5 == 0 and cell.base % 5 == 0 for cell in page.cells)


def test_units_and_fleet_are_counted(fleet: Fleet) -> None:
    """Units by name, the fleet under an empty one."""
    page = page_of(fleet)

    assert counts(page, ENCRYPTION, unit="Bau") == {"encrypted": 10, UNKNOWN: 5}
    assert counts(page, ENCRYPTION, unit="Soziales") == {"not_encrypted": 10, UNKNOWN: 10}
    assert counts(page, ENCRYPTION) == {"encrypted": 10, "not_encrypted": 15, UNKNOWN: 15}
    assert counts(page, DEVICES, unit="Bau") == {"": 20}


def test_every_word_of_a_family_has_a_cell(fleet: Fleet) -> None:
    """One-hot: a word nobody says is published as 0, so that no series comes and goes with one device."""
    page = page_of(fleet)

    words = [c.word for c in page.cells if c.family == ENCRYPTION.key and c.unit == "Bau"]

    assert words == list(ENCRYPTION.words)


def test_a_family_of_the_fleet_is_not_told_by_unit(fleet: Fleet) -> None:
    """The operating system of a unit is nobody's business here."""
    put(fleet, 100, {"operating_system": OperatingSystem(platform=Platform.LINUX)})

    assert {cell.unit for cell in page_of(fleet).cells if cell.family == PLATFORM.key} == {""}


def test_devices_that_never_reported_are_unknown_not_left_out(fleet: Fleet) -> None:
    """Seven of Bau's twenty are in the inventory only."""
    page = page_of(fleet)

    assert counts(page, FRESHNESS, unit="Bau") == {"recent": 15, "never": 5}
    assert counts(page, READING, unit="Bau") == {"complete": 15, UNKNOWN: 5}


@pytest.mark.parametrize("status", ["quarantined", "retired", "revoked"])
def test_devices_out_of_use_are_not_counted(status: str) -> None:
    """A retired laptop works for nobody."""
    fleet = Fleet()
    for number in range(10):
        put(fleet, number, ENCRYPTED, status="active" if number < 6 else status)

    assert counts(page_of(fleet), DEVICES) == {"": 5}


def test_stock_is_not_counted() -> None:
    """A laptop on a shelf is nobody's."""
    fleet = Fleet()
    fleet.set_inventory([row(n, "Bau", kind="stock" if n < 10 else "personal") for n in range(20)])

    assert counts(page_of(fleet), DEVICES) == {"": 10}


def test_support_that_ended_yesterday_is_ended_today_without_a_new_report() -> None:
    """The word is made at the tick; a laptop does not tell the same day of support again."""
    fleet = Fleet()
    for number in range(10):
        day = TODAY - timedelta(days=1) if number < 5 else TODAY
        put(fleet, number, {"operating_system": OperatingSystem(support_ends_on=day)})

    assert counts(page_of(fleet), OS_SUPPORT) == {"supported": 5, "ended": 5}


def test_a_fleet_of_fewer_than_k_is_not_published() -> None:
    """Four devices leave an empty page."""
    fleet = Fleet()
    for number in range(4):
        put(fleet, number, ENCRYPTED)

    assert page_of(fleet).cells == ()


def test_freshness_stays_until_its_own_tick(fleet: Fleet) -> None:
    """Behaviour is counted once a day, equipment once an hour."""
    before = page_of(fleet)
    for number in range(113, 120):
        put(fleet, number, ENCRYPTED)

    after = page_of(fleet, before=before)

    assert counts(after, FRESHNESS) == counts(before, FRESHNESS)
    assert counts(after, ENCRYPTION, unit="Bau") == {"encrypted": 20}
    assert counts(page_of(fleet), FRESHNESS) != counts(before, FRESHNESS)


def test_a_page_is_read_back_as_it_was_written(fleet: Fleet) -> None:
    """After a restart the old page is served until its tick is over."""
    page = page_of(fleet)

    assert decode_page(page.encode()) == page


@pytest.mark.parametrize("body", [b"", b"{}", b'{"tick_at":1,"freshness_at":1,"k":5,"cells":[[1]]}'])
def test_a_page_that_cannot_be_read_says_so(body: bytes) -> None:
    """A damaged page is replaced by a new one, not half served."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode_page(body)


def test_no_published_word_tells_where_a_laptop_is() -> None:
    """Neither zone nor tunnel nor link has a family."""
    all_families = families(NOTHING_DECIDED.policy)
    said = {word for family in all_families for word in (family.key, family.label, *family.words)}

    assert said.isdisjoint({"zone", "office", "remote", "tunnel", "up", "down", "link_type", "wifi"})


def test_cells_name_families_of_the_catalogue(fleet: Fleet) -> None:
    """Readers of the history find every family."""
    keys = {family.key for family in families(NOTHING_DECIDED.policy)}

    assert {cell.family for cell in page_of(fleet).cells} == keys
    assert all(isinstance(cell, Cell) for cell in page_of(fleet).cells)


def fleet_that_says(never: int, unknown: int, encrypted: int, size: int) -> Fleet:
    """Return a unit of which some never reported, some report nothing, some are encrypted, the rest not."""
    fleet = fleet_of([("Bau", 100)])
    fleet.set_inventory([row(number, "Bau") for number in range(size)])
    nothing: dict[str, DiskEncryption] = {}
    said = [nothing] * unknown + [ENCRYPTED] * encrypted + [OPEN] * (size - never - unknown - encrypted)
    for number, facts in enumerate(said, start=never):
        put(fleet, number, facts)
    return fleet


@pytest.mark.parametrize("size", [5, 6, 8])
def test_families_that_depend_on_each_other_tell_nothing_together(size: int) -> None:
    """Who never reported is unknown in every family: enumerated jointly, no word is certain or excluded."""
    most: dict[tuple[Cell, ...], Counter[str]] = {}
    least: dict[tuple[Cell, ...], Counter[str]] = {}
    words = ("never", "reported", "encrypted", "not_encrypted", UNKNOWN)
    for never, unknown, encrypted in product(range(size + 1), repeat=3):
        if never + unknown + encrypted > size:
            continue
        fleet = fleet_that_says(never, unknown, encrypted, size)
        page = page_of(fleet).cells
        counts = (never, size - never, encrypted, size - never - unknown - encrypted, never + unknown)
        for word, count in zip(words, counts, strict=True):
            most.setdefault(page, Counter())[word] = max(count, most.get(page, Counter())[word])
            fewest = least.setdefault(page, Counter(dict.fromkeys(words, size)))
            fewest[word] = min(count, fewest[word])

    assert all(seen[word] > 0 for seen in most.values() for word in words)
    assert all(seen[word] < size for seen in least.values() for word in words)
