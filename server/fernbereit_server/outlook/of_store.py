"""What does the store alone say, while no collector runs or beside one? For commands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Engine, select

from fernbereit_server.decisions import read_decisions
from fernbereit_server.fleet import load_fleet
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.collected import Collected, collected
from fernbereit_server.outlook.door import Outlook
from fernbereit_server.publication.cells import Page, decode_page
from fernbereit_server.settings import Settings
from fernbereit_server.store import schema
from fernbereit_server.store.published import load_page


def outlook_of_store(engine: Engine, settings: Settings, clock: Callable[[], datetime]) -> Outlook:
    """Return the outlook on what the store holds now; the fleet is read only where somebody asks for it."""
    with engine.connect() as connection:
        decisions = read_decisions(connection)
    page = _page(load_page(engine))

    return Outlook(
        engine,
        settings,
        clock,
        decisions=lambda: decisions,
        page=lambda: page,
        collected=partial(_collected, engine),
    )


def _page(body: bytes | None) -> Page | None:
    if body is None:
        return None
    try:
        return decode_page(body)
    except (ValueError, KeyError, TypeError):
        return None


def _collected(engine: Engine, organisation: Organisation) -> Collected:
    table = schema.judgements.c
    with engine.connect() as connection:
        fleet = load_fleet(connection)
        rows = connection.execute(select(table.device_id, table.verdict))
        verdicts: dict[str, str] = {row.device_id: row.verdict for row in rows}
    return collected(
        fleet.devices.values(),
        fleet.missing_inventory,
        organisation,
        lambda device: verdicts.get(device.device_id),
    )
