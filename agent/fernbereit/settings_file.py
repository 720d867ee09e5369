"""How does a TOML file with environment overrides become settings, and what does a wrong one say?

Every fault of the file is told at once: file, key, line, what was expected, an example. Values are never
repeated in a message, since one of them may be a secret.
"""

import json
import math
import pathlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from fernbereit.nearest import nearest
from fernbereit.toml_lines import Path, key_lines

Model = TypeVar("Model", bound="SettingsModel")

_SYNTAX = re.compile(r"^(.*?) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_PHRASES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "a text",
    "array": "a list",
}


class SettingsModel(BaseModel):
    """Base of every table of a settings file: frozen, strict, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, and what would be right."""

    where: str
    line: int | None
    key: str
    problem: str
    example: str = ""

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}, line {self.line}"
        key = f": {self.key}" if self.key else ""
        example = f" Example: {self.example}" if self.example else ""
        stop = "" if self.problem.endswith("?") else "."
        return f"{place}{key}: {self.problem}{stop}{example}"


class SettingsFaults(ValueError):  # noqa: N818 - a list of faults
    """The settings cannot be used; `str()` is one line a fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_settings(
    model: type[Model], *, name: str, text: str, environment: Mapping[str, str], prefix: str
) -> Model:
    """Validate the TOML `text` of the file `name` after applying `<prefix><SECTION>__<KEY>` variables.

    A variable's value is read as TOML where it is TOML (`1884`, `true`, `["a"]`), else as text.
    Raises `SettingsFaults`.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsFaults(_syntax_fault(name, str(error), text)) from None
    overridden: dict[Path, str] = {}
    for variable in sorted(environment):
        if variable.startswith(prefix) and len(variable) > len(prefix):
            path = tuple(variable.removeprefix(prefix).lower().split("__"))
            if not _put(values, path, _toml_value(environment[variable])):
                problem = "expected to name a key of a table"
                raise SettingsFaults(
                    Fault(where=f"environment variable {variable}", line=None, key="", problem=problem)
                )
            overridden[path] = variable
    errors = list(_empty_paths(model, values))
    try:
        settings = model.model_validate_json(json.dumps(values, default=_no_setting))
    except ValidationError as error:
        errors += [dict(found) for found in error.errors()]
    if errors:
        lines = key_lines(text)
        faults = [_fault(model, error, name, lines, overridden) for error in errors]
        raise SettingsFaults(*sorted(faults, key=lambda fault: (fault.line or 0, fault.key)))
    return settings


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


def _syntax_fault(name: str, message: str, text: str) -> Fault:
    found = _SYNTAX.match(message)
    what = found[1] if found else message
    line = int(found[2]) if found and found[2] else max(1, len(text.splitlines()))
    problem = f"expected TOML, one key = value a line ({what[:1].lower()}{what[1:]})"
    return Fault(where=name, line=line, key="", problem=problem, example='host = "127.0.0.1"')


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> bool:
    for word in path[:-1]:
        inner = values.setdefault(word, {})
        if not isinstance(inner, dict):
            return False
        values = inner
    values[path[-1]] = value
    return True


def _fault(
    model: type[SettingsModel],
    error: dict[str, Any],
    name: str,
    lines: Mapping[Path, int],
    overridden: Mapping[Path, str],
) -> Fault:
    path: Path = error["loc"]
    owner, info = _declared(model, path)
    example = _example(path[-1], info) if path and info else ""
    if error["type"] == "extra_forbidden":
        near = nearest(str(path[-1]), owner.model_fields)
        problem = "unknown key" + (f", did you mean {near}?" if near else "")
        problem += f", known here: {', '.join(owner.model_fields)}" if not near else ""
        example = _example(near, owner.model_fields[near]) if near else ""
    elif error["type"] == "value_error":
        problem = str(error["ctx"]["error"])
    elif error["type"] == "missing":
        problem = "is missing, expected " + expected(owner, path[-1])
    else:
        problem = "expected " + expected(owner, path[-1]) if path and info else "expected a table"
    variable = _variable(path, lines, overridden)
    if variable is not None:
        where = f"environment variable {variable}"
        return Fault(where=where, line=None, key=_dotted(path), problem=problem, example=example)
    line = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)
    return Fault(where=name, line=line, key=_dotted(path), problem=problem, example=example)


def _variable(path: Path, lines: Mapping[Path, int], overridden: Mapping[Path, str]) -> str | None:
    """Return the variable that set what stands at `path`, or made the table that the file does not have."""
    for n in range(len(path), 0, -1):
        if path[:n] in overridden:
            return overridden[path[:n]]
    if not path or path in lines:
        return None
    return next((name for set_path, name in overridden.items() if set_path[: len(path)] == path), None)


def _dotted(path: Path) -> str:
    text = ".".join(str(word + 1) if isinstance(word, int) else word for word in path)
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", text)


def _declared(model: type[SettingsModel], path: Path) -> tuple[type[SettingsModel], FieldInfo | None]:
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


def table_of(info: FieldInfo | None) -> type[SettingsModel] | None:
    """Return the table a key holds (or holds several of), or None for a plain value."""
    if info is None:
        return None
    parts = (info.annotation, *getattr(info.annotation, "__args__", ()))
    return next((p for p in parts if isinstance(p, type) and issubclass(p, SettingsModel)), None)


def toml_line(key: str | int, value: Any) -> str:
    """Write one `key = value`; JSON's notation of texts, numbers, booleans and lists is TOML's."""
    return f"{key} = {json.dumps(value, ensure_ascii=False, default=str)}"


def _example(key: str | int, info: FieldInfo) -> str:
    if table_of(info) is not None:
        return str((info.examples or [""])[0])
    if info.examples:
        return toml_line(key, info.examples[0])
    return "" if info.default in (None, ...) or info.is_required() else toml_line(key, info.default)


def expected(owner: type[SettingsModel], key: str | int, *, described: bool = True) -> str:
    """Say what a key takes: kind, limits and, if `described`, its description."""
    schema = owner.model_json_schema()["properties"].get(str(key), {})
    schema = {**schema, **schema.get("anyOf", [{}])[0]}
    what = _PHRASES.get(schema.get("type", ""), "a table")
    if "enum" in schema:
        what = "one of " + ", ".join(f'"{word}"' for word in schema["enum"])
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        what += f" from {low:g} to {high:g}"
    elif low is not None:
        what += f", at least {low:g}"
    return f"{what} ({schema['description']})" if described and "description" in schema else what
