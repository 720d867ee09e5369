"""What does the agent itself cost, and does it get its records through?"""

from fernbereit.facts.types import Bytes, Count, Seconds, Text
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class LookTime(OpenEnum):
    """How long the slowest of the latest looks took: below 1 s, below 10 s, longer."""

    QUICK = "quick"
    SLOW = "slow"
    VERY_SLOW = "very_slow"
    OTHER = "other"


class Helper(OpenEnum):
    """What becomes of the file of the optional helper with rights."""

    USED = "used"
    NOT_INSTALLED = "not_installed"
    OUTDATED = "outdated"
    UNTRUSTED = "untrusted"
    """Somebody without rights may have written it, so it was not read."""
    UNREADABLE = "unreadable"
    OTHER = "other"


class Agent(OpenModel):
    """The agent about itself. Counters start anew with its process; nothing says when that was."""

    version: Text | None = fact(purpose=Purpose.OPERATION)
    cpu_seconds_per_hour: Seconds | None = fact(purpose=Purpose.OPERATION)
    memory_bytes: Bytes | None = fact(purpose=Purpose.OPERATION)
    slowest_look: LookTime | None = fact(purpose=Purpose.OPERATION)
    privileged_helper: Helper | None = fact(purpose=Purpose.OPERATION)
    outbox_records: Count | None = fact(purpose=Purpose.OPERATION)
    merged_total: Count | None = fact(purpose=Purpose.OPERATION)
    dropped_total: Count | None = fact(purpose=Purpose.OPERATION)
