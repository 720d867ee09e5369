"""When is the next report due, over sleep, restarts and clocks that jump? Clocks and dice are passed in.

The wall clock only decides on the phase. How long something lasts is measured on the clock that counts sleep
and is never set, so no jump makes reports come faster than twice an interval or later than two intervals.
"""

from dataclasses import dataclass

from fernbereit_agent.schedule import until_report

SLEPT_S = 90.0
"""A rest that lasted so much longer than it was meant to was a sleep of the machine."""


@dataclass(slots=True, kw_only=True)
class Rhythm:
    """The reports of one device; `now` is of the clock that counts sleep, `wall` in Unix seconds."""

    device_id: str
    interval_s: float
    spread_s: float
    due: float = 0.0
    _rest_ends: float | None = None

    def begin(self, now: float, wall: float, *, at_once: bool) -> None:
        """Start: at once with a new outbox, else at the phase of the device."""
        self.due = now if at_once else now + until_report(wall, self.device_id, self.interval_s)

    def reported(self, now: float, wall: float) -> None:
        """Note a report; the next one comes at the phase that is at least half an interval away."""
        half = self.interval_s / 2
        self.due = now + until_report(wall, self.device_id, self.interval_s, at_least_s=half)

    def rests(self, now: float, until: float) -> float:
        """Note that nothing is to be done until then, and return the seconds to wait."""
        wait_s = max(0.0, until - now)
        self._rest_ends = now + wait_s
        return wait_s

    def woke(self, now: float, draw: float) -> bool:
        """Tell whether the machine slept; a report missed meanwhile is spread, `draw` is in [0, 1)."""
        slept = self._rest_ends is not None and now - self._rest_ends > SLEPT_S
        self._rest_ends = None
        if slept and now >= self.due:
            self.due = now + draw * min(self.spread_s, self.interval_s)
        self.due = min(self.due, now + 1.5 * self.interval_s)  # even if that clock went back
        return slept
