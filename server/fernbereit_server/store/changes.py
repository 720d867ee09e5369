"""What does one accepted envelope change, in plain values that any part can pass on?

Nobody changes them. Those made for every record are not frozen all the same: a frozen one sets each of its
fields by a call, which was a tenth of the time a record takes.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fernbereit.delivery import Mark
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel


@dataclass(slots=True, kw_only=True)
class SectionChange:
    """The newest observation of one section; `facts` only where the outcome is ok."""

    outcome: Outcome
    reason: str | None
    observed_on: date
    facts: OpenModel | None
    text: str | None = None
    """The facts as JSON, where somebody has written them already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record nobody could read: why, how big, which; never what it said."""

    reason: str
    size: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Standing:
    """What the collector knows of a device before it opens an envelope; `closed` is oldest first.

    `mark` is None for a device that is registered and has not reported.
    """

    status: str
    mark: Mark | None
    closed: tuple[tuple[str, int], ...] = ()
    merged_total: int = 0
    dropped_total: int = 0
    missing_total: int = 0
    """Its records that were acknowledged and that this life of the store does not hold."""
    observed: Mapping[str, date] = field(default_factory=dict)
    """The day each section was last looked at."""
    said: "array[int] | None" = None
    """Digests of what it last said, as `ingest.opening` makes them; None for nothing that is known."""


@dataclass(slots=True, kw_only=True)
class Change:
    """Everything one transaction writes for one device.

    `before` is None for a device met for the first time. `looked_at` moves the day of sections whose facts
    stayed as they were. `reported_at` (Unix seconds) is None where nothing was reported, as by a clone.
    """

    device_id: str
    before: Standing | None
    after: Standing
    day: date
    reported_at: float | None = None
    sections: Mapping[str, SectionChange] = field(default_factory=dict)
    looked_at: Mapping[str, date] = field(default_factory=dict)
    dead_letters: tuple[DeadLetter, ...] = ()

    def status(self, now: str) -> str:
        """Return the status after this change; one it leaves alone stays what people made it meanwhile."""
        left_alone = self.before is not None and self.before.status == self.after.status
        return now if left_alone else self.after.status

    def then(self, later: "Change") -> "Change":
        """Return this change and a later one of the same device as one."""
        return Change(
            device_id=self.device_id,
            before=self.before,
            after=later.after,
            day=later.day,
            reported_at=self.reported_at if later.reported_at is None else later.reported_at,
            sections={**self.sections, **later.sections},
            looked_at={**self.looked_at, **later.looked_at},
            dead_letters=self.dead_letters + later.dead_letters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """One device the authority owns; serial number and host name only as keyed hashes."""

    id: int
    serial_hash: str | None = None
    host_name_hash: str | None = None
    label: str = ""
    unit: str | None = None
    site: str | None = None
    kind: str = "personal"
    chassis: str | None = None
