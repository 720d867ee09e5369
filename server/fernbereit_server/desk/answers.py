"""What may be seen of one device? Nothing finer than a day, and only facts declared to be shown."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from fernbereit.field import Visibility, declaration
from fernbereit.tolerance import OpenModel
from fernbereit_server.publication.census import PublishedFreshness


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class DeviceRow(_Answer):
    """One line of a list. `code` and `device_id` are None for a device that never reported.

    `ref` opens it: its code, or its label as long as it has none.
    """

    ref: str
    code: str | None
    device_id: str | None
    label: str | None
    unit: str | None
    site: str | None
    kind: str | None
    status: str
    freshness: PublishedFreshness


class DevicePage(_Answer):
    """A part of a list; `next` continues it, None at its end."""

    rows: tuple[DeviceRow, ...]
    next: str | None


class SectionDetail(_Answer):
    """The latest look at one section; `facts` only where the outcome is `ok`, null for "asked, not known"."""

    section: str
    outcome: str
    reason: str | None
    observed_days_ago: int
    facts: dict[str, Any] | None


class DeviceDetail(DeviceRow):
    """Everything that may be seen of one device; no sections if it never reported."""

    first_seen_days_ago: int | None
    sections: tuple[SectionDetail, ...]


def visible(facts: OpenModel) -> dict[str, Any]:
    """Return what may be seen of one device: fields declared `Visibility.DEVICE`, nested ones alike."""
    return {
        name: _plain(getattr(facts, name))
        for name, info in type(facts).model_fields.items()
        if declaration(info)[2] is Visibility.DEVICE
    }


def _plain(value: Any) -> Any:
    if isinstance(value, OpenModel):
        return visible(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
