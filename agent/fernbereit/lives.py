"""Which lives of the collector's store has a laptop met, and what does the present one lack of it? Pure.

A store that is put back to a backup begins a new life. The laptop meets each life before it sends anything to
it: the life says how far it is, and what lies beyond and was acknowledged is counted as missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fernbereit.delivery import CLOSED_EPOCHS_KEPT, NOBODY, Ack

RANGES_KEPT = 128
"""Records that were refused, merged or dropped split ranges; older ones are forgotten, and never missed."""


@dataclass(slots=True, kw_only=True)
class Lives:
    """What a laptop remembers of its deliveries, for as long as its outbox lasts."""

    met: str = ""
    """The life of the store that said what it holds of this outbox."""
    former: list[str] = field(default_factory=list)
    """Lives met before, oldest first; what they answered late is not listened to."""
    taken: dict[str, list[list[int]]] = field(default_factory=dict)
    """By epoch, the first and the last of the records that were acknowledged and are not known to be lost."""
    missing_total: int = 0
    """Records that were acknowledged and that a restored store does not hold."""

    @property
    def meant_for(self) -> str:
        """Return the generation that an envelope names."""
        return self.met or NOBODY

    def listens_to(self, ack: Ack) -> bool:
        """Tell whether an answer is of the life that was met, or of one that is met by this answer.

        One that never says what it holds is an older collector's.
        """
        if ack.generation == self.met:
            return True
        if ack.instead_of is not None:
            return ack.instead_of == self.meant_for
        return ack.generation not in self.former

    def meet(self, ack: Ack) -> bool:
        """Begin with another life of the store where that life is, if this is its answer; tell whether it is.

        What it should hold and does not is counted as missing.
        """
        if ack.generation == self.met or ack.instead_of is None:
            return False
        held = dict(ack.held)
        self.missing_total = max(self.missing_total, ack.missing)
        for epoch, ranges in self.taken.items():
            last = held.get(epoch, 0)
            self.missing_total += sum(end - max(first, last + 1) + 1 for first, end in ranges if end > last)
            self.taken[epoch] = [[first, min(end, last)] for first, end in ranges if first <= last]
        lives = [life for life in (*self.former, self.met) if life and life != ack.generation]
        self.former, self.met = lives[-CLOSED_EPOCHS_KEPT:], ack.generation
        return True

    def remember(self, epoch: str, seqs: Iterable[int]) -> None:
        """Note which records of an epoch were taken, in ascending order."""
        ranges = self.taken.setdefault(epoch, [])
        for seq in seqs:
            if ranges and ranges[-1][1] == seq - 1:
                ranges[-1][1] = seq
            else:
                ranges.append([seq, seq])
        while len(self.taken) > CLOSED_EPOCHS_KEPT or sum(map(len, self.taken.values())) > RANGES_KEPT:
            oldest = next(iter(self.taken))
            del self.taken[oldest][:1]
            if not self.taken[oldest] or len(self.taken) > CLOSED_EPOCHS_KEPT:
                del self.taken[oldest]
