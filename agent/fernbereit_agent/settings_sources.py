"""Where do this laptop's settings come from? Defaults, file, environment, management: the last one wins.

Every fault names its place and the next step, in the language of whoever started the agent.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from fernbereit.settings_faults import SettingsFaults, Telling
from fernbereit.settings_file import Loaded, read_layers, toml_layer, variables
from fernbereit.settings_layers import Layer, Origin, Source, flat_layer
from fernbereit.settings_source import SettingsUnreadable, text_of
from fernbereit.words import load
from fernbereit_agent.errors import SettingsError
from fernbereit_agent.host import Host, LocalHost
from fernbereit_agent.settings import PREFIX, SYSTEM_FILE, Settings
from fernbereit_agent.settings_managed import managed_layer


def load_settings(
    file: Path | None = None,
    *,
    environment: Mapping[str, str],
    system_file: Path = SYSTEM_FILE,
    host: Host | None = None,
    data: Path | None = None,
    lang: str = "en",
) -> Loaded[Settings]:
    """Read `file`, else the system's file if there is one, and all that stands above it.

    `data` is what the command line says. Raises `SettingsError` with one line a fault and one with the next
    step; its cause is the `OSError` or `ProbeError` where something cannot be read.
    """
    telling = telling_in(lang)
    try:
        name, text = text_of(file, system_file=system_file, sample="agent.toml", telling=telling)
        layers: list[Layer] = [toml_layer(name, text, telling=telling)]
        layers.append(variables(Settings, environment, PREFIX, telling))
        layers += filter(None, [managed_layer(host or LocalHost(), telling)])
        if data is not None:
            option = Origin(source=Source.COMMAND, form="option", name="--data")
            layers.append(flat_layer("command", [(("data",), str(data), option)]))
        return read_layers(Settings, tuple(layers), name, telling)
    except SettingsFaults as faults:
        managed = any(fault.origin.source is Source.MANAGED for fault in faults.faults)
        step = telling.words("setting.next_managed" if managed else "setting.next")
        raise SettingsError(f"{faults}\n{step}") from None
    except SettingsUnreadable as error:
        raise SettingsError(str(error)) from error.__cause__


@cache
def telling_in(lang: str) -> Telling:
    """Return the language of faults: German has descriptions of its own, English those of the code."""
    about: dict[str, str] = {}
    if lang == "de":
        words = files("fernbereit_agent") / "words" / "settings_de.json"
        about = json.loads(words.read_text(encoding="utf-8"))
    return Telling(load(lang), about)
