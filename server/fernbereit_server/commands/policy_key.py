"""Say by which key laptops recognise the authority's policies: `fernbereit policy key`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import ServerError, SettingsError
from fernbereit_server.policies.signing import signer
from fernbereit_server.settings import load_settings


def key(
    *,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    lang: Lang = None,
) -> None:
    """Print the line for the settings of the laptops; makes the key if there is none yet.

    Exit codes: 0 printed, 1 the key can neither be read nor made, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    try:
        public_key = signer(load_settings(settings, environment=os.environ).data).public_key
    except ServerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, SettingsError) else 1) from None
    typer.echo(say("policy.key.place"), err=True)
    typer.echo(f'public_key = "{public_key.hex()}"')
