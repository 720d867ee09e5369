"""Can the store be used? Told apart: it cannot be written, it cannot be reached."""

import logging
import random
from collections.abc import Iterator

_log = logging.getLogger(__name__)

RETRY_S, RETRY_MAX_S = 0.5, 30.0


class StoreHealth:
    """What the last attempts said. A full disk can still be read, so reading does not excuse writing."""

    def __init__(self) -> None:
        self.writable = True
        self.reachable = True

    @property
    def works(self) -> bool:
        """Tell whether nothing is known to be wrong."""
        return self.writable and self.reachable

    def wrote(self, error: Exception | None = None) -> None:
        """Note how an attempt to write ended."""
        self._tell(error)
        self.writable = error is None
        self.reachable = self.reachable or error is None

    def reached(self, error: Exception | None = None) -> None:
        """Note how an attempt to read ended."""
        self._tell(error)
        self.reachable = error is None

    def _tell(self, error: Exception | None) -> None:
        if error is not None and self.works:
            _log.error("the store cannot be used (%s); reading is paused", type(error).__name__)


def waits() -> Iterator[float]:
    """Yield how long to wait before the next attempt (seconds): doubling up to a bound, with jitter."""
    wait = RETRY_S
    while True:
        yield random.uniform(wait / 2, wait)  # noqa: S311 - jitter, no secret
        wait = min(wait * 2, RETRY_MAX_S)
