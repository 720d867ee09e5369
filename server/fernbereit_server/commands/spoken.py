"""In which language are the help and the faults of a call told? In that of `--lang`, else the system's.

Help is written in English beside the code it describes; `help_de.json` holds the same in German, by the
English text. What Typer itself says ("Usage", "Missing option") has no translation there, so it is told here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperGroup

from fernbereit_server.commands.language import choose_language

_EXAMPLE = "Example: "
_FRAME = {
    "ARGUMENTS_PANEL_TITLE": ("Arguments", "Angaben"),
    "OPTIONS_PANEL_TITLE": ("Options", "Schalter"),
    "COMMANDS_PANEL_TITLE": ("Commands", "Befehle"),
    "ERRORS_PANEL_TITLE": ("Error", "Fehler"),
    "DEFAULT_STRING": ("[default: {}]", "[sonst: {}]"),
    "REQUIRED_LONG_STRING": ("[required]", "[nötig]"),
    "RICH_HELP": (
        "Try [blue]'{command_path} {help_option}'[/] for help.",
        "Hilfe gibt [blue]'{command_path} {help_option}'[/].",
    ),
}
"""What Typer writes around help and faults, by the name it has there: English, German."""
_KINDS = {
    "<path>": "<Pfad>",
    "<str>": "<Text>",
    "<int>": "<Zahl>",
    "<float>": "<Zahl>",
    "<int range>": "<Zahl>",
    "<float range>": "<Zahl>",
    "<%Y-%m-%d>": "<Jahr-Monat-Tag>",
}
_FAULTS = tuple(
    (re.compile(english, re.DOTALL), german)
    for english, german in (
        (r"^Missing argument (.+?)\.(.*)$", r"Es fehlt die Angabe \1.\2"),
        (r"^Missing option (.+?)\.(.*)$", r"Es fehlt der Schalter \1.\2"),
        (r"^Missing command\.$", "Es fehlt ein Befehl."),
        (r"^No such command (.+?)\.", r"Den Befehl \1 gibt es nicht."),
        (r"^No such option:? (\S+?)\.?(?=\s|$)", r"Den Schalter \1 gibt es nicht."),
        (r"\(Possible options: (.+)\)", r"Gemeint vielleicht: \1"),
        (r"Did you mean (?:one of: )?(.+)\?", r"Meinten Sie \1?"),
        (r"^Option (\S+) requires an argument\.", r"Der Schalter \1 braucht einen Wert."),
        (r"^Option (\S+) does not take a value\.", r"Der Schalter \1 nimmt keinen Wert."),
        (r"^Got unexpected extra argument\(s\) \((.+)\)$", r"Das ist zu viel: \1"),
        (r"^Invalid value for (.+?): ", r"Falscher Wert für \1: "),
        (r"(?:Value error, )?('[^']*') is not one of (.+)\.", r"Erwartet wird eines von \2, nicht \1."),
        (
            r"Value error, (.+) does not match the formats '%Y-%m-%d'\.",
            r"Erwartet wird Jahr-Monat-Tag, nicht \1.",
        ),
        (r"'[^']*' is not a valid (?:integer|float|number).*", "Erwartet wird eine Zahl."),
        (r"Input should be a valid (?:integer|number).*", "Erwartet wird eine Zahl."),
        (r"Input should be greater than or equal to (\S+)", r"Erwartet wird mindestens \1."),
        (r"Input should be less than or equal to (\S+)", r"Erwartet wird höchstens \1."),
    )
)


@cache
def help_in_german() -> Mapping[str, str]:
    """Return the German help by the English one, paragraphs on one line each."""
    place = files("fernbereit_server.commands") / "help_de.json"
    found: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
    return found


def flat(text: str) -> str:
    """Write each paragraph of a help on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def in_german(fault: str) -> str:
    """Tell what is wrong with a call, as Typer says it in English.

    >>> in_german("Missing argument 'TO'.")
    "Es fehlt die Angabe 'TO'."
    """
    for english, german in _FAULTS:
        fault = english.sub(german, fault)
    return fault


class Spoken(TyperGroup):
    """The commands of the program, which speak one language at a call."""

    _lang = "en"

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> typer.Context:
        """Choose the language before anything is said."""
        self._lang = choose_language(_asked(args))
        for name, told in _FRAME.items():
            setattr(rich_utils, name, told[self._lang == "de"])
        _dress(self, self._lang)
        try:
            return super().make_context(info_name, args, parent, **extra)  # type: ignore[return-value]
        except Exception as error:
            self._tell(error)
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a fault of the call is told in its language."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            self._tell(error)
            raise

    def _tell(self, error: Exception) -> None:
        said = getattr(error, "format_message", None)
        if self._lang == "de" and said is not None:
            text = in_german(said())
            vars(error)["format_message"] = lambda: text


class _Context(typer.Context):
    """Writes how a command is called in German."""

    def make_formatter(self) -> Any:
        formatter = super().make_formatter()
        vars(formatter)["write_usage"] = partial(formatter.write_usage, prefix="Aufruf: ")
        return formatter


def _asked(args: Sequence[str]) -> str | None:
    """Return the language that stands in a call, wherever it does."""
    for place, word in enumerate(args):
        if word == "--lang":
            return args[place + 1] if place + 1 < len(args) else None
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _dress(command: Any, lang: str) -> None:
    """Put a command and those below it into a language; a flag takes no value, so it shows none."""
    german = help_in_german() if lang == "de" else {}
    command.help = _told(command.help, german)
    command.epilog = _told(command.epilog, german)
    if german:
        command.context_class = _Context
        command.options_metavar = "[SCHALTER]"
    context = typer.Context(command)
    for parameter in command.get_params(context):
        parameter.help = _told(getattr(parameter, "help", None), german)
        if (told := getattr(parameter, "display_type_rich", None)) is None:
            continue  # a Typer of another version, which shows kinds of values in its own way
        kind = "" if getattr(parameter, "is_flag", False) else told(context)
        vars(parameter)["display_type_rich"] = partial(_always, _KINDS.get(kind, kind) if german else kind)
    if isinstance(command, TyperGroup):
        if german:
            command.subcommand_metavar = "BEFEHL [ANGABEN]..."
        for below in command.commands.values():
            _dress(below, lang)


def _always(kind: str | None, ctx: typer.Context) -> str | None:  # noqa: ARG001 - as Typer calls it
    return kind


def _told(text: str | None, german: Mapping[str, str]) -> str | None:
    if not text:
        return text
    found = german.get(flat(text), flat(text))
    return found.replace(_EXAMPLE, "Beispiel: ", 1) if german and found.startswith(_EXAMPLE) else found
