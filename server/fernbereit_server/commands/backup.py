"""Keep the store and its keys in one file: `fernbereit backup TO`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fernbereit.words import Words
from fernbereit_server.backups.contents import SUFFIX, file_name
from fernbereit_server.backups.making import make_backup
from fernbereit_server.commands import figures
from fernbereit_server.commands.figures import number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import BackupError
from fernbereit_server.folder_owner import NotPlainError

_PATTERN = f"fernbereit-????????T??????Z{SUFFIX}"


def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="A folder, or a file that does not exist yet.")],
    *,
    keep: Annotated[
        int | None,
        typer.Option(
            min=1, help="Keep so many backups in the folder TO, made if need be; delete older ones."
        ),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Write a backup while the collector goes on: the store of one moment, and the keys of its data folder.

    The file is as secret as the data folder; only its owner may read it.

    Exit codes: 0 written, 1 not written, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    if keep is not None and to.exists() and not to.is_dir():
        raise typer.BadParameter(say("backup.keep_folder"), param_hint="--keep")
    now = datetime.now(UTC)
    in_folder = keep is not None or to.is_dir()
    file = to / file_name(now) if in_folder else to
    if file.exists():
        raise typer.BadParameter(say("backup.exists", file=file), param_hint="TO")
    with opened_store(settings) as store:
        try:
            if in_folder:
                to.mkdir(mode=0o700, parents=True, exist_ok=True)
            with Console(stderr=True).status(say("backup.running")):
                contents = make_backup(store.engine, store.settings.data, file, now=now)
        except (BackupError, OSError) as error:
            typer.echo(trouble(error, say), err=True)
            raise typer.Exit(FAILED) from None
    deleted = _thin_out(to, keep) if keep is not None else 0
    size = file.stat().st_size
    if as_json:
        told = {"file": str(file), "bytes": size, "deleted": deleted}
        typer.echo(json.dumps({**contents.model_dump(mode="json"), **told}, indent=2))
        return
    held = counted(contents.devices, contents.records, say)
    typer.echo(say("backup.written", file=file, size=_megabytes(size, say), **held))
    if deleted:
        typer.echo(say("backup.deleted", number=number(deleted, say)))


def trouble(error: BackupError | OSError, say: Words) -> str:
    """Say what went wrong and what to do."""
    if isinstance(error, BackupError):
        return say(f"backup.error.{error.word}", **error.values)
    if isinstance(error, NotPlainError):
        return say("backup.error.not_plain", file=error.filename)
    return say("backup.error.file", file=error.filename or "?", reason=error.strerror or type(error).__name__)


def counted(devices: int, records: int, say: Words) -> dict[str, str]:
    """Return the figures of a store as people say them: "1 device", "2 records"."""
    return {
        "devices": figures.counted("backup.devices", devices, say),
        "records": figures.counted("backup.records", records, say),
    }


def _thin_out(folder: Path, keep: int) -> int:
    """Delete the oldest backups of ours beyond `keep`; other files stay."""
    old = sorted(folder.glob(_PATTERN))[:-keep]
    for file in old:
        file.unlink()
    return len(old)


def _megabytes(size: int, say: Words) -> str:
    return f"{number(max(1, round(size / 1e6)), say)} MB"
