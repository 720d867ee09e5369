"""A collector with a small fleet, served in this process without a broker."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from fernbereit_server.app import create_app
from fernbereit_server.collector import Collector
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.settings import InventorySettings, Settings
from fernbereit_server.store import database
from small_fleet import KEY, NOW, TODAY, two_units

ADDRESS = "http://127.0.0.1:8740"


class Client:
    """Asks the application in this process; an error of the program is an answer of 500, as over the wire."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, **asked: Any) -> httpx.Response:
        """Ask for one address."""
        return self.request("GET", path, **asked)

    def request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        """Send one request."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
                return await client.request(method, path, **asked)

        return asyncio.run(send())


class Served:
    """A fleet of 27 devices in two units on a fresh store; nothing is published yet."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        inventory = InventorySettings(key=KEY.hex())
        self.collector = Collector(Settings(data=folder, inventory=inventory, **settings), clock=lambda: NOW)
        database.upgrade(self.collector.engine)
        database.generation(self.collector.engine, TODAY)
        self.collector.fleet.take(two_units())
        self.collector.loaded.set()
        self.app: FastAPI = create_app(self.collector)
        self.client = Client(self.app)

    @property
    def publisher(self) -> Publisher:
        """Return what publishes."""
        publisher: Publisher = self.app.state.publisher
        return publisher

    def publish(self) -> None:
        """Make a page now."""
        asyncio.run(self.publisher.publish_now())

    def close(self) -> None:
        """Let go of the store."""
        self.collector.engine.dispose()
