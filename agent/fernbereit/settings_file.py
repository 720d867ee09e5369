"""How do a TOML file, the environment and the management's policy become settings?

Every fault is told at once: where it stands, key, what was expected, an example.
"""

import json
import math
import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from fernbereit.settings_faults import Fault, SettingsFaults, Telling
from fernbereit.settings_layers import (
    NO_TOML,
    InTheWay,
    Layer,
    Origin,
    Source,
    environment_layer,
    file_layer,
    merged,
)
from fernbereit.settings_model import SettingsModel, declared, schema_of, table_of, toml_line
from fernbereit.toml_lines import Path

__all__ = ["Fault", "Model", "SettingsFaults", "SettingsModel", "read_settings", "table_of", "toml_line"]

Model = TypeVar("Model", bound=SettingsModel)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Model]):
    """Settings, what was written by all layers together, and where each path of that stands."""

    settings: Model
    written: Mapping[str, Any]
    origins: Mapping[Path, Origin]

    def origin(self, path: Path) -> Origin:
        """Return where a value was written, alone or with what holds it, else the default."""
        default = Origin(source=Source.DEFAULT, form="default")
        inner: Any = self.written
        for word in path:
            if not (isinstance(inner, list) or (isinstance(inner, dict) and word in inner)):
                return default
            key: Any = word
            inner = inner[key]
        return _origin(self.origins, path, default)


def read_settings(
    model: type[Model], *, name: str, text: str, environment: Mapping[str, str], prefix: str
) -> Model:
    """Validate the TOML `text` of the file `name` after applying `<prefix><SECTION>__<KEY>` variables.

    Raises `SettingsFaults`.
    """
    telling = Telling()
    file = toml_layer(name, text, telling=telling)
    return read_layers(model, (file, variables(model, environment, prefix, telling)), name, telling).settings


def toml_layer(name: str, text: str, source: Source = Source.FILE, *, telling: Telling) -> Layer:
    """Read a TOML text as a layer; raises `SettingsFaults`."""
    try:
        return file_layer(name, text, source)
    except NO_TOML as error:
        raise SettingsFaults(
            telling.syntax(Origin(source=source, form="file", name=name), str(error), text)
        ) from None


def variables(
    model: type[SettingsModel], environment: Mapping[str, str], prefix: str, telling: Telling
) -> Layer:
    """Read the variables `<prefix><SECTION>__<KEY>` as a layer; raises `SettingsFaults`.

    A value is read as TOML where it is TOML (`1884`, `true`, `["a"]`) and no text is asked for, else as text.
    """
    try:
        return environment_layer(environment, prefix, lambda path: kind_of(model, path))
    except InTheWay as found:
        raise SettingsFaults(_in_the_way(found, telling)) from None


def read_layers(model: type[Model], layers: tuple[Layer, ...], name: str, telling: Telling) -> Loaded[Model]:
    """Validate what the layers say together, the last on top.

    `name` is the file that faults without a place are told of. Raises `SettingsFaults`.
    """
    try:
        values, origins = merged(layers)
    except InTheWay as found:
        raise SettingsFaults(_in_the_way(found, telling)) from None
    errors = list(_empty_paths(model, values))
    try:
        settings = model.model_validate_json(json.dumps(values, default=_no_setting))
    except ValidationError as error:
        errors += [dict(found) for found in error.errors()]
    if errors:
        nowhere = Origin(source=Source.FILE, form="file", name=name)
        faults = [telling.invalid(model, error, _origin(origins, error["loc"], nowhere)) for error in errors]
        raise SettingsFaults(*sorted(faults, key=lambda fault: (fault.origin.line or 0, fault.key)))
    return Loaded(settings, values, origins)


def kind_of(model: type[SettingsModel], path: Path) -> str:
    """Return JSON Schema's word for what a key takes, an empty text for tables and unknown keys."""
    owner, info = declared(model, path)
    return "" if info is None or not path else str(schema_of(owner, path[-1]).get("type", ""))


def _in_the_way(found: InTheWay, telling: Telling) -> Fault:
    return telling.fault(found.origin, (), telling.words("setting.no_table"))


def _origin(origins: Mapping[Path, Origin], path: Path, otherwise: Origin) -> Origin:
    return next((origins[path[:n]] for n in range(len(path), 0, -1) if path[:n] in origins), otherwise)


def _no_setting(_date: object) -> float:
    """Stand for a date or time of TOML by a value that no key takes."""
    return math.nan


def _empty_paths(
    model: type[SettingsModel], values: Mapping[str, Any], above: Path = ()
) -> Iterator[dict[str, Any]]:
    """Yield an error for every empty path: it would be the folder the program happens to be started in."""
    for key, info in model.model_fields.items():
        value, inner, path = values.get(key), table_of(info), (*above, key)
        if inner is not None and isinstance(value, dict):
            yield from _empty_paths(inner, value, path)
        elif info.annotation is pathlib.Path and isinstance(value, str) and not value.strip():
            problem = "expected a path, not an empty text"
            yield {"loc": path, "type": "value_error", "ctx": {"error": problem}}
