"""Why is this field read, how long is it kept, who sees it?

Every field of every section is declared with `fact(...)`; the privacy catalogue, the manifest and the
documentation are generated from these declarations. `tests/architecture` fails for a field without them.
"""

from enum import StrEnum
from typing import Any, cast

from pydantic import Field
from pydantic.fields import FieldInfo


class Purpose(StrEnum):
    """What a field is needed for; a field that serves none of these is not read."""

    EQUIPMENT = "equipment"
    PROTECTION = "protection"
    MANAGEMENT = "management"
    REMOTE_ACCESS = "remote_access"
    CONNECTION = "connection"
    COLLABORATION = "collaboration"
    MATCHING = "matching"
    OPERATION = "operation"


class Retention(StrEnum):
    """How long the collector keeps a value. There is no history of values."""

    OVERWRITTEN = "overwritten"
    """Until the next observation replaces it; erased 30 days after the device is retired."""


class Visibility(StrEnum):
    """Who can see the value of one device."""

    DEVICE = "device"
    """Service desk and operations on the page of one device; others only in published counts."""
    COUNTED = "counted"
    """Nobody: it leaves the collector only as a count over ten or more devices."""
    INTERNAL = "internal"
    """Nobody: the collector compares it and never shows it."""


def fact(
    *,
    purpose: Purpose,
    visibility: Visibility = Visibility.DEVICE,
    retention: Retention = Retention.OVERWRITTEN,
    **constraints: Any,
) -> Any:
    """Declare one field of a section; `None` means "asked, not known".

    Constraints are pydantic's own (`ge`, `le`, `max_length` ...).
    """
    declared = {"purpose": purpose, "retention": retention, "visibility": visibility}
    default = constraints.pop("default", None)
    return Field(default=default, json_schema_extra=cast("dict[str, Any]", declared), **constraints)


def declaration(info: FieldInfo) -> tuple[Purpose, Retention, Visibility]:
    """Return what `fact` declared; raises `KeyError` for a field declared without it."""
    extra = info.json_schema_extra
    if not isinstance(extra, dict):
        raise KeyError("purpose")
    return (
        Purpose(str(extra["purpose"])),
        Retention(str(extra["retention"])),
        Visibility(str(extra["visibility"])),
    )
