"""What was counted while laptops were simulated? Counters, waiting times, connections by the second."""

from dataclasses import dataclass, field
from math import exp, log

_STEP = 1.01
_SMALLEST_S = 1e-4


@dataclass(slots=True)
class Times:
    """Durations, kept in steps of one percent, so that a million of them take no memory."""

    longest_s: float = 0.0
    count: int = 0
    _steps: dict[int, int] = field(default_factory=dict)

    def add(self, seconds: float) -> None:
        """Count one duration."""
        step = round(log(max(seconds, _SMALLEST_S) / _SMALLEST_S) / log(_STEP))
        self._steps[step] = self._steps.get(step, 0) + 1
        self.count += 1
        self.longest_s = max(self.longest_s, seconds)

    def share(self, of_all: float) -> float | None:
        """Return the duration that this share of all does not exceed, to one percent; None without any.

        >>> times = Times()
        >>> for ms in range(1, 101):
        ...     times.add(ms / 1000)
        >>> round(times.share(0.5), 3), round(times.share(0.99), 2)
        (0.05, 0.1)
        """
        wanted, seen = of_all * self.count, 0
        for step in sorted(self._steps):
            seen += self._steps[step]
            if seen >= wanted:
                return _SMALLEST_S * exp(step * log(_STEP))
        return None

    def as_json(self) -> dict[str, float | int | None]:
        """Return what people ask of durations, in seconds."""
        shares = {f"p{round(share * 100)}": self._told(self.share(share)) for share in (0.5, 0.9, 0.99)}
        return {"count": self.count, **shares, "max": round(self.longest_s, 4)}

    @staticmethod
    def _told(seconds: float | None) -> float | None:
        return None if seconds is None else round(seconds, 4)


@dataclass(slots=True)
class PerSecond:
    """How often something happened in each second since the beginning."""

    counts: list[int] = field(default_factory=list)

    def at(self, now_s: float, count: int = 1) -> None:
        """Count something now."""
        second = int(now_s)
        self.counts.extend(0 for _ in range(second + 1 - len(self.counts)))
        self.counts[second] += count


@dataclass(slots=True)
class Herd:
    """How many connections are there, and how long did it take until nearly all were back?"""

    up: int = 0
    back_s: float | None = None
    """Seconds from the loss of at least half of all connections until 95 % of them were back; the latest."""
    lost: int = 0
    """How many connections were gone at the worst moment of it."""
    tried: PerSecond = field(default_factory=PerSecond)
    made: PerSecond = field(default_factory=PerSecond)
    gone: PerSecond = field(default_factory=PerSecond)
    _before: int = 0
    _since_s: float | None = None
    _fewest: int = 0

    ENOUGH = 0.95

    def connected(self, now_s: float) -> None:
        """Count a connection that can send and be answered."""
        self.made.at(now_s)
        self.up += 1
        if self._since_s is None:
            self._before = max(self._before, self.up)
        elif self.up >= self._before * self.ENOUGH:
            if self._fewest * 2 <= self._before:
                self.back_s, self.lost = now_s - self._since_s, self._before - self._fewest
            self._since_s = None

    def ended(self, now_s: float) -> None:
        """Count a connection that is gone."""
        self.gone.at(now_s)
        self.up -= 1
        if self._since_s is None and self.up < self._before * self.ENOUGH:
            self._since_s, self._fewest = now_s, self.up
        self._fewest = min(self._fewest, self.up)

    @property
    def scattered(self) -> bool:
        """Tell whether at least half of the connections are gone and not yet back."""
        return self._since_s is not None and self._fewest * 2 <= self._before


@dataclass(slots=True)
class Figures:
    """Everything counted in one simulation."""

    written: int = 0
    acknowledged: int = 0
    refused: int = 0
    """Records the collector called unreadable; it should never."""
    missing: int = 0
    """Records that were acknowledged and that a restored store does not hold, as the laptops count them."""
    held_back: int = 0
    """Records not written, because too many waited already."""
    new_epochs: int = 0
    envelopes: int = 0
    resent: int = 0
    to_ack: Times = field(default_factory=Times)
    """From the first sending of an envelope to its answer."""
    delay: Times = field(default_factory=Times)
    """From the writing of a record to its acknowledgement, connecting and waiting included."""
    answered: PerSecond = field(default_factory=PerSecond)
    herd: Herd = field(default_factory=Herd)

    @property
    def waiting(self) -> int:
        """Return how many records are not acknowledged."""
        return self.written - self.acknowledged
