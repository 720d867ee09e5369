"""What do commands about goals, measures and drill days need alike?"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

import typer

from fernbereit.nearest import nearest
from fernbereit.words import Words
from fernbereit_server.commands.opened_store import FAILED, OpenedStore
from fernbereit_server.decisions import read_decisions
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook import NoOrganisationError, Outlook, outlook_of_store
from fernbereit_server.resilience import scenario as scenarios
from fernbereit_server.resilience.scenario import Scenario

ID_MOST = 2**31 - 1
"""No row has a greater id, in any database."""

Titles = Mapping[str, Mapping[str, str]]
"""Titles of scenarios, by key and language."""


def outlook(store: OpenedStore) -> Outlook:
    """Return the outlook on what the store holds."""
    return outlook_of_store(store.engine, store.settings, lambda: datetime.now(UTC))


def organisation_of(store: OpenedStore) -> Organisation:
    """Return the organisation in force; raises `NoOrganisationError`, whose text ends the command."""
    with store.engine.connect() as connection:
        found = read_decisions(connection).organisation
    if found is None:
        raise NoOrganisationError
    return found


def scenario_of(store: OpenedStore, text: str, say: Words) -> Scenario:
    """Return the scenario somebody means, or end the command with what is near."""
    organisation = organisation_of(store)
    found = scenarios.find(text, organisation)
    if found is None:
        known = scenarios.known(organisation)
        message = say("drill.no_scenario", name=text, known=", ".join(known))
        if near := nearest(scenarios.key_of(text), known):
            message += " " + say("file.suggestion", word=near)
        stop(message)
    return found


def titles(store: OpenedStore) -> Titles:
    """Return what scenarios are called; without an organisation those that are shipped."""
    with store.engine.connect() as connection:
        organisation = read_decisions(connection).organisation
    if organisation is None:
        return {one.key: one.title for one in scenarios.SCENARIOS}
    found = (scenarios.find(name, organisation) for name in scenarios.known(organisation))
    return {one.key: one.title for one in found if one is not None}


def check_unit(store: OpenedStore, unit: str | None, say: Words) -> None:
    """End the command if the organisation has no such unit."""
    names = [one.name for one in organisation_of(store).units]
    if unit is not None and unit not in names:
        text = say("goal.no_unit", name=unit)
        if near := nearest(unit, names):
            text += " " + say("file.suggestion", word=near)
        stop(text)


def stop(text: str) -> NoReturn:
    """End the command: nothing was changed."""
    typer.echo(text, err=True)
    raise typer.Exit(FAILED)


def dumped(content: Any) -> str:
    """Write an answer as JSON."""
    return json.dumps(content, ensure_ascii=False, indent=1)
