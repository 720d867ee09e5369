"""What is in force because people decided it? Held whole, replaced whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from fernbereit.policy import shipped_policy
from fernbereit.readiness import CompiledPolicy, compile_policy
from fernbereit_server.organisation.model import Organisation

_NOBODY: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A check that need not hold for one device, or for every device of a unit, until the end of a day."""

    id: int
    device_id: str | None
    unit: str | None
    check_id: str
    reason: str
    approver: str
    granted_on: date
    expires_on: date
    ended_on: date | None = None

    def holds(self, today: date) -> bool:
        """Tell whether the waiver is in force on that day; the day it is ended on is its first without."""
        last = self.ended_on is None or today < self.ended_on
        return self.granted_on <= today <= self.expires_on and last


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A share of able staff to be reached by a day; without a unit that of the whole authority."""

    id: int
    unit: str | None
    scenario: str
    target: float
    due_on: date
    set_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that was decided: how many of what, its cost, and the able staff it was expected to add."""

    id: int
    title: str
    item: str
    unit: str | None
    number: int
    euro: int
    it_hours: int
    decided_on: date
    scenario: str
    predicted: int
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillDay:
    """A day on which working from home is tried; predicted and measured are counts over groups."""

    id: int
    scenario: str
    held_on: date
    announced_on: date
    predicted: Mapping[str, Any]
    measured: Mapping[str, Any] | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Everything in force. `policy_adopted_on` is None for the shipped policy."""

    version: int = 0
    policy: CompiledPolicy
    policy_adopted_on: date | None = None
    organisation: Organisation | None = None
    organisation_on: date | None = None
    waivers: tuple[Waiver, ...] = ()
    contested: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NOBODY)
    """Checks that the desk called wrong, by device."""
    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()
    drill_days: tuple[DrillDay, ...] = ()


NOTHING_DECIDED = Decisions(policy=compile_policy(shipped_policy()))
"""The shipped policy and nothing else."""
