"""How often did what happen since the collector started? Plain numbers, exported by `metrics/own.py`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counters that only grow; none tells of one device."""

    messages: Counter[str] = field(default_factory=Counter)
    """Messages by what became of them, the words of `handlers.Word`."""
    undecodable: Counter[str] = field(default_factory=Counter)
    """Undecodable envelopes by reason."""
    refused: Counter[str] = field(default_factory=Counter)
    """Records passed over by reason."""
    datagrams: Counter[str] = field(default_factory=Counter)
    """Datagrams of the reflector by what became of them, the words of `reflector.Reflected`."""
    records_applied: int = 0
    records_duplicate: int = 0
    records_future_dated: int = 0
    records_merged: int = 0
    """Records laptops merged into newer ones because their outbox was full."""
    records_dropped: int = 0
    """Records laptops dropped because their outbox was full."""
    records_missing: int = 0
    """Records that laptops were told are safe and this life of the store does not hold; from the store."""
    observations_inconsistent: int = 0
    """Observations whose facts and outcome contradict each other."""
    unknown_values: int = 0
    unknown_fields: int = 0
    devices_new: int = 0
    acks_sent: int = 0
    policies_sent: int = 0
    policies_failed: int = 0
    """How often the policy in force could not be signed or sent."""
    pauses: int = 0
    """How often nothing more was read from the broker until some of what was held was in the store."""
    commits: int = 0
    commits_failed: int = 0
    commit_seconds: float = 0.0
    connections: int = 0
    connections_lost: int = 0
    ticks_failed: int = 0
    sweeps: int = 0
    """How often what is kept no longer was removed."""
    swept: Counter[str] = field(default_factory=Counter)
    """Rows removed since their time was over, by kind; of devices, how many."""

    def grow(self, counts: Mapping[str, int]) -> None:
        """Add to several numbers at once, by their names."""
        for name, more in counts.items():
            setattr(self, name, getattr(self, name) + more)
