"""Say under which key a laptop finds its line of the inventory: `fernbereit inventory key`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import ServerError, SettingsError
from fernbereit_server.inventory import key as inventory
from fernbereit_server.settings import load_settings


def key(
    *,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    lang: Lang = None,
) -> None:
    """Print the line for the settings of the laptops, below [probes]; makes the key if there is none yet.

    With the same key on both sides a laptop finds its line of the inventory. The key is a secret: with it,
    serial numbers could be guessed. What the line is for goes to stderr, so that >> appends the line alone.

    Exit codes: 0 printed, 1 the key can neither be read nor made, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    try:
        shared = inventory.inventory_key(load_settings(settings, environment=os.environ))
    except ServerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, SettingsError) else 1) from None
    typer.echo(say("inventory.key.place"), err=True)
    typer.echo(f'inventory_key = "{shared.hex()}"')
