"""Which fields can leave a laptop? Every field of every section, nested ones too, with what it declares."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from fernbereit.facts import SECTIONS
from fernbereit.field import Purpose, Retention, Visibility, declaration
from fernbereit.tolerance import OpenEnum, OpenModel


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEntry:
    """One field; `path` is `health_ratio` or, inside a list, `packs.health_ratio`."""

    section: str
    path: str
    purpose: Purpose
    retention: Retention
    visibility: Visibility
    words: type[OpenEnum] | None
    """The enumeration a value comes from, if it is one."""

    @property
    def key(self) -> str:
        """Return the key of the label in the word catalogue; the reason's key is this plus `.why`."""
        return f"field.{self.section}.{self.path}"


def fields() -> tuple[FieldEntry, ...]:
    """Return every field in the order of `SECTIONS`, a list before the fields of its items.

    Raises `KeyError` for a field that was declared without `fernbereit.field.fact`.
    """
    return tuple(entry for name, model in SECTIONS.items() for entry in _walk(name, model, ""))


def enums() -> tuple[type[StrEnum], ...]:
    """Return every enumeration a field can hold, each once, in order of appearance."""
    found = [entry.words for entry in fields() if entry.words is not None]
    return tuple(dict.fromkeys(found))


def enum_key(kind: type[StrEnum]) -> str:
    """Return the word catalogue's name of an enumeration.

    >>> from fernbereit.facts.network import LinkType
    >>> enum_key(LinkType)
    'link_type'
    """
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")


def _walk(section: str, model: type[OpenModel], prefix: str) -> Iterator[FieldEntry]:
    for name, info in model.model_fields.items():
        try:
            purpose, retention, visibility = declaration(info)
        except KeyError:
            raise KeyError(f"{section}.{prefix}{name} is declared without fact(purpose=...)") from None
        kinds = tuple(_classes(info.annotation))
        yield FieldEntry(
            section=section,
            path=prefix + name,
            purpose=purpose,
            retention=retention,
            visibility=visibility,
            words=next((kind for kind in kinds if issubclass(kind, OpenEnum)), None),
        )
        for nested in kinds:
            if issubclass(nested, OpenModel):
                yield from _walk(section, nested, f"{prefix}{name}.")


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _classes(part)
