"""A store as the demonstration prepares it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from fernbereit_server.decisions import Decisions, read_decisions
from fernbereit_server.demo.authority import Authority, make_authority
from fernbereit_server.demo.history import History
from fernbereit_server.demo.preparation import OwnRow, prepare
from fernbereit_server.settings import InventorySettings, Settings
from fernbereit_server.store import database

TODAY = date(2026, 11, 21)
KEY = bytes(range(32))
OWN = OwnRow(label="Dieser Rechner", host_name="rechner-1")


@dataclass(frozen=True)
class Prepared:
    """What was put into the store, and the store."""

    settings: Settings
    authority: Authority
    history: History
    engine: Engine

    def decisions(self) -> Decisions:
        """Return what is decided, as the store has it."""
        with self.engine.connect() as connection:
            return read_decisions(connection)


def prepared_in(folder: Path) -> Prepared:
    """Prepare a store for eighty devices; thirteen months take some seconds."""
    settings = Settings(data=folder, inventory=InventorySettings(key=KEY.hex()))
    authority = make_authority(seed=1, devices=80, today=TODAY, key=KEY)
    history = prepare(settings, authority, own=OWN, today=TODAY, seed=1)
    return Prepared(settings, authority, history, database.open_engine(settings.store_url))
