"""Decide about devices that nobody uses: `fernbereit devices proposals`, `retire`, `restore`, `release`."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select

from fernbereit.code import device_code
from fernbereit.words import Words
from fernbereit_server.commands.figures import day, number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.one_device import called, fleet_of, one_device, one_line, refuse
from fernbereit_server.commands.opened_store import OpenedStore, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions.writing import set_status
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.judging.lifecycle import STOCK, Lifecycle, lifecycle, settle_twins
from fernbereit_server.judging.proposals import Proposal, Why
from fernbereit_server.judging.proposals import proposals as proposed
from fernbereit_server.store import database, schema
from fernbereit_server.store.retention import RETIRED_DAYS

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
Code = Annotated[str, typer.Argument(help="Code, label, serial number, host name or id of one device.")]

_COUNTED = ("active", "inactive", "missing", "pending")


def proposals(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """List devices that a person should decide about, and say which devices count.

    Set up anew, disputed, in quarantine, without a report for 90 days, or not in the inventory and silent for
    14 days. Nothing is retired by itself.
    Exit codes: 0 listed, 1 the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        fleet = fleet_of(store)
        devices = tuple(fleet.devices.values())
        settle_twins(devices, store.today, store.settings.zone)
        found = proposed(devices, store.today, store.settings.zone)
        census = _census(fleet, store)
        since = _status_days(store)
    if as_json:
        answer = {"proposals": [_as_json(one, since, store.today) for one in found], "devices": census}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    if found:
        Console(highlight=False).print(_table(found, since, store.today, say))
    else:
        typer.echo(say("proposals.none"))
    typer.echo("\n".join(["", *_next_steps(found, say), *_denominators(census, say)]))


def retire(
    code: Code,
    *,
    reason: Annotated[str | None, typer.Option(help="Why, in a few words (no names).")] = None,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Retire a device: it counts no more, and after 30 days everything about it is erased.

    Exit codes: 0 retired, 1 there is no such device, it is retired already, or the store cannot be used,
    2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        device = one_device(code, fleet_of(store), store, say)
        named = {"device": called(device, say), "code": device_code(device.device_id)}
        if device.status in {"retired", "revoked"}:
            refuse(say("retire.already" if device.status == "retired" else "retire.revoked", **named))
        _decide(store, device, "retired", one_line(reason or "")[:400] or None)
        typer.echo(say("retire.done", **named, day=day(store.today + timedelta(days=RETIRED_DAYS), say)))


def restore(code: Code, *, settings: SettingsFile = None, lang: Lang = None) -> None:
    """Take back that a device was retired, within 30 days; its grace goes on as if nothing had been.

    Exit codes: 0 restored, 1 there is no such device, it is not retired, or the store cannot be used,
    2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        device = one_device(code, fleet_of(store), store, say)
        named = {"device": called(device, say), "code": device_code(device.device_id)}
        if device.status != "retired":
            refuse(say("restore.not_retired", **named))
        _decide(store, device, "active")
    typer.echo(say("restore.done", **named))


def release(code: Code, *, settings: SettingsFile = None, lang: Lang = None) -> None:
    """End the quarantine of a device whose identity two laptops used, and say what collided.

    The outbox that was taken in last is taken in again, with everything it kept meanwhile; earlier ones stay
    closed. Exit codes: 0 released, 1 there is no such device, it is not in quarantine, or the store cannot be
    used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        device = one_device(code, fleet_of(store), store, say)
        named = {"device": called(device, say), "code": device_code(device.device_id)}
        if device.status != "quarantined":
            refuse(say("release.not_quarantined", **named))
        since = _status_days(store)[device.device_id]
        _decide(store, device, "active")
    typer.echo(say("release.collided", day=day(since, say), outboxes=len(device.closed)))
    typer.echo(say("release.done", **named))
    typer.echo(say("release.next"))


def _decide(store: OpenedStore, device: Device, status: str, reason: str | None = None) -> None:
    with database.writing(store.engine) as connection:
        set_status(connection, device.device_id, status, store.today, reason)


def _status_days(store: OpenedStore) -> dict[str, date]:
    table = schema.devices.c
    chosen = select(table.device_id, table.status_on).where(table.status != "active")
    with store.engine.connect() as connection:
        return {row.device_id: row.status_on for row in connection.execute(chosen)}


def _census(fleet: Fleet, store: OpenedStore) -> dict[str, int]:
    """Return how many devices are in which stage of life, the inventory that never reported included."""
    stages: Counter[str] = Counter()
    for device in fleet.devices.values():
        replaced = device.status == "active" and device.twin == "replaced"
        stage = "replaced" if replaced else lifecycle(device, store.today, store.settings.zone).value
        stages[stage] += 1
    for row in fleet.missing_inventory:
        stages["in_stock" if row.kind == STOCK else "pending"] += 1
    return {name: stages[name] for name in (*(stage.value for stage in Lifecycle), "replaced")}


def _denominators(census: dict[str, int], say: Words) -> Iterator[str]:
    said = {name: number(count, say) for name, count in census.items()}
    yield say("proposals.counted", **{name: said[name] for name in _COUNTED})
    yield say("proposals.not_counted", **{name: said[name] for name in said if name not in _COUNTED})


def _next_steps(found: tuple[Proposal, ...], say: Words) -> Iterator[str]:
    reasons = {one.why for one in found}
    if reasons - {Why.CLONE}:
        yield say("proposals.next.retire")
    if Why.CONFLICT in reasons:
        yield say("proposals.next.conflict")
    if Why.CLONE in reasons:
        yield say("proposals.next.release")


def _table(found: tuple[Proposal, ...], since: dict[str, date], today: date, say: Words) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("code", "device", "unit", "why"):
        table.add_column(say(f"proposals.column.{column}"))
    for one in found:
        device = one.device
        table.add_row(
            device_code(device.device_id),
            *map(escape, (device.label or "-", device.unit or "-", _why(one, since, today, say))),
        )
    return table


def _why(one: Proposal, since: dict[str, date], today: date, say: Words) -> str:
    key = f"proposals.why.{one.why.value}"
    if one.why in {Why.REPLACED, Why.CONFLICT}:
        return say(key, others=", ".join(map(device_code, one.others)))
    days = (today - since[one.device.device_id]).days if one.why is Why.CLONE else one.silent_days or 0
    return say(f"{key}.one" if one.why is Why.CLONE and days == 1 else key, days=days)


def _as_json(one: Proposal, since: dict[str, date], today: date) -> dict[str, Any]:
    device = one.device
    status_on = since.get(device.device_id)
    return {
        "code": device_code(device.device_id),
        "label": device.label,
        "unit": device.unit,
        "why": one.why.value,
        "silent_days": one.silent_days,
        "quarantined_days": (today - status_on).days if status_on and one.why is Why.CLONE else None,
        "same_serial": [device_code(name) for name in one.others],
    }
