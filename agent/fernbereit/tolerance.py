"""How does an older reader take a newer message? Unknown values become `other`, unknown fields are dropped.

Both are counted while a `counting()` block is open, so that nobody loses them silently.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict


@dataclass(slots=True)
class Tolerated:
    """What was let pass in one `counting()` block."""

    values: int = 0
    fields: int = 0


_open_count: ContextVar[Tolerated | None] = ContextVar("tolerated", default=None)


class counting:  # noqa: N801 - reads as the block it opens; a generator would cost more than what it counts
    """Count the unknown values met while reading messages inside the block."""

    __slots__ = ("_token",)

    def __enter__(self) -> Tolerated:
        tolerated = Tolerated()
        self._token = _open_count.set(tolerated)
        return tolerated

    def __exit__(self, *_: object) -> None:
        _open_count.reset(self._token)


class OpenEnum(StrEnum):
    """An enumeration that may grow: a word this version does not know reads as `other`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        tolerated = _open_count.get()
        if tolerated is not None:
            tolerated.values += 1
        return cls("other")


class OpenModel(BaseModel):
    """A message part that may grow: fields this version does not know are held apart until dropped."""

    model_config = ConfigDict(extra="allow", frozen=True, ser_json_inf_nan="null", allow_inf_nan=False)


@cache
def _nested_fields(model: type[OpenModel]) -> tuple[str, ...]:
    def holds_model(annotation: Any) -> bool:
        if isinstance(annotation, type) and issubclass(annotation, OpenModel):
            return True
        return any(holds_model(part) for part in get_args(annotation))

    return tuple(name for name, info in model.model_fields.items() if holds_model(info.annotation))


def drop_unknown_fields(message: OpenModel) -> int:
    """Remove every field this version does not know, nested ones included; return how many there were."""
    dropped = 0
    extra = message.__pydantic_extra__
    if extra:
        dropped = len(extra)
        extra.clear()
    values = message.__dict__
    for name in _nested_fields(type(message)):
        value = values[name]
        if isinstance(value, OpenModel):
            dropped += drop_unknown_fields(value)
        elif value is not None:
            dropped += sum(drop_unknown_fields(part) for part in value if isinstance(part, OpenModel))
    return dropped
