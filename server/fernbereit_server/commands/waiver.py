"""Let a check not hold for a while: `fernbereit waiver grant`, `list`, `end`."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from fernbereit.code import device_code
from fernbereit.nearest import nearest
from fernbereit.policy import Check
from fernbereit.words import Words
from fernbereit_server.commands.figures import day
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.one_device import called, fleet_of, one_device, one_line, refuse
from fernbereit_server.commands.opened_store import WRONG, OpenedStore, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import Decisions, Waiver, read_decisions
from fernbereit_server.decisions.writing import end_waiver, grant_waiver
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.store import database

MOST_DAYS = 365
_LONGEST = {"--reason": 400, "--approver": 128}

app = typer.Typer(
    help="Waivers: a check that need not hold for a device or a unit until a day. Shown, never hidden.",
    epilog="Example: fernbereit waiver list",
    no_args_is_help=True,
)

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command(
    epilog="Example: fernbereit waiver grant battery_health --device SX64EC --reason 'on order' "
    "--approver 'information security' --until 2026-12-31"
)
def grant(  # noqa: PLR0913 - one argument an option
    check: Annotated[str, typer.Argument(help="The check, as fernbereit policy show --json names it.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, in a sentence; the device's page shows it.")],
    approver: Annotated[
        str, typer.Option(help="The function that decided, as 'information security'; no person's name.")
    ],
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day it holds, at most 365 days ahead.")
    ],
    device: Annotated[str | None, typer.Option(help="For one device: code, label or serial number.")] = None,
    unit: Annotated[str | None, typer.Option(help="For every device of a unit.")] = None,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Let a check count as met for a while; the failure's own time goes on, and counts again afterwards.

    Exit codes: 0 granted, 1 there is no such check, device or unit, or the store cannot be used,
    2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    if (device is None) == (unit is None):
        refuse(say("waiver.whom"), WRONG)
    texts = {"--reason": one_line(reason), "--approver": one_line(approver)}
    _check_texts(texts, say)
    with opened_store(settings) as store:
        with store.engine.connect() as connection:
            decisions = read_decisions(connection)
        latest = store.today + timedelta(days=MOST_DAYS)
        if not store.today <= until.date() <= latest:
            refuse(say("waiver.until", latest=day(latest, say), most=MOST_DAYS), WRONG)
        meant = _check(check, decisions, say)
        fleet = fleet_of(store)
        chosen = None if device is None else _device(device, fleet, store, say)
        wanted = Waiver(
            id=0,
            device_id=chosen.device_id if chosen else None,
            unit=None if unit is None else _unit(unit, fleet, decisions, say),
            check_id=meant.id,
            reason=texts["--reason"],
            approver=texts["--approver"],
            granted_on=store.today,
            expires_on=until.date(),
        )
        with database.writing(store.engine) as connection:
            number = _grant(connection, wanted, store.today, say)
    title = meant.title.de if say.lang == "de" else meant.title.en
    whom = _whom(wanted, fleet, say)
    typer.echo(say("waiver.granted", id=number, title=title, whom=whom, day=day(wanted.expires_on, say)))


@app.command("list", epilog="Example: fernbereit waiver list --all")
def list_(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that ended as well.")] = False,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the waivers in force, with reason and approver.

    Exit codes: 0 listed, 1 the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        with store.engine.connect() as connection:
            decisions = read_decisions(connection)
        fleet = fleet_of(store)
    found = [one for one in decisions.waivers if everything or one.holds(store.today)]
    if as_json:
        typer.echo(json.dumps([_as_json(one, store.today) for one in found], ensure_ascii=False, indent=2))
    elif not found:
        typer.echo(say("waiver.none"))
    else:
        Console(highlight=False).print(_table(found, fleet, store.today, say))


@app.command(epilog="Example: fernbereit waiver end 3")
def end(
    number: Annotated[int, typer.Argument(help="The number, as fernbereit waiver list shows it.")],
    *,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """End a waiver before its time, from today on.

    Exit codes: 0 ended, 1 there is no such waiver in force, or the store cannot be used, 2 wrong arguments or
    settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store, database.writing(store.engine) as connection:
        held = {one.id for one in read_decisions(connection).waivers if one.holds(store.today)}
        if number not in held or not end_waiver(connection, number, store.today):
            refuse(say("waiver.no_such", id=number))
    typer.echo(say("waiver.ended", id=number))


def _check_texts(texts: dict[str, str], say: Words) -> None:
    for option, text in texts.items():
        if not text:
            example = say(f"waiver.example.{option.removeprefix('--')}")
            refuse(say("waiver.no_text", option=option, example=example), WRONG)
        if len(text) > _LONGEST[option]:
            refuse(say("waiver.too_long", option=option, most=_LONGEST[option]), WRONG)


def _check(name: str, decisions: Decisions, say: Words) -> Check:
    policy = decisions.policy
    if any(one.id == name for one in policy.counted):
        refuse(say("waiver.counted_check", check=name))
    known = {one.id: one for one in policy.judged}
    if name not in known:
        refuse(say("waiver.unknown_check", check=name, near=_near(name, known, say)))
    return known[name]


def _device(text: str, fleet: Fleet, store: OpenedStore, say: Words) -> Device:
    device = one_device(text, fleet, store, say)
    if device.status != "active":
        refuse(say("waiver.retired", device=called(device, say), code=device_code(device.device_id)))
    return device


def _unit(name: str, fleet: Fleet, decisions: Decisions, say: Words) -> str:
    organisation = decisions.organisation
    known = {row.unit for row in fleet.inventory if row.unit}
    known.update(unit.name for unit in (organisation.units if organisation else ()))
    if name not in known:
        refuse(say("waiver.unknown_unit", unit=name, near=_near(name, sorted(known), say)))
    return name


def _near(name: str, known: Any, say: Words) -> str:
    near = nearest(name, known)
    return say("waiver.did_you_mean", near=near) if near else ""


def _grant(connection: Connection, wanted: Waiver, today: date, say: Words) -> int:
    for one in read_decisions(connection).waivers:
        same = (one.check_id, one.device_id, one.unit) == (wanted.check_id, wanted.device_id, wanted.unit)
        if same and one.holds(today):
            refuse(say("waiver.already", id=one.id, day=day(one.expires_on, say)))
    return grant_waiver(connection, wanted)


def _whom(one: Waiver, fleet: Fleet, say: Words) -> str:
    if one.device_id is None:
        return say("waiver.of_unit", unit=one.unit)
    device = fleet.devices.get(one.device_id)
    return called(device, say) if device else say("waiver.of_erased")


def _state(one: Waiver, today: date) -> str:
    if one.holds(today):
        return "in_force"
    return "ended" if one.ended_on is not None else "expired"


def _table(found: list[Waiver], fleet: Fleet, today: date, say: Words) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("id", "check", "whom", "reason", "approver", "until", "state"):
        table.add_column(say(f"waiver.column.{column}"))
    for one in found:
        ended = {"day": day(one.ended_on, say)} if one.ended_on else {}
        state = say(f"waiver.state.{_state(one, today)}", **ended)
        cells = (
            one.check_id,
            _whom(one, fleet, say),
            one.reason,
            one.approver,
            day(one.expires_on, say),
            state,
        )
        table.add_row(str(one.id), *map(escape, cells))
    return table


def _as_json(one: Waiver, today: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "check": one.check_id,
        "device": device_code(one.device_id) if one.device_id else None,
        "unit": one.unit,
        "reason": one.reason,
        "approver": one.approver,
        "granted_on": one.granted_on.isoformat(),
        "until": one.expires_on.isoformat(),
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
        "state": _state(one, today),
    }
