"""Tell the collector which devices there are: `fernbereit inventory import` and `key`."""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from fernbereit.words import Words
from fernbereit_server.commands.inventory_key import key
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import InventoryError, ServerError, SettingsError
from fernbereit_server.ingest.days import Days
from fernbereit_server.inventory.comparison import Changed, Comparison, compare
from fernbereit_server.inventory.file import Fault, FaultyFileError, parse
from fernbereit_server.inventory.key import inventory_key
from fernbereit_server.settings import Settings, load_settings
from fernbereit_server.store import database, reads, writes
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.folder import open_folder

_ROWS_SHOWN = 20

app = typer.Typer(
    help="The list of devices the authority owns.",
    epilog="Example: fernbereit inventory import devices.csv --dry-run",
    no_args_is_help=True,
)


app.command(epilog="Example: fernbereit inventory key --settings collector.toml")(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Imported:
    comparison: Comparison
    removed: tuple[InventoryRow, ...]
    dry_run: bool

    @property
    def changes(self) -> bool:
        return bool(self.comparison.added or self.comparison.changed or self.removed)


@app.command("import", epilog="Example: fernbereit inventory import devices.csv --dry-run")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV: our own columns, or an export of opsi, Intune or GLPI.")],
    *,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove devices that the list does not name.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Import a list of devices. Serial numbers and host names are kept as keyed hashes only.

    Columns: serial, host_name, label, unit, site, kind (personal, pool, loan, stock, shared), chassis.
    Exit codes: 0 imported, 1 the list has faults or the store cannot be used and nothing was changed,
    2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    try:
        loaded = load_settings(settings, environment=os.environ)
        done = _import(file, loaded, say, replace=replace, dry_run=dry_run)
    except ServerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, SettingsError) else 1) from None
    except SQLAlchemyError as error:
        typer.echo(f"{type(error).__name__}: {error.args[0] if error.args else ''}".splitlines()[0], err=True)
        raise typer.Exit(1) from None
    typer.echo(_as_json(done) if as_json else "\n".join(_as_text(done, say)))


def _import(file: Path, settings: Settings, say: Words, *, replace: bool, dry_run: bool) -> _Imported:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InventoryError(say("inventory.unreadable", file=file, reason=error.strerror)) from None
    open_folder(settings.data)
    under = inventory_key(settings)
    lines = data.count(b"\n") or 1
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(say("inventory.reading"), total=lines)
        try:
            wanted = parse(data, under, on_row=lambda: progress.advance(task))
        except FaultyFileError as faulty:
            raise InventoryError(_faults(file, faulty.faults, say)) from None
    engine = database.open_engine(settings.store_url)
    try:
        database.upgrade(engine)
        database.generation(engine, Days(datetime.now(UTC), settings.zone).today)
        with database.writing(engine) as connection:
            comparison = compare(reads.inventory_rows(connection), wanted)
            done = _Imported(
                comparison=comparison, removed=comparison.missing if replace else (), dry_run=dry_run
            )
            if done.changes and not dry_run:
                written = (*comparison.added, *(change.after for change in comparison.changed))
                writes.change_inventory(connection, written=written, removed=done.removed)
    finally:
        engine.dispose()
    return done


def _faults(file: Path, faults: Iterable[Fault], say: Words) -> str:
    lines = [say("inventory.faults", file=file)]
    for fault in faults:
        text = say(f"inventory.fault.{fault.word}", **fault.values)
        lines.append(say("inventory.fault.line", file=file, line=fault.line, text=text))
    return "\n".join(lines)


def _as_text(done: _Imported, say: Words) -> list[str]:
    comparison = done.comparison
    kept = () if done.removed else comparison.missing
    lines: list[str] = []
    for group, rows in (("added", comparison.added), ("removed", done.removed)):
        lines += _shortened([say(f"inventory.row.{group}", label=row.label) for row in rows], say)
    lines += _shortened([_changed(change, say) for change in comparison.changed], say)
    for group, rows_ in (
        ("added", comparison.added),
        ("changed", comparison.changed),
        ("unchanged", comparison.unchanged),
        ("removed", done.removed),
        ("kept", kept),
    ):
        if rows_ or group in {"added", "changed", "unchanged"}:
            lines.append(say(f"inventory.{group}", number=len(rows_)))
    if done.dry_run:
        return [*lines, say("inventory.dry_run")]
    if not done.changes:
        return [*lines, say("inventory.nothing")]
    return [*lines, say("inventory.done"), *([say("inventory.done.key")] if comparison.added else [])]


def _shortened(lines: list[str], say: Words) -> list[str]:
    if len(lines) <= _ROWS_SHOWN:
        return lines
    return [*lines[:_ROWS_SHOWN], say("inventory.row.more", number=len(lines) - _ROWS_SHOWN)]


def _changed(change: Changed, say: Words) -> str:
    nothing = say("inventory.row.nothing")
    fields = [
        say(
            "inventory.row.field",
            name=say(f"inventory.column.{name}"),
            before=before or nothing,
            after=after or nothing,
        )
        for name, (before, after) in change.fields.items()
    ]
    return say(
        "inventory.row.changed",
        label=change.before.label,
        fields=", ".join(fields) or say("inventory.row.match"),
    )


def _as_json(done: _Imported) -> str:
    comparison = done.comparison
    answer = {
        "dry_run": done.dry_run,
        "added": [row.label for row in comparison.added],
        "changed": [{"label": change.before.label, "fields": change.fields} for change in comparison.changed],
        "unchanged": len(comparison.unchanged),
        "removed": [row.label for row in done.removed],
        "kept": [row.label for row in comparison.missing] if not done.removed else [],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)
