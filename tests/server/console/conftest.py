"""Consoles over a real store: of an authority, of a few devices, of nobody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console_house import DEVICES, KEY, NOW, SEED, House, open_house, open_store, settings_in, take_in
from fernbereit.record import Record
from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.preparation import OwnRow, prepare
from fernbereit_server.store import database


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Open a console of an authority of ninety devices with thirteen months of published history."""
    settings = settings_in(tmp_path_factory.mktemp("house"))
    today = NOW.astimezone(settings.zone).date()
    authority = make_authority(seed=SEED, devices=DEVICES, today=today, key=KEY)
    prepare(settings, authority, own=OwnRow(label="NB-HIER", host_name="hier"), today=today, seed=SEED)
    engine = database.open_engine(settings.store_url)
    for device in authority.reporting:
        take_in(engine, device.device_id, device.complete_record(), at=NOW, settings=settings)
    engine.dispose()
    built = open_house(settings, authority.devices)
    yield built
    built.collector.engine.dispose()


@pytest.fixture(scope="session")
def make_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[dict[str, Record]], House]]:
    """Return a way to open a console over the records of a few devices."""
    opened: list[House] = []

    def make(records: dict[str, Record]) -> House:
        settings = settings_in(tmp_path_factory.mktemp("few"))
        engine = open_store(settings)
        for device_id, record in records.items():
            take_in(engine, device_id, record, at=NOW, settings=settings)
        engine.dispose()
        opened.append(open_house(settings))
        return opened[-1]

    yield make
    for house in opened:
        house.collector.engine.dispose()


@pytest.fixture
def empty_house(tmp_path: Path) -> Iterator[House]:
    """Open a console of a collector nobody has reported to yet."""
    settings = settings_in(tmp_path)
    open_store(settings).dispose()
    built = open_house(settings)
    yield built
    built.collector.engine.dispose()
