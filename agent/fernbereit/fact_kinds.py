"""What kind of value does a fact have, and who may see it? Policies ask, since they judge facts by path."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from fernbereit.facts import SECTIONS
from fernbereit.field import Visibility, declaration
from fernbereit.tolerance import OpenEnum, OpenModel


class Kind(StrEnum):
    """What a value is, as far as an expectation can ask for it."""

    TRUTH = "truth"
    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    DAY = "day"
    LIST = "list"
    GROUP = "group"
    """Several named values, as an item of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """One fact, or one item of a list."""

    kind: Kind
    visibility: Visibility
    words: tuple[str, ...] = ()
    """What a `WORD` can be."""
    items: "FactKind | None" = None
    """What a `LIST` holds."""
    parts: Mapping[str, "FactKind"] = field(default_factory=dict)
    """What a `GROUP` holds, by name."""


@cache
def facts() -> Mapping[str, FactKind]:
    """Return every fact a policy can name, by `<section>.<field>`."""
    return MappingProxyType(
        {
            f"{section}.{name}": kind
            for section, model in SECTIONS.items()
            for name, kind in _parts(model).items()
        }
    )


def _parts(model: type[OpenModel]) -> dict[str, FactKind]:
    return {name: _of(info) for name, info in model.model_fields.items()}


def _of(info: FieldInfo) -> FactKind:
    _, _, visibility = declaration(info)
    return _kind(info.annotation, visibility)


def _kind(annotation: Any, visibility: Visibility) -> FactKind:
    if get_origin(annotation) is tuple:
        return FactKind(
            kind=Kind.LIST, visibility=visibility, items=_kind(get_args(annotation)[0], visibility)
        )
    if not isinstance(annotation, type):
        inner = next(part for part in get_args(annotation) if part is not type(None))
        return _kind(inner, visibility)
    if issubclass(annotation, OpenModel):
        return FactKind(kind=Kind.GROUP, visibility=visibility, parts=_parts(annotation))
    if issubclass(annotation, OpenEnum):
        return FactKind(kind=Kind.WORD, visibility=visibility, words=tuple(word.value for word in annotation))
    for plain, kind in ((bool, Kind.TRUTH), (date, Kind.DAY), (str, Kind.TEXT)):
        if issubclass(annotation, plain):
            return FactKind(kind=kind, visibility=visibility)
    return FactKind(kind=Kind.NUMBER, visibility=visibility)
