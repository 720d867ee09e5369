"""Whose device is it, as the inventory says? A unit and a kind in words; never a person."""

from fernbereit.words import Words
from fernbereit_server.console.wording import pick
from fernbereit_server.metrics.family import NO_UNIT


def unit_of(unit: str | None, words: Words) -> str:
    """Return the unit by its name, or that there is none."""
    return words("place.no_unit") if unit in (None, "", NO_UNIT) else str(unit)


def kind_of(kind: str | None, words: Words) -> str:
    """Return how the device is used, or that nobody said."""
    return pick(words, "kind", kind) if kind else words("value.unknown")
