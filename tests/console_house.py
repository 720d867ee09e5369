"""How do tests open a console over a real store? Records are taken in by the real handlers."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from fernbereit.code import device_code
from fernbereit.delivery import Envelope, RecordLine
from fernbereit.record import Record
from fernbereit_server.app import create_app
from fernbereit_server.collector import Collector
from fernbereit_server.decisions import read_decisions
from fernbereit_server.demo.authority import SyntheticDevice
from fernbereit_server.fleet import load_fleet
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import decide
from fernbereit_server.settings import BrokerSettings, InventorySettings, Settings
from fernbereit_server.store import database, reads, writes

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
KEY = bytes(range(16))
EPOCH = "5f2d7c52-6f61-4c1b-9c39-0b0d8e1c2a33"
SEED = 7
DEVICES = 90


@dataclass(frozen=True, slots=True)
class House:
    """A console, the collector behind it, and the devices that reported to it."""

    app: FastAPI
    collector: Collector
    devices: tuple[SyntheticDevice, ...]

    def get(self, path: str, *, headers: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
        """Ask for a page as a browser without a memory would."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8740") as client:
                return await client.get(path, params=parameters or None, headers=headers)

        return asyncio.run(ask())

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """Send a form as a browser would; underscores in names of headers stand for hyphens."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8740") as client:
                return await client.post(path, data=form, headers=named)

        return asyncio.run(send())

    def reported(self) -> SyntheticDevice:
        """Return one device that is in the inventory and reported."""
        return next(device for device in self.devices if device.row and device.reports)

    def page(self, device: SyntheticDevice) -> str:
        """Return the address of a device's page."""
        return f"/devices/{device_code(device.device_id)}"

    def expected_page(self) -> str:
        """Return the address of the page of a device that is in the inventory and never reported."""
        return f"/devices/{next(d for d in self.devices if d.row and not d.reports).label}"

    def works(self) -> None:
        """Have the collector be what it is while reports come in."""
        self.collector.health.wrote()
        self.collector.loaded.set()
        self.collector._subscription.subscribed.set()


def settings_in(folder: Path) -> Settings:
    """Return settings whose data lies in `folder` and whose broker is never reached."""
    return Settings(
        data=folder, broker=BrokerSettings(embedded=False, port=1), inventory=InventorySettings(key=KEY.hex())
    )


def take_in(engine: Engine, device_id: str, record: Record, *, at: datetime, settings: Settings) -> None:
    """Store a device's first record as the collector would."""
    line = RecordLine(1, 0, 0, record.encode())
    with engine.connect() as connection:
        known = list(reads.load_devices(connection, [device_id], facts_of=()))
    decision = decide(
        device_id,
        Envelope(device_id=device_id, epoch=EPOCH, oldest=1, records=(line,)).encode(),
        standing=known[0].standing if known else None,
        days=Days(at, settings.zone),
        now_s=at.timestamp(),
        generation=EPOCH,
    )
    assert decision.change is not None
    writes.commit(engine, [decision.change])


def open_store(settings: Settings) -> Engine:
    """Return an engine on an empty store."""
    engine = database.open_engine(settings.store_url)
    database.upgrade(engine)
    database.generation(engine, NOW.date())
    return engine


def open_house(settings: Settings, devices: tuple[SyntheticDevice, ...] = ()) -> House:
    """Return a console over what the store holds, at `NOW`."""
    collector = Collector(settings, clock=lambda: NOW)
    with collector.engine.connect() as connection:
        collector.fleet.take(load_fleet(connection))
        collector.decisions = read_decisions(connection)
    asyncio.run(collector.judge.tick())
    app = create_app(collector)
    house = House(app, collector, devices)
    house.works()
    asyncio.run(app.state.publisher.publish_now())
    return house
