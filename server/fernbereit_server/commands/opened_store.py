"""How does a command come by the store, and what does it say where it cannot?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from fernbereit_server.errors import ServerError, SettingsError, StoreError
from fernbereit_server.ingest.days import Days
from fernbereit_server.settings import Settings, load_settings
from fernbereit_server.store import database
from fernbereit_server.store.folder import open_folder

FAILED, WRONG = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedStore:
    """The store, and the day it is in the authority's time zone."""

    engine: Engine
    settings: Settings
    today: date


@contextmanager
def opened_store(file: Path | None, *, make: bool = False, existing: bool = True) -> Iterator[OpenedStore]:
    """Open the store that the settings name; with `make` it is made, or brought to this version, first.

    Without `existing` there need not be one.
    Ends the command with a message: exit code 2 for faulty settings, 1 for everything else.
    """
    try:
        settings = load_settings(file, environment=os.environ)
        today = Days(datetime.now(UTC), settings.zone).today
        if make:
            open_folder(settings.data)
        engine = database.open_engine(settings.store_url)
        try:
            if make:
                database.upgrade(engine)
                database.generation(engine, today)
            elif (
                existing and engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists()
            ):
                raise StoreError(
                    f"{engine.url.database}: there is no store yet; fernbereit serve makes it, or choose "
                    "another with --settings"
                )
            yield OpenedStore(engine=engine, settings=settings, today=today)
        finally:
            engine.dispose()
    except ServerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG if isinstance(error, SettingsError) else FAILED) from None
    except SQLAlchemyError as error:
        reason = f"{type(error).__name__}: {error.args[0] if error.args else ''}".splitlines()[0]
        typer.echo(f"the store cannot be used ({reason}); is it running, and of this version?", err=True)
        raise typer.Exit(FAILED) from None
