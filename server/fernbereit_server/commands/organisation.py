"""Tell the collector what the authority is: `fernbereit organisation import` and `show`."""

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection

from fernbereit.words import Words
from fernbereit_server.commands import organisation_page
from fernbereit_server.commands.file_faults import told
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, opened_store
from fernbereit_server.commands.organisation_changes import as_json as changes_as_json
from fernbereit_server.commands.organisation_changes import sentences
from fernbereit_server.commands.organisation_fit import as_json as fit_as_json
from fernbereit_server.commands.organisation_fit import remarks
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import read_decisions
from fernbereit_server.decisions.past import organisation_at
from fernbereit_server.decisions.writing import import_organisation
from fernbereit_server.metrics.families.readiness import SETTINGS
from fernbereit_server.organisation.comparison import Comparison, compare
from fernbereit_server.organisation.faults import FaultyFileError
from fernbereit_server.organisation.file import read_organisation
from fernbereit_server.organisation.fit import Fit, fit
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.store import database, reads
from fernbereit_server.store.reported_targets import reported_targets

app = typer.Typer(
    help="What the authority is: units, people, ways in, services, prices.",
    epilog="Example: fernbereit organisation import organisation.yaml --dry-run",
    no_args_is_help=True,
)

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command("import", epilog="Example: fernbereit organisation import organisation.yaml --dry-run")
def import_(
    file: Annotated[Path, typer.Argument(help="The authority (YAML, or CSV of units).")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Put an organisation in force, say what changes, and what does not fit the inventory.

    Exit codes: 0 imported or nothing to change, 1 the file has faults or the store cannot be used and
    nothing was changed, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    wanted = _read(file, say)
    with opened_store(settings, make=True) as store:
        with store.engine.connect() as connection:
            decisions = read_decisions(connection)
            cost_items = {check.cost_item or SETTINGS for check in decisions.policy.policy.checks}
            found = _fit(connection, wanted, cost_items, say)
        changes = compare(decisions.organisation, wanted)
        if changes and not dry_run:
            with database.writing(store.engine) as connection:
                import_organisation(connection, wanted, store.today)
    if as_json:
        typer.echo(_dumped(_answer(changes, found, dry_run=dry_run)))
        return
    typer.echo(
        "\n".join(_as_text(changes, found, say, first=decisions.organisation is None, dry_run=dry_run))
    )


@app.command(epilog="Example: fernbereit organisation show --as-of 2026-09-30")
def show(
    *,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="As it was on this day.")
    ] = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show the organisation in force, since when it is, and who is counted how.

    Exit codes: 0 shown, 1 there is none or the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store, store.engine.connect() as connection:
        day: date = as_of.date() if as_of else store.today
        found = organisation_at(connection, day)
    if found is None:
        typer.echo(say("organisation.none" if as_of is None else "organisation.none_then"), err=True)
        raise typer.Exit(FAILED)
    organisation, imported_on = found
    if as_json:
        body = organisation.model_dump(mode="json", exclude_unset=True)
        typer.echo(_dumped({"imported_on": imported_on.isoformat(), "organisation": body}))
        return
    organisation_page.show(organisation, imported_on, say, Console(highlight=False))


def _read(file: Path, say: Words) -> Organisation:
    try:
        return read_organisation(file)
    except OSError as error:
        text = say("file.unreadable", file=file, reason=error.strerror or type(error).__name__)
    except FaultyFileError as faulty:
        text = told(file, faulty.faults, say)
    typer.echo(text, err=True)
    raise typer.Exit(FAILED)


def _fit(connection: Connection, organisation: Organisation, cost_items: Iterable[str], say: Words) -> Fit:
    rows = reads.inventory_rows(connection)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(say("organisation.comparing"), total=len(rows))
        targets = reported_targets(connection, on_row=lambda: progress.advance(task))
    return fit(
        organisation, ((row.unit, row.kind) for row in rows), reported_targets=targets, cost_items=cost_items
    )


def _as_text(changes: Comparison, found: Fit, say: Words, *, first: bool, dry_run: bool) -> list[str]:
    lines = [say("organisation.first")] if first else []
    lines += sentences(changes, say)
    lines += (
        ["", say("organisation.fit"), *(f"  {line}" for line in remarks(found, say)), ""] if found else []
    )
    if not changes:
        return [*lines, say("organisation.nothing")]
    return [*lines, say("organisation.dry_run" if dry_run else "organisation.done")]


def _answer(changes: Comparison, found: Fit, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "imported": bool(changes) and not dry_run,
        "changes": changes_as_json(changes),
        "fit": fit_as_json(found),
    }


def _dumped(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
