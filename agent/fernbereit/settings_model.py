"""How are settings declared? As frozen tables of pydantic, each key with kind, limits and a description."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from fernbereit.toml_lines import Path


class SettingsModel(BaseModel):
    """Base of every table of a settings file: frozen, strict, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def table_of(info: FieldInfo | None) -> type[SettingsModel] | None:
    """Return the table a key holds (or holds several of), or None for a plain value."""
    if info is None:
        return None
    parts = (info.annotation, *getattr(info.annotation, "__args__", ()))
    return next((p for p in parts if isinstance(p, type) and issubclass(p, SettingsModel)), None)


def declared(model: type[SettingsModel], path: Path) -> tuple[type[SettingsModel], FieldInfo | None]:
    """Return the table that declares the last word of `path`, and its declaration if there is one."""
    info: FieldInfo | None = None
    for position, word in enumerate(path):
        if isinstance(word, int):
            continue
        info = model.model_fields.get(word)
        inner = table_of(info)
        if inner is not None and position < len(path) - 1:
            model = inner
    return model, info


def schema_of(owner: type[SettingsModel], key: str | int) -> dict[str, Any]:
    """Return what JSON Schema says of one key; of alternatives the first, since the others are null."""
    schema = owner.model_json_schema()["properties"].get(str(key), {})
    return {**schema, **schema.get("anyOf", [{}])[0]}


def toml_line(key: str | int, value: Any) -> str:
    """Write one `key = value`; JSON's notation of texts, numbers, booleans and lists is TOML's."""
    return f"{key} = {json.dumps(value, ensure_ascii=False, default=str)}"
