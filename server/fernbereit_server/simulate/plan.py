"""What is simulated, and when does each laptop do what? Pure: dice and times are passed in.

All times are seconds since the simulation began.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil
from random import Random

RECONNECT_S, RECONNECT_MAX_S = 1.0, 300.0
SETTLED_S = 60.0
"""A connection that lasted so long, or brought an answer, starts the waits from the beginning."""


class Scenario(StrEnum):
    """What happens while the laptops report."""

    NORMAL = "normal"
    """They are switched on within the spread and report at their phases."""
    MONDAY = "monday"
    """They are switched on over four fifths of the time, most of them early, each with a complete record."""
    STORM = "storm"
    """Half-way all connections are cut, and all come back at once: as if no laptop waited at random."""
    BROKER_RESTART = "broker-restart"
    """Half-way a command restarts the broker, or all connections are cut; they come back by the rules."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One simulation."""

    devices: int
    interval_s: float
    connections: int
    scenario: Scenario = Scenario.NORMAL
    run_s: float = 300.0
    """So long records are written; then it is waited for what is not acknowledged."""
    patience_s: float = 120.0
    """So long at most."""
    start_spread_s: float = 60.0
    host: str = "127.0.0.1"
    port: int = 8741
    seed: int = 1
    restart_command: str | None = None

    @property
    def cut_at_s(self) -> float | None:
        """Return when something happens to all connections, or None."""
        if self.scenario in {Scenario.STORM, Scenario.BROKER_RESTART}:
            return self.run_s / 2
        return None

    def first_connection(self, rng: Random) -> float:
        """Return when a laptop is switched on and connects for the first time."""
        spread_s = min(self.start_spread_s, self.run_s / 2)
        if self.scenario is Scenario.MONDAY:
            spread_s = self.run_s * 0.8
            return rng.triangular(0, spread_s, spread_s / 4)
        return rng.random() * spread_s

    def next_report(self, device_id: str, now_s: float) -> float:
        """Return the next moment at the phase of a device that is at least half an interval away.

        The phase is fixed by SHA-256 of its id, as on a real laptop.

        >>> plan = Plan(devices=1, interval_s=60, connections=1)
        >>> first = plan.next_report("a", 0)
        >>> 30 <= first < 90, round(plan.next_report("a", first) - first)
        (True, 60)
        """
        phase_s = int.from_bytes(sha256(device_id.encode()).digest()[:8], "big") / 2**64 * self.interval_s
        after_s = now_s + self.interval_s / 2
        return phase_s + ceil((after_s - phase_s) / self.interval_s) * self.interval_s


def wait_before(attempt: int, draw: float) -> float:
    """Return the wait before connecting again: full jitter up to a ceiling that doubles; `draw` is in [0, 1).

    >>> [wait_before(attempt, 0.5) for attempt in (0, 1, 2, 20)]
    [0.5, 1.0, 2.0, 150.0]
    """
    return draw * min(RECONNECT_MAX_S, RECONNECT_S * 2.0 ** min(attempt, 32))
