"""What can wait while the battery runs out or the link costs money? Only what costs both, and not for long.

The charge is looked at and forgotten: nothing about it enters a record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fernbereit.facts.network import Network
from fernbereit_agent.probe import Probe
from fernbereit_agent.report import Look

HEAVY = frozenset({"targets"})
"""Sections whose look opens connections and measures."""
AT_MOST = 4
"""So many times its usual wait a heavy look is put off; then it comes, whatever the battery says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """Reasons to save; None is not known, and no reason."""

    low_battery: bool | None = None
    metered: bool | None = None

    @property
    def saves(self) -> bool:
        """Whether anything is to be put off."""
        return bool(self.low_battery or self.metered)


def metered(looks: Mapping[str, Look]) -> bool | None:
    """Return what the latest look at the network says."""
    look = looks.get("network")
    facts = look.seen.facts if look is not None else None
    return facts.metered if isinstance(facts, Network) else None


def affordable(
    due: Iterable[Probe], last: Mapping[str, float], now: float, economy: Economy
) -> tuple[Probe, ...]:
    """Return the probes to run now; a section that was never looked at is, whatever it costs."""

    def waits(probe: Probe) -> bool:
        seen = last.get(probe.section)
        longest = AT_MOST * probe.every.total_seconds()
        return economy.saves and probe.section in HEAVY and seen is not None and now - seen < longest

    return tuple(probe for probe in due if not waits(probe))
