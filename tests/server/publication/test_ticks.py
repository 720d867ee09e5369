"""When does the published page change?"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.fleet import Fleet
from fernbereit_server.metrics.families.devices import LIFECYCLE
from fernbereit_server.metrics.families.protection import ENCRYPTION
from fernbereit_server.publication.cells import Page
from fernbereit_server.publication.lot import lot_key, week_of
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.settings import PublicationSettings, Settings
from fernbereit_server.store import database
from fernbereit_server.store.published import load_page, read_history, save_page
from small_fleet import NOW, put, row

ENCRYPTED = {"disk_encryption": DiskEncryption(state=EncryptionState.ENCRYPTED)}
DECRYPTED = {"disk_encryption": DiskEncryption(state=EncryptionState.NOT_ENCRYPTED)}


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class World:
    """A store, a fleet of ten, a clock, and a publisher that can be started anew."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder)
        self.engine: Engine = database.open_engine(self.settings.store_url)
        database.upgrade(self.engine)
        self.fleet, self.clock = Fleet(), Clock()
        self.grow(10)

    def grow(self, to: int) -> None:
        for number in range(len(self.fleet.devices), to):
            put(self.fleet, number, ENCRYPTED)

    def publisher(
        self, k: int = 5, *, decisions: Callable[[], Decisions] = lambda: NOTHING_DECIDED
    ) -> Publisher:
        settings = self.settings.model_copy(update={"publication": PublicationSettings(k=k)})
        return Publisher(self.fleet, self.engine, settings, self.clock, decisions)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make a world on a fresh SQLite store."""
    return World(tmp_path)


def ticked(publisher: Publisher) -> Page:
    asyncio.run(publisher.tick())
    assert publisher.page is not None
    return publisher.page


def encrypted(page: Page) -> int:
    return next(c.count for c in page.cells if c.family == ENCRYPTION.key and c.word == "encrypted")


def test_nothing_changes_before_the_tick(world: World) -> None:
    """Whoever reads the page every second sees the same page for an hour."""
    publisher = world.publisher()
    first = ticked(publisher)
    world.grow(40)
    world.clock.now += timedelta(minutes=59)

    assert ticked(publisher) is first


def test_the_page_is_counted_anew_at_the_tick(world: World) -> None:
    """After an hour the new devices are counted."""
    publisher = world.publisher()
    ticked(publisher)
    world.grow(40)
    world.clock.now += timedelta(minutes=61)

    assert encrypted(ticked(publisher)) == 40


def test_a_page_waits_for_an_inventory_that_is_being_joined(world: World) -> None:
    """Half of one would count a device and its row as two."""
    publisher = world.publisher()

    async def count_meanwhile() -> Page | None:
        async with world.fleet.one_inventory:
            counting = asyncio.create_task(publisher.publish_now())
            await asyncio.wait([counting], timeout=0.5)
            found = publisher.page
        await counting
        return found

    assert asyncio.run(count_meanwhile()) is None
    assert publisher.page is not None


def test_who_arrives_while_a_page_is_counted_is_in_one_of_its_counts(world: World) -> None:
    """Not in none: whoever was not there yet is one of those that never reported."""
    world.fleet.set_inventory([row(number, "Bauamt") for number in range(20)])

    def decided_while_others_arrive() -> Decisions:
        world.grow(20)
        return NOTHING_DECIDED

    publisher = world.publisher(decisions=decided_while_others_arrive)
    page = asyncio.run(publisher.publish_now())

    assert len(world.fleet.devices) == 20
    counted = {c.word: c.count for c in page.cells if c.family == LIFECYCLE.key and c.count}
    assert counted == {"active": 10, "pending": 10}


def test_the_old_page_is_served_after_a_restart(world: World) -> None:
    """Restarting does not make a tick."""
    before = ticked(world.publisher())
    world.grow(40)

    assert ticked(world.publisher()) == before


def test_a_page_made_for_another_k_is_not_served_again(world: World) -> None:
    """Raising k takes effect at once."""
    ticked(world.publisher(k=5))

    assert ticked(world.publisher(k=7)).k == 7


def test_a_damaged_page_is_replaced(world: World) -> None:
    """A store that was tampered with does not stop the collector."""
    save_page(world.engine, tick_at=0.0, body=b"no page", cells=[])

    assert encrypted(ticked(world.publisher())) == 10


def test_a_first_page_need_not_wait_for_a_tick(world: World) -> None:
    """While nothing could be published, the fleet is looked at again."""
    everyone, world.fleet.devices = world.fleet.devices, {}
    publisher = world.publisher()
    assert ticked(publisher).cells == ()
    world.fleet.devices = everyone

    assert encrypted(ticked(publisher)) == 10


def test_publishing_out_of_turn_counts_freshness_too(world: World) -> None:
    """The demonstration's fast clock shows everything at once."""
    publisher = world.publisher()
    ticked(publisher)
    world.clock.now += timedelta(seconds=5)

    page = asyncio.run(publisher.publish_now())

    assert page.tick_at == page.freshness_at == world.clock.now


def test_every_week_begins_with_the_numbers_of_its_day(world: World) -> None:
    """Two laptops are decrypted, and after every restart two more: the wait for k changes ends on Monday."""
    publisher, decrypted = world.publisher(), 0
    shown = [encrypted(ticked(publisher))]
    for _ in range(8):
        for number in range(decrypted, min(decrypted + 2, 9)):
            put(world.fleet, number, DECRYPTED)
        decrypted += 2
        world.clock.now += timedelta(days=1)
        publisher = world.publisher()
        shown.append(encrypted(ticked(publisher)))

    monday = next(n for n in range(1, 8) if (NOW + timedelta(days=n)).weekday() == 0)

    assert shown[:monday] == [10] * monday
    assert shown[-1] == 0


def test_another_device_is_drawn_every_week(world: World) -> None:
    """And the same one at every tick of a week, also after a restart."""
    days = [NOW.date() + timedelta(days=n) for n in range(28)]
    keys = [lot_key(world.settings, day) for day in days]

    assert len(set(keys)) == len({week_of(day) for day in days})
    assert all(
        keys[a] == keys[b] for a in range(28) for b in range(28) if week_of(days[a]) == week_of(days[b])
    )


def test_a_clock_put_back_does_not_stop_publication(world: World) -> None:
    """A corrected clock must not leave a page in force for years."""
    publisher = world.publisher()
    ticked(publisher)
    world.clock.now -= timedelta(days=400)

    assert ticked(publisher).tick_at == world.clock.now


def test_the_last_page_of_a_day_is_its_history(world: World) -> None:
    """One row a day and cell, however often it was counted."""
    publisher = world.publisher()
    ticked(publisher)
    world.grow(40)
    world.clock.now += timedelta(hours=2)
    ticked(publisher)
    world.clock.now += timedelta(days=1)
    ticked(publisher)

    cells = read_history(
        world.engine, family=ENCRYPTION.key, since=NOW.date(), until=NOW.date() + timedelta(days=9)
    )

    assert [(cell.day, cell.count) for cell in cells if cell.word == "encrypted"] == [
        (NOW.date(), 40),
        (NOW.date() + timedelta(days=1), 40),
    ]


def test_a_page_that_could_not_be_written_is_not_shown(world: World) -> None:
    """What a restart would take back is not served."""
    publisher = world.publisher()
    first = ticked(publisher)
    world.clock.now += timedelta(hours=2)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE published_cells")

    with pytest.raises(Exception, match="published_cells"):
        asyncio.run(publisher.tick())

    assert publisher.page is first
    assert load_page(world.engine) == first.encode()
