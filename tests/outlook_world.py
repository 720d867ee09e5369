"""A small authority with an organisation, and pages of its readiness as a tick would publish them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from fernbereit_server.decisions.writing import import_organisation
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.published import CAPABILITY, WORDS
from fernbereit_server.publication.cells import Cell, Page
from fernbereit_server.publication.groups import Place, merge
from fernbereit_server.publication.rounding import round_row, rounded
from fernbereit_server.settings import Settings
from fernbereit_server.store import database
from fernbereit_server.store.published import PublishedCell, save_page
from small_fleet import NOW

K = 5
TODAY = NOW.date()

Devices = Mapping[tuple[str, str], Mapping[str, int]]
"""Devices by site and unit, and by word."""

AUTHORITY: Mapping[str, Any] = {
    "name": "Musterstadt",
    "concurrency": 0.8,
    "units": [
        {"name": "Bauamt", "site": "Rathaus", "headcount": 60, "suitable": 50},
        {"name": "Sozialamt", "site": "Rathaus", "headcount": 80},
        {"name": "Archiv", "site": "Rathaus", "headcount": 9},
        {"name": "Pforte", "site": "Rathaus", "headcount": 4},
    ],
    "services": [
        {"name": "Auszahlen", "minimum": {"Sozialamt": 12}},
        {"name": "Schlüssel", "minimum": {"Pforte": 2}},
    ],
    "gateways": [
        {"name": "VPN Rathaus", "sessions": 40, "site": "Rathaus", "needs": ["identity"]},
        {"name": "VPN Bau", "sessions": 8, "units": ["Bauamt"]},
    ],
    "scenarios": [{"name": "Halbe Leitung", "availability": {"VPN Rathaus": 0.5}}],
}
"""Two units that are published alone, two that are not, two gateways."""

FLEET: Devices = {
    ("Rathaus", "Bauamt"): {"ready_vpn": 22, "ready_direct": 9, "unknown": 7, "not_ready": 5},
    ("Rathaus", "Sozialamt"): {"ready_vpn": 31, "ready_unknown": 6, "unknown": 12, "limited": 8},
    ("Rathaus", "Archiv"): {"ready_vpn": 3, "not_ready": 1},
    ("Rathaus", "Pforte"): {"ready_vpn": 2, "unknown": 1},
}


def organisation(**changed: Any) -> Organisation:
    """Return the authority."""
    return Organisation.model_validate({**AUTHORITY, **changed}, strict=False)


def cells(devices: Devices = FLEET, k: int = K) -> list[Cell]:
    """Publish devices as groups of k or more, in multiples of k."""
    held = {Place(*place): Counter(words) for place, words in devices.items()}
    groups: dict[tuple[str, str], Counter[str]] = {}
    for place, group in merge({place: words.total() for place, words in held.items()}, k).items():
        groups.setdefault(group, Counter()).update(held[place])
    published = []
    for (site, unit), words in groups.items():
        row = round_row([words[word] for word in WORDS], k)
        base = rounded(words.total(), words.total(), k)
        published += [
            Cell(family=CAPABILITY, site=site, unit=unit, word=word, count=count, base=base)
            for word, count in zip(WORDS, row, strict=True)
        ]
    return published


def page(devices: Devices = FLEET, day: date = TODAY) -> Page:
    """Return the page of a day."""
    at = datetime.combine(day, time(9), UTC)
    return Page(tick_at=at, freshness_at=at, k=K, cells=tuple(cells(devices)))


def store_page(engine: Engine, written: Page) -> None:
    """Keep a page as the publisher does: as the page in force, and by day."""
    day = written.tick_at.date()
    by_day = [PublishedCell(day=day, **asdict(cell)) for cell in written.cells]
    save_page(engine, tick_at=written.tick_at.timestamp(), body=written.encode(), cells=by_day)


def store_organisation(engine: Engine, written: Organisation, day: date = TODAY) -> None:
    """Import an organisation on a day."""
    with database.writing(engine) as connection:
        import_organisation(connection, written, day)


def fresh_store(folder: Path) -> tuple[Engine, Settings]:
    """Make an empty store of this version."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=folder)
    engine = database.open_engine(settings.store_url)
    database.upgrade(engine)
    database.generation(engine, TODAY)
    return engine, settings
