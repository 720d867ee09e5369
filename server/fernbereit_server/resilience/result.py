"""What does a drill answer?

People are fractions until they are shown, so that more capacity never costs anybody a rounded place.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The truth lies between; equal where nothing unknown matters."""

    low: float
    high: float

    def over(self, base: float) -> "Bounds | None":
        """Return the share of `base`, or None where there is nobody to have a share of."""
        return Bounds(self.low / base, self.high / base) if base else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What stops most people.

    `kind` is a word of the catalogue (`drill.kind.<kind>`); `names` are those of its limits, `stopped` the
    suitable people behind it who are not able; `tied` are names and kinds that bind just as much: both must
    grow before anybody gains.
    """

    kind: str
    names: tuple[str, ...] = ()
    stopped: float = 0.0
    tied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the minimum cut; the pieces' people add up to those able."""

    kind: str
    name: str
    people: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult:
    """One unit; one that does not leave works on in its office and is not counted."""

    name: str
    headcount: int
    suitable: int
    leaves: bool
    equipped: Bounds
    able: Bounds
    binding: Binding

    @property
    def ratio(self) -> Bounds | None:
        """Return the able share of the suitable people."""
        return self.able.over(self.suitable)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceResult:
    """One time-critical service; `holds` is yes, no or unknown."""

    name: str
    minimum: int
    staffed: Bounds
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the reader must know of the figures; `word` is a key of the catalogue (`drill.note.<word>`)."""

    word: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillResult:
    """The whole answer; `binding` belongs to the low figure, `binding_high` to the high one."""

    organisation: str | None
    scenario: str
    title: Mapping[str, str]
    concurrency: float
    reservation: bool
    headcount: int
    suitable: int
    equipped: Bounds
    able: Bounds
    binding: Binding
    binding_high: Binding
    cut: tuple[Piece, ...]
    units: tuple[UnitResult, ...]
    services: tuple[ServiceResult, ...]
    notes: tuple[Note, ...]

    @property
    def ratio(self) -> Bounds | None:
        """Return the able share of the suitable people."""
        return self.able.over(self.suitable)
