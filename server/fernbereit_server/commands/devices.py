"""Find devices and look at one: `fernbereit devices`, `fernbereit devices show`.

Reads the store by itself, through the same desk as the console, so it works while no collector runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fernbereit.words import load
from fernbereit_server.commands import retirement
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.one_device import fleet_of, refuse
from fernbereit_server.commands.opened_store import OpenedStore, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.console.pages.device import device as page_of
from fernbereit_server.console.pages.devices import Query
from fernbereit_server.console.pages.devices import devices as list_of
from fernbereit_server.console.wording import words as console_words
from fernbereit_server.decisions import read_decisions
from fernbereit_server.desk import MAX_LIMIT, Desk, DeskError, VerdictWord
from fernbereit_server.inventory.key import inventory_key
from fernbereit_server.judging.judge import remembered
from fernbereit_server.judging.lifecycle import settle_twins
from fernbereit_server.judging.rows import read_judgements
from fernbereit_server.publication.census import PublishedFreshness

NOT_FOUND = 1


class _SearchFirst(typer.core.TyperGroup):
    """Takes a first word that is no command as something to search for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, "--help"}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_SearchFirst,
    help="Find devices: fernbereit devices [SEARCH], fernbereit devices show CODE.",
    epilog="Example: fernbereit devices NB-047",
)

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command("list", epilog="Example: fernbereit devices NB-047 --freshness silent")
def list_(  # noqa: PLR0913 - one argument an option
    search: Annotated[str, typer.Argument(help="Part of a label, or a whole code or serial number.")] = "",
    *,
    unit: Annotated[str | None, typer.Option(help="Only this unit; 'no unit' for those without.")] = None,
    freshness: Annotated[PublishedFreshness | None, typer.Option(help="Age of the last report.")] = None,
    verdict: Annotated[VerdictWord | None, typer.Option(help="Only devices of this verdict.")] = None,
    blocker: Annotated[
        str | None, typer.Option(help="Only devices that this check alone keeps from being ready.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MAX_LIMIT, help="Most devices shown.")] = 50,
    after: Annotated[str | None, typer.Option(help="'next' of an earlier answer in JSON.")] = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """List devices by label; devices of the inventory that never reported are listed as well.

    Exit codes: 0 found, 1 nothing was found or the store cannot be read, 2 wrong arguments or settings.
    """
    language = choose_language(lang)
    with _desk(settings) as (desk, _):
        page = desk.search(
            search,
            unit=unit,
            freshness=freshness,
            verdict=verdict,
            blocker=blocker,
            limit=limit,
            after=after,
        )
    if as_json:
        typer.echo(page.model_dump_json(indent=1))
        raise typer.Exit(0 if page.rows else NOT_FOUND)
    own = console_words(language)
    view = list_of(Query(text=search), page, (), own)
    if not view.rows:
        typer.echo(own("devices.nothing"), err=True)
        raise typer.Exit(NOT_FOUND)
    table = Table(box=None, pad_edge=False)
    for column in ("code", "device", "unit", "kind", "verdict", "report"):
        table.add_column(own(f"devices.{column}"))
    for row, shown in zip(page.rows, view.rows, strict=True):
        told = (shown.name, shown.unit, shown.kind, shown.verdict.word, shown.report.word)
        table.add_row(row.code or "-", *map(escape, told))
    Console(highlight=False).print(table)
    if page.next:
        typer.echo(words(language)("devices.more", limit=limit), err=True)


@app.command(epilog="Example: fernbereit devices show SX64EC")
def show(
    code: Annotated[str, typer.Argument(help="Code, label, serial number, host name or id of one device.")],
    *,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Say in one sentence whether a device is ready, what stands in the way, and what is known of it.

    Each check that is not fulfilled comes with what was seen, what should be, since when and what to do. No
    place, no tunnel, nothing finer than a day.

    Exit codes: 0 found, 1 there is no such device, several are meant, or the store cannot be read,
    2 wrong arguments or settings.
    """
    language = choose_language(lang)
    own = console_words(language)
    with _desk(settings) as (desk, loaded):
        detail = desk.open(code)
    if detail is None:
        typer.echo(own("missing.text"), err=True)
        raise typer.Exit(NOT_FOUND)
    if as_json:
        typer.echo(detail.model_dump_json(indent=1))
        return
    typer.echo(page_of(detail, own, load(language), loaded.today).ticket)


app.command(epilog="Example: fernbereit devices proposals --json")(retirement.proposals)
app.command(epilog="Example: fernbereit devices retire SX64EC --reason 'sold'")(retirement.retire)
app.command(epilog="Example: fernbereit devices restore SX64EC")(retirement.restore)
app.command(epilog="Example: fernbereit devices release SX64EC")(retirement.release)


@contextmanager
def _desk(file: Path | None) -> Iterator[tuple[Desk, OpenedStore]]:
    """Open the store for reading; ends the command with a message where that, or a question, goes wrong."""
    with opened_store(file) as store:
        fleet = fleet_of(store)
        settle_twins(fleet.devices.values(), store.today, store.settings.zone)
        key = partial(inventory_key, store.settings)
        with store.engine.connect() as connection:
            policy = read_decisions(connection).policy
            for device_id, judgement in read_judgements(connection, list(fleet.devices)).items():
                fleet.set_judged(fleet.devices[device_id], remembered(policy, judgement))
        desk = Desk(
            store.engine,
            fleet,
            store.settings,
            partial(datetime.now, UTC),
            inventory_key=key,
            policy=lambda: policy,
        )
        try:
            yield desk, store
        except DeskError as error:
            refuse(str(error))
