"""What is kept in memory of a device's facts, and which counts are made of it?

A `Trait` reduces the facts of one section to one word, kept for every device. A `Family` is one published
count: how many devices of a group say which word. A word that is not known is `unknown`, a word of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fernbereit.record import Outcome

UNKNOWN = "unknown"
"""Published for every device whose word is not known; never added to a good or a bad word."""

OTHER_UNITS = "other units"
"""Unit of the devices of all units of a site that are too small to be counted alone."""
OTHER_SITES = "other sites"
"""Site of the devices of all sites that are too small to be counted alone."""
NO_UNIT = "no unit"
NO_SITE = "no site"

Level = Literal["unit", "fleet"]
Source = Literal["devices", "trait", "freshness", "reading", "outcome"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trait:
    """One word about a device, taken from the facts of one section.

    `of` gets the section's facts (a model of `fernbereit.facts`) and returns one of `words`, or None for
    "not known". A trait without `words` is a day in ISO notation, which its family compares with today's.
    `absent` is the word for a section whose outcome is `absent`, where that says something.
    """

    name: str
    section: str
    words: tuple[str, ...]
    of: Callable[[Any], str | None]
    absent: str | None = None

    def word(self, outcome: Outcome, facts: Any | None) -> str | None:
        """Return the word of one observation, or None where it is not known."""
        if outcome is Outcome.ABSENT:
            return self.absent
        if outcome is not Outcome.OK or facts is None:
            return None
        return self.of(facts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One published count of devices: a metric name, one label with a closed list of words.

    `level` says how fine it is published: by site and unit, or for the whole fleet only. A family by unit
    is published for the fleet as well, under `fleet_name`. `source` says where the word of a device comes
    from: its trait `trait`, its freshness, how completely it was read, the outcome of `section`, or (for
    `devices`) nothing but its being there. `say` turns a trait that is a day into a word, given today.
    """

    name: str
    help: str
    level: Level
    source: Source
    label: str | None = None
    words: tuple[str, ...] = ()
    trait: str | None = None
    section: str | None = None
    say: Callable[[str, date], str] | None = None

    @property
    def fleet_name(self) -> str:
        """Return the metric name of the fleet-wide count."""
        if self.level == "fleet":
            return self.name
        return self.name.replace("fernbereit_devices", "fernbereit_fleet_devices", 1)

    @property
    def key(self) -> str:
        """Return what tells this family from all others, also in the store: `name` or `name:section`."""
        return f"{self.name}:{self.section}" if self.section else self.name


def known(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the published words of a trait: its own and `unknown`."""
    return (*words, UNKNOWN)


def yes_no(value: bool | None) -> str | None:  # noqa: FBT001 - a fact, not a switch
    """Return `yes`, `no`, or None for "asked, not known"."""
    return None if value is None else ("yes" if value else "no")
