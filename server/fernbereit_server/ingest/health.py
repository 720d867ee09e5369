"""Can the store be used? Told apart: it cannot be written, it cannot be reached, it does not answer."""

import logging
import random
import time
from collections.abc import Iterator

from sqlalchemy.exc import OperationalError

from fernbereit_server.errors import ServerError

_log = logging.getLogger(__name__)

RETRY_S, RETRY_MAX_S = 0.5, 30.0
SILENT_S = 15.0
"""A transaction that takes longer is one that the database does not answer."""


class StoreHealth:
    """What the last attempts said. A full disk can still be read, so reading does not excuse writing.

    `place` names the store to people.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.writable = True
        self.reachable = True
        self._fault = ""
        self._writing_since: float | None = None

    @property
    def works(self) -> bool:
        """Tell whether nothing is known to be wrong."""
        return self.writable and self.reachable and not self._is_silent()

    @property
    def fault(self) -> str:
        """Say why the store cannot be used, empty while it can be."""
        return self._fault or (f"no answer for {SILENT_S:.0f} s" if self._is_silent() else "")

    def writes(self) -> None:
        """Note that an attempt to write begins."""
        self._writing_since = time.monotonic()

    def wrote(self, error: Exception | None = None) -> None:
        """Note how an attempt to write ended."""
        self._writing_since = None
        self._tell(error)
        self.writable = error is None
        self.reachable = self.reachable or error is None
        self._note(error)

    def reached(self, error: Exception | None = None) -> None:
        """Note how an attempt to read ended."""
        self._tell(error)
        self.reachable = error is None
        self._note(error)

    def _note(self, error: Exception | None) -> None:
        if error is not None:
            self._fault = why(error)
        elif self.works:
            self._fault = ""

    def _is_silent(self) -> bool:
        return self._writing_since is not None and time.monotonic() - self._writing_since > SILENT_S

    def _tell(self, error: Exception | None) -> None:
        if error is not None and self.works:
            _log.error("%s cannot be used (%s); reading is paused", self.place, why(error))


def why(error: Exception) -> str:
    """Return why the store cannot be used: in words only where they cannot quote a report."""
    if isinstance(error, ServerError):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, OperationalError) and str(error.orig):
        return str(error.orig).splitlines()[0]
    return type(error).__name__


def waits() -> Iterator[float]:
    """Yield how long to wait before the next attempt (seconds): doubling up to a bound, with jitter."""
    wait = RETRY_S
    while True:
        yield random.uniform(wait / 2, wait)  # noqa: S311 - jitter, no secret
        wait = min(wait * 2, RETRY_MAX_S)
