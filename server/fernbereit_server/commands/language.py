"""In which language does a command speak?"""

import locale
import os
from typing import Annotated, Literal

import typer

from fernbereit.words import LANGUAGES

Lang = Annotated[Literal["de", "en"] | None, typer.Option(help="Default: the system's language.")]
"""The option `--lang` of every command that speaks."""


def choose_language(asked: str | None) -> str:
    """Return the language asked for, else German where the system speaks it, else English."""
    if asked in LANGUAGES:
        return asked
    spoken = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    system = next((word for word in spoken if word), None) or locale.getlocale()[0] or ""
    return "de" if system.lower().startswith(("de", "german")) else "en"
