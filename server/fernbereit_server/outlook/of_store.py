"""What does the store alone say, while no collector runs or beside one? For commands."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, select

from fernbereit.readiness import CompiledPolicy, Result
from fernbereit_server.decisions import read_decisions
from fernbereit_server.fleet import load_fleet
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.collected import NOT_JUDGED, Collected, Ruling, collected
from fernbereit_server.outlook.door import Outlook
from fernbereit_server.publication.cells import Page, decode_page
from fernbereit_server.resilience.counts import Verdict
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
        collected=partial(_collected, engine, decisions.policy),
    )


def _page(body: bytes | None) -> Page | None:
    if body is None:
        return None
    try:
        return decode_page(body)
    except (ValueError, KeyError, TypeError):
        return None


def _collected(engine: Engine, policy: CompiledPolicy, organisation: Organisation) -> Collected:
    table = schema.judgements.c
    with engine.connect() as connection:
        fleet = load_fleet(connection)
        rows = connection.execute(select(table.device_id, table.policy_version, table.verdict, table.checks))
        rulings = {row.device_id: _ruling(row, policy) for row in rows}
    return collected(
        fleet.devices.values(),
        fleet.missing_inventory,
        organisation,
        policy,
        lambda device: rulings.get(device.device_id, NOT_JUDGED),
    )


def _ruling(row: Any, policy: CompiledPolicy) -> Ruling:
    """Read a judgement; one by another policy says its verdict and no results."""
    if row.policy_version != policy.policy.version:
        return Ruling(Verdict(row.verdict))
    said = {name: Result(state[0]) for name, state in json.loads(row.checks).items()}
    results = tuple(said[check.id] for check in policy.judged if check.id in said)
    return Ruling(Verdict(row.verdict), results)
