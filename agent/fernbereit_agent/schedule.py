"""What is due, and when is the next thing due? Arithmetic only: clocks and dice are passed in.

Reports are made at a phase fixed by the device id, so that neither switching a laptop on nor using it says
anything by the time of its reports.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fernbereit_agent.probe import Probe

DAY_S = 86_400.0
NONE: Mapping[str, int] = {}


def phase_s(device_id: str, interval_s: float) -> float:
    """Return the device's place in the interval: SHA-256(device_id) as a fraction of it, in seconds."""
    digest = hashlib.sha256(device_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 * interval_s


def until_report(wall: float, device_id: str, interval_s: float, *, at_least_s: float = 0.0) -> float:
    """Return the seconds until the next report that is at least so far away.

    Reports lie at `phase + n * interval` of the Unix clock.
    """
    after = wall + at_least_s
    left = (phase_s(device_id, interval_s) - after) % interval_s
    return at_least_s + (left or interval_s)


def patience_s(every_s: float, misses: int) -> float:
    """Return the seconds to the next look at a section whose latest looks ended badly so often in a row.

    The second miss doubles the wait, each further one doubles it again, up to a day.

    >>> [patience_s(3600, misses) / 3600 for misses in (0, 1, 2, 3, 4, 5, 6, 10_000)]
    [1.0, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 24.0]
    """
    return min(max(DAY_S, every_s), every_s * 2.0 ** min(max(0, misses - 1), 32))


def due_probes(
    probes: Iterable[Probe],
    last: Mapping[str, float],
    now: float,
    interval_s: float,
    misses: Mapping[str, int] = NONE,
) -> tuple[Probe, ...]:
    """Return the probes to run with this report: never run, or due before the middle to the next report.

    Those that ended badly come last, so that none of them takes the time of another.
    """
    reach = now + interval_s / 2

    def missed(probe: Probe) -> int:
        return misses.get(probe.section, 0)

    due = (
        probe
        for probe in probes
        if probe.section not in last
        or last[probe.section] + patience_s(probe.every.total_seconds(), missed(probe)) <= reach
    )
    return tuple(sorted(due, key=missed))


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `base_s` to `cap_s` and are drawn at random, so that a fleet spreads out."""

    base_s: float
    cap_s: float

    def ceiling(self, attempt: int) -> float:
        """Return the longest wait before attempt number `attempt`, which counts from 0."""
        return min(self.cap_s, self.base_s * 2.0 ** min(attempt, 32))

    def from_zero(self, attempt: int, draw: float) -> float:
        """Return a wait between nothing and the ceiling (full jitter); `draw` is in [0, 1)."""
        return draw * self.ceiling(attempt)

    def from_base(self, attempt: int, draw: float) -> float:
        """Return a wait between the base and the ceiling: an answer always has the base to come in."""
        return self.base_s + draw * max(0.0, self.ceiling(attempt) - self.base_s)


@dataclass(slots=True, kw_only=True)
class Delivery:
    """When may the next batch be sent? One at a time, paced, repeated ever more slowly without an answer."""

    resend: Backoff
    drain_s: float
    connection: int | None = None
    answer_due: float | None = None
    """Until when the batch in flight may still be answered; None if nothing is in flight."""
    attempt: int = 0
    not_before: float = 0.0

    def connected(self, connection: int) -> None:
        """Note a connection that can send; what was in flight on another one may be sent again."""
        self.connection, self.answer_due = connection, None

    def lost(self) -> bool:
        """Note that there is no connection; tell whether a batch was in flight on it."""
        was_in_flight = self.answer_due is not None
        self.connection, self.answer_due = None, None
        return was_in_flight

    def may_send(self, now: float) -> bool:
        """Tell whether a batch may be sent now."""
        return self.connection is not None and self.answer_due is None and now >= self.not_before

    def sent(self, now: float, draw: float) -> None:
        """Note that a batch was sent."""
        self.answer_due = now + self.resend.from_base(self.attempt, draw)
        self.not_before = now + self.drain_s
        self.attempt += 1

    def answered(self) -> None:
        """Note that the batch in flight is answered; only this starts the waits from the beginning."""
        self.answer_due, self.attempt = None, 0

    def overdue(self, now: float) -> bool:
        """Tell, once a batch, that its answer did not come in time."""
        if self.answer_due is None or now < self.answer_due:
            return False
        self.answer_due = None
        return True

    def next_due(self, *, waiting: bool) -> float | None:
        """Return when this has something to do next; `waiting` says whether a batch waits to be sent."""
        if self.connection is None:
            return None
        if self.answer_due is not None:
            return self.answer_due
        return self.not_before if waiting else None
