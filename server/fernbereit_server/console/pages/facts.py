"""How is a section's content shown? Every field by its label; unknown in grey, counted-only by name alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from fernbereit.facts import SECTIONS
from fernbereit.facts.disk_encryption import EncryptionState
from fernbereit.field import Visibility
from fernbereit.fields import FieldEntry, fields
from fernbereit.tolerance import OpenModel
from fernbereit.words import Words
from fernbereit_server.console.formatting import dated, duration, number, percent, size, trimmed

_TITLES = ("name", "model", "provider")
"""Fields whose value names one item of a list."""


_MOOT = {
    "failure": ("reachable", True),
    "method": ("state", EncryptionState.NOT_ENCRYPTED),
    "tpm_version": ("tpm_present", False),
}
"""Fields that have nothing to say while another one has this value: what was reached did not fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """One labelled value; `known` is false for what was asked and not answered."""

    label: str
    value: str
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One item of a list, such as one of two batteries."""

    title: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentView:
    """The fields of one section, and the labels of those that are never shown for one device."""

    facts: tuple[FactView, ...]
    parts: tuple[PartView, ...]
    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What it takes to write a value: the console's words, the shared words, and today."""

    own: Words
    shared: Words
    today: date


def content(section: str, facts: Mapping[str, Any] | None, speech: Speech) -> ContentView:
    """Lay out the facts of a section; without facts only the counted-only labels remain.

    Only fields declared `Visibility.DEVICE` are read from `facts`, whatever it holds.
    """
    entries = tuple(entry for entry in fields() if entry.section == section)
    counted = tuple(speech.shared.label(e) for e in entries if e.visibility is Visibility.COUNTED)
    if facts is None:
        return ContentView(facts=(), parts=(), counted=counted)
    seen = SECTIONS[section].model_validate(dict(facts))
    shown: list[FactView] = []
    parts: list[PartView] = []
    for entry in entries:
        if entry.visibility is not Visibility.DEVICE or "." in entry.path:
            continue
        value = getattr(seen, entry.path)
        if _moot(entry.path, seen):
            continue
        inner = tuple(e for e in entries if e.path.startswith(f"{entry.path}."))
        if inner and value:
            parts.extend(_part(inner, item, place, speech) for place, item in enumerate(value, 1))
        else:
            shown.append(_fact(entry, value, speech))
    return ContentView(facts=tuple(shown), parts=tuple(parts), counted=counted)


def unknown(label: str, speech: Speech) -> FactView:
    """Return a value that is not known: the word, and no look of good or bad."""
    return FactView(label=label, value=speech.own("value.unknown"), known=False)


def _part(inner: tuple[FieldEntry, ...], item: OpenModel, place: int, speech: Speech) -> PartView:
    named = {e.path.rpartition(".")[2]: e for e in inner if e.visibility is Visibility.DEVICE}
    title = next(
        (
            _text(name, value, speech)
            for name in _TITLES
            if name in named and (value := getattr(item, name)) is not None
        ),
        speech.own("value.item", n=place),
    )
    return PartView(
        title=title,
        facts=tuple(
            _fact(e, getattr(item, name), speech)
            for name, e in named.items()
            if name not in _TITLES and not _moot(name, item)
        ),
    )


def _moot(name: str, item: OpenModel) -> bool:
    other, value = _MOOT.get(name, ("", None))
    return getattr(item, name) is None and bool(other) and getattr(item, other) is value


def _fact(entry: FieldEntry, value: object, speech: Speech) -> FactView:
    label = speech.shared.label(entry)
    if value is None:
        return unknown(label, speech)
    return FactView(label=label, value=_text(entry.path.rpartition(".")[2], value, speech))


def _text(name: str, value: object, speech: Speech) -> str:
    words = speech.own
    match value:
        case bool():
            return words("value.yes" if value else "value.no")
        case StrEnum():
            return speech.shared.word(value)
        case date():
            return dated(value, speech.today, words)
        case int() | float():
            return _quantity(name, value, words)
        case tuple():
            return ", ".join(_text(name, item, speech) for item in value) or words("value.none")
        case _:
            return str(value)


def _quantity(name: str, value: float, words: Words) -> str:
    if name.endswith("_bytes"):
        return size(value, words)
    if name.endswith("_ratio"):
        return percent(value, words)
    if name.endswith("_s"):
        return duration(value, words)
    if name.endswith("_wh"):
        return words("unit.wh", n=trimmed(value, words))
    return number(value, words) if isinstance(value, int) else trimmed(value, words)
