"""What does a wrong setting say? Where it stands, what was expected and an example, in German or English.

Values are never repeated in a message, since one of them may be a secret.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic.fields import FieldInfo

from fernbereit.nearest import nearest
from fernbereit.settings_layers import Origin
from fernbereit.settings_model import SettingsModel, declared, schema_of, table_of, toml_line
from fernbereit.toml_lines import Path
from fernbereit.words import Words, load

_SYNTAX = re.compile(r"^(.*?) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_KINDS = {
    "integer": "setting.integer",
    "number": "setting.number",
    "boolean": "setting.boolean",
    "string": "setting.string",
    "array": "setting.array",
}
_FORMS = {
    "date": "setting.form.day",
    r"^[!-~]([ -~]{0,98}[!-~])?$": "setting.form.ascii_line",
    r"^[0-9a-f]{64}$": "setting.form.public_key",
    r"^([0-9a-f]{2}){16,64}$": "setting.form.secret_key",
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": "setting.form.uuid",
    r"^[A-Za-z0-9.:_-]{1,253}$": "setting.form.host",
    r"^[a-z0-9][a-z0-9_-]{0,31}$": "setting.form.name",
    r"^[^\x00-\x1f\x7f]*$": "setting.form.line",
}
"""What a text of this format or pattern looks like, in words; "a text" would help nobody who wrote one."""
_PLACES = {
    "default": "setting.in.default",
    "file": "setting.in.file",
    "option": "setting.in.option",
    "plist": "setting.in.plist",
    "registry": "setting.in.registry",
    "variable": "setting.in.variable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; `text` is the whole message."""

    origin: Origin
    key: str
    text: str

    def __str__(self) -> str:
        return self.text


class SettingsFaults(ValueError):  # noqa: N818 - a list of faults
    """The settings cannot be used; `str()` is one line a fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Telling:
    """The language of messages. `about` has descriptions by dotted key, and problems by their English text.

    What is not in `about` is told as it was declared, in English.
    """

    words: Words = field(default_factory=lambda: load("en"))
    about: Mapping[str, str] = field(default_factory=dict)

    def fault(self, origin: Origin, path: Path, problem: str, example: str = "") -> Fault:
        """Return a fault with its message."""
        key = dotted(path)
        stop = "" if problem.endswith("?") else "."
        place = f"{self.place(origin)}: {key}" if key else self.place(origin)
        text = f"{place}: {problem}{stop}"
        if example:
            text = self.words("setting.example", text=text, example=example)
        return Fault(origin=origin, key=key, text=text)

    def place(self, origin: Origin) -> str:
        """Say where a value stands."""
        where = self.words(_PLACES[origin.form], name=origin.name, place=origin.place)
        return where if origin.line is None else self.words("setting.line", where=where, line=origin.line)

    def invalid(self, model: type[SettingsModel], error: Mapping[str, Any], origin: Origin) -> Fault:
        """Return what an error of pydantic means."""
        path: Path = error["loc"]
        owner, info = declared(model, path)
        example = _example(path[-1], info) if path and info else ""
        kind = str(error["type"])
        if kind == "extra_forbidden":
            near = nearest(str(path[-1]), owner.model_fields)
            names = ", ".join(owner.model_fields)
            problem = self.words("setting.nearest" if near else "setting.known", near=near, names=names)
            example = _example(near, owner.model_fields[near]) if near else ""
        elif kind == "missing":
            problem = self.words("setting.missing", what=self.expected(model, path))
        elif kind == "value_error":
            problem = str(error["ctx"]["error"])
            problem = self.about.get(problem, problem)
        else:
            what = self.expected(model, path) if path and info else self.words("setting.table")
            problem = self.words("setting.expected", what=what)
        return self.fault(origin, path, problem, example)

    def syntax(self, origin: Origin, error: str, text: str) -> Fault:
        """Return what is wrong with a text that is no TOML; tomllib tells it in English."""
        found = _SYNTAX.match(error)
        what = found[1] if found else error
        line = int(found[2]) if found and found[2] else max(1, len(text.splitlines()))
        problem = self.words("setting.toml", what=f"{what[:1].lower()}{what[1:]}")
        at = Origin(source=origin.source, form=origin.form, name=origin.name, line=line)
        return self.fault(at, (), problem, 'host = "127.0.0.1"')

    def expected(self, model: type[SettingsModel], path: Path, *, described: bool = True) -> str:
        """Say what a key takes: kind and limits; if `described`, the form of a text and its description."""
        owner, info = declared(model, path)
        schema = schema_of(owner, path[-1])
        kind = _KINDS.get(schema.get("type", ""), "setting.table")
        form = _FORMS.get(schema.get("pattern") or schema.get("format", ""), kind) if described else kind
        what = self.words(form)
        if "enum" in schema:
            what = self.words("setting.one_of", names=", ".join(f'"{word}"' for word in schema["enum"]))
        low, high = schema.get("minimum"), schema.get("maximum")
        if low is not None and high is not None:
            what = self.words("setting.between", what=what, low=f"{low:g}", high=f"{high:g}")
        elif low is not None:
            what = self.words("setting.at_least", what=what, low=f"{low:g}")
        about = self.described(path, info)
        return f"{what} ({about})" if described and about else what

    def described(self, path: Path, info: FieldInfo | None) -> str:
        """Return the description of a key."""
        key = ".".join(word for word in path if isinstance(word, str))
        return self.about.get(key) or (info.description if info is not None else None) or ""


def dotted(path: Path) -> str:
    """Write a path as people do: blocks of a list count from 1.

    >>> dotted(("probes", "targets", 0, "host"))
    'probes.targets[1].host'
    """
    text = ".".join(str(word + 1) if isinstance(word, int) else word for word in path)
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", text)


def _example(key: str | int, info: FieldInfo) -> str:
    if table_of(info) is not None:
        return str((info.examples or [""])[0])
    if info.examples:
        return toml_line(key, info.examples[0])
    return "" if info.default in (None, ...) or info.is_required() else toml_line(key, info.default)
