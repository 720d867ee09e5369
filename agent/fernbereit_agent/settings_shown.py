"""Which value is in force for every setting, and where does it stand? Secrets are not shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from fernbereit.settings_faults import dotted
from fernbereit.settings_file import Loaded
from fernbereit.settings_layers import Origin
from fernbereit.settings_model import SettingsModel, table_of
from fernbereit.toml_lines import Path
from fernbereit_agent.proxies import without_credentials
from fernbereit_agent.settings import Settings
from fernbereit_agent.settings_sources import telling_in


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: `value` is None where it is a secret that is set."""

    key: str
    value: Any
    hidden: bool
    origin: Origin


def shown(loaded: Loaded[Settings]) -> tuple[Shown, ...]:
    """Return every setting in the order of the declarations."""
    return tuple(_shown(loaded, loaded.settings, ()))


def as_text(loaded: Loaded[Settings], lang: str) -> str:
    """Return one line a setting: key, value, place."""
    telling = telling_in(lang)
    unset, hidden = telling.words("setting.unset"), telling.words("setting.hidden")
    rows = []
    for each in shown(loaded):
        value = unset if each.value is None else json.dumps(each.value, ensure_ascii=False)
        rows.append((each.key, hidden if each.hidden else value, telling.place(each.origin)))
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    wide[1] = min(wide[1], 40)
    return "".join(f"{key:<{wide[0]}}  {value:<{wide[1]}}  {place}\n" for key, value, place in rows)


def as_json(loaded: Loaded[Settings]) -> str:
    """Return an object by key: value, source, place, line; hidden values are null."""
    told = {
        each.key: {
            "value": each.value,
            "hidden": each.hidden,
            "source": each.origin.source.value,
            "name": each.origin.name,
            "place": each.origin.place,
            "line": each.origin.line,
        }
        for each in shown(loaded)
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _shown(loaded: Loaded[Settings], table: SettingsModel, above: Path) -> Iterator[Shown]:
    for key, info in type(table).model_fields.items():
        value, path = getattr(table, key), (*above, key)
        if isinstance(value, SettingsModel):
            yield from _shown(loaded, value, path)
        elif table_of(info) is not None and value:
            for number, block in enumerate(value):
                yield from _shown(loaded, block, (*path, number))
        else:
            text = str(value) if isinstance(value, FilePath) else value
            told, hidden = (text, False) if info.repr or text is None else _without_secret(text)
            yield Shown(dotted(path), told, hidden, loaded.origin(path))


def _without_secret(text: str) -> tuple[str | None, bool]:
    """Return an address without credentials; anything else that is secret is hidden whole."""
    if "://" not in text:
        return None, True
    return without_credentials(text), False
