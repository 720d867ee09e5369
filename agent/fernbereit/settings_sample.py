"""What does a settings file with every key look like? Each with its description, limits and default."""

import textwrap

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from fernbereit.settings_faults import Telling
from fernbereit.settings_model import SettingsModel, table_of, toml_line

_WIDTH = 100


def sample(model: type[SettingsModel], head: str) -> str:
    """Return TOML in which every key stands as a comment: loaded as it is, it changes nothing."""
    lines = [f"# {line}" for line in textwrap.wrap(head, _WIDTH)]
    return "\n".join([*lines, *_table(model, "")]) + "\n"


def _table(model: type[SettingsModel], name: str) -> list[str]:
    lines: list[str] = []
    inner: list[tuple[str, FieldInfo, type[SettingsModel]]] = []
    for key, info in model.model_fields.items():
        table = table_of(info)
        if table is not None:
            inner.append((key, info, table))
            continue
        lines += ["", *(f"# {line}" for line in textwrap.wrap(_about(model, key, info), _WIDTH))]
        lines.append(f"#{toml_line(key, _value(info))}")
    for key, info, table in inner:
        path = f"{name}{key}"
        if isinstance(info.annotation, type):
            lines += ["", f"[{path}]", f"# {_sentence(table.__doc__ or '')}", *_table(table, f"{path}.")]
        else:
            lines += ["", f"# {_sentence(info.description or '')} One block each:", f"#[[{path}]]"]
            lines += _table(table, f"{path}.")
    return lines


def _about(model: type[SettingsModel], key: str, info: FieldInfo) -> str:
    kind = Telling().expected(model, (key,), described=False)
    need = "" if not info.is_required() else ", required"
    unset = ", else unset" if info.default is None else ""
    return _sentence(f"{info.description or key} ({kind}{need}{unset})")


def _value(info: FieldInfo) -> object:
    if info.examples and info.default in (None, PydanticUndefined):
        return info.examples[0]
    return info.default


def _sentence(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text[:1].upper() + text[1:] + "."
