"""Put a backup back: `fernbereit restore FILE`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fernbereit.words import Words
from fernbereit_server.backups.contents import Contents
from fernbereit_server.backups.restoring import Present, Restored, look, restore, unpacked
from fernbereit_server.commands.backup import counted, trouble
from fernbereit_server.commands.figures import day, number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import BackupError
from fernbereit_server.store.claim import claimed_database, claimed_folder
from fernbereit_server.store.folder import open_folder

_READ = Console(stderr=True)


def restore_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that fernbereit backup wrote.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    lang: Lang = None,
) -> None:
    """Replace the store by a backup, after saying what is lost; the collector must not be running.

    The former store is kept. Laptops notice by themselves and send a complete record. Who was retired,
    revoked or quarantined since the backup stays so.

    Exit codes: 0 restored, 1 not restored or only in part (the message says what), 2 wrong arguments or
    settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings, existing=False) as store:
        data = store.settings.data
        _see(file, say)
        open_folder(data)
        with claimed_folder(data):
            try:
                with unpacked(file, data) as backup:
                    present = look(store.engine, store.settings.zone, backup.owner)
                    now = datetime.now(store.settings.zone)
                    typer.echo("\n".join(_before(backup.contents, present, now, say)))
                    if not yes and not typer.confirm(say("backup.restore.ask")):
                        typer.echo(say("backup.restore.nothing"))
                        raise typer.Exit(FAILED)
                    now = datetime.now(UTC)
                    with claimed_database(store.engine), _READ.status(say("backup.restore.running")):
                        done = restore(store.engine, data, backup, present, now=now)
            except (BackupError, OSError) as error:
                typer.echo(trouble(error, say), err=True)
                raise typer.Exit(FAILED) from None
    typer.echo("\n".join(_after(done, present, say)))


def _see(file: Path, say: Words) -> None:
    """End the command, before a data folder is made, where there is nothing to restore."""
    try:
        file.open("rb").close()
    except OSError as error:
        typer.echo(trouble(error, say), err=True)
        raise typer.Exit(FAILED) from None


def _before(contents: Contents, present: Present | None, now: datetime, say: Words) -> Iterator[str]:
    made = contents.made_at.astimezone(now.tzinfo)
    yield say(
        "backup.restore.holds",
        made=_moment(made, say),
        **counted(contents.devices, contents.records, say),
    )
    if present is None:
        yield say("backup.restore.unreadable")
        return
    yield say("backup.restore.present", **counted(present.devices, present.records, say))
    yield say("backup.restore.lost", made=_moment(made, say), now=_moment(now, say))
    if present.last_report_on is not None:
        yield say("backup.restore.last_report", day=day(present.last_report_on, say))
    yield say("backup.restore.anew")


def _moment(moment: datetime, say: Words) -> str:
    return say("backup.moment", day=day(moment.date(), say), time=f"{moment:%H:%M}")


def _after(done: Restored, present: Present | None, say: Words) -> Iterator[str]:
    yield say("backup.restore.done")
    yield say("backup.restore.counted")
    if done.former is not None:
        yield say("backup.restore.former", folder=done.former)
    if done.kept_inactive:
        yield say("backup.restore.kept_inactive", number=number(done.kept_inactive, say))
    if present is None:
        yield say("backup.restore.review")
    yield say("backup.restore.next")
