"""What does the agent itself cost, and does it get its records through?"""

from fernbereit.facts.types import Bytes, Count, Seconds, Text
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenModel


class Agent(OpenModel):
    """The agent about itself. Counters start anew with its process; nothing says when that was."""

    version: Text | None = fact(purpose=Purpose.OPERATION)
    cpu_seconds_per_hour: Seconds | None = fact(purpose=Purpose.OPERATION)
    memory_bytes: Bytes | None = fact(purpose=Purpose.OPERATION)
    outbox_records: Count | None = fact(purpose=Purpose.OPERATION)
    merged_total: Count | None = fact(purpose=Purpose.OPERATION)
    dropped_total: Count | None = fact(purpose=Purpose.OPERATION)
