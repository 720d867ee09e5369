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
Source = Literal[
    "devices",
    "trait",
    "freshness",
    "reading",
    "outcome",
    "capability",
    "verdict",
    "compliance",
    "fix",
    "pillar",
    "check",
    "counted_check",
    "last_blocker",
    "contested",
    "ready_until",
    "lifecycle",
]
DAILY: frozenset[Source] = frozenset({"freshness", "lifecycle", "counted_check"})
"""What comes near somebody's behaviour is counted once a day, all else at every tick."""


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
        if outcome is Outcome.OK:
            return None if facts is None else self.of(facts)
        return self.absent if outcome is Outcome.ABSENT else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One published count of devices: a metric name, one label with a closed list of words.

    `level` says how fine it is published: by site and unit, or for the whole fleet only. A family by unit
    is published for the fleet as well, under `fleet_name`; with `cells_only` its units are kept and drilled
    with, but not exposed to Prometheus. `source` says where the word of a device comes from: its trait
    `trait`, a section or check named by `part`, its judgement, or (for `devices`) nothing but its being
    there. `say` turns a trait that is a day into a word, given today. With `leaves_rest` devices that say
    none of `words` are counted, for rounding, but have no cell.

    `sums` gives words that are not counted but added up from published words of the family `summed_from`:
    what can be computed from published numbers tells nothing that they do not.
    """

    name: str
    help: str
    level: Level
    source: Source
    label: str | None = None
    words: tuple[str, ...] = ()
    trait: str | None = None
    part_label: str = ""
    part: str = ""
    say: Callable[[str, date], str] | None = None
    leaves_rest: bool = False
    cells_only: bool = False
    smallest: int = 0
    """The smallest group for this family, where that is more than k."""
    summed_from: str = ""
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def fleet_name(self) -> str:
        """Return the metric name of the fleet-wide count."""
        if self.level == "fleet":
            return self.name
        return self.name.replace("fernbereit_devices", "fernbereit_fleet_devices", 1)

    @property
    def key(self) -> str:
        """Return what tells this family from all others, also in the store: `name` or `name:part`."""
        return f"{self.name}:{self.part}" if self.part else self.name

    @property
    def is_summed(self) -> bool:
        """Tell whether every word is added up, so that nothing is counted for it."""
        return bool(self.sums) and {word for word, _ in self.sums} == set(self.words)


def known(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the published words of a trait: its own and `unknown`."""
    return (*words, UNKNOWN)


def yes_no(value: bool | None) -> str | None:  # noqa: FBT001 - a fact, not a switch
    """Return `yes`, `no`, or None for "asked, not known"."""
    return None if value is None else ("yes" if value else "no")
