"""Which bytes were sent last? A copy for whoever works on this laptop, also where no new one finds room.

A copy that cannot be written keeps nothing from being sent. The one before then stands under another name, so
that it is not taken for the last one.
"""

import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

from fernbereit_agent.owner import LAST_SENT, SENT_BEFORE, publish

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Copy:
    """What was sent last, or with `older` what was sent before something that could not be kept."""

    path: Path
    content: bytes
    older: bool


class SentCopy:
    """Keeps the copy; used from one thread."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._trouble = ""

    def keep(self, payload: bytes) -> None:
        """Keep exactly what is sent; never raises, and says once what is wrong."""
        try:
            publish(self._data, LAST_SENT, payload)
            (self._data / SENT_BEFORE).unlink(missing_ok=True)
            self._trouble = ""
        except OSError as error:
            with contextlib.suppress(OSError):  # a full disk has room for another name
                (self._data / LAST_SENT).replace(self._data / SENT_BEFORE)
            trouble = f"{self._data / LAST_SENT}: {error.strerror}"
            if trouble != self._trouble:
                self._trouble = trouble
                logger.warning("what is sent cannot be kept for the manifest, and is sent: %s", trouble)


def read(data: Path) -> Copy:
    """Return the copy; raises `OSError`, `FileNotFoundError` for one that never was."""
    try:
        return Copy(data / LAST_SENT, (data / LAST_SENT).read_bytes(), older=False)
    except FileNotFoundError:
        if not (data / SENT_BEFORE).exists():
            raise
    return Copy(data / SENT_BEFORE, (data / SENT_BEFORE).read_bytes(), older=True)
