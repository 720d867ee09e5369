"""How often may the log say the same? A broker decides when a connection ends, not how full the disk gets."""

import logging
import time
from collections import deque
from collections.abc import Callable

LINES = 20
"""So many lines of one kind are written at most within `WITHIN_S`."""
WITHIN_S = 3_600.0
KINDS = 64
"""So many kinds are told apart; all others count as one."""
LEFT_OUT = "more lines like this are left out for an hour"


class LogBound(logging.Filter):
    """Let the first lines of each kind through; a kind is the text of the call, whatever is filled in.

    Of the traceback that comes with a line only the first within the time is written, since it is long.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._written: dict[tuple[str, str], deque[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line is written; the last one for a while says so."""
        now, kind = self._monotonic(), (record.name, str(record.msg))
        if kind not in self._written and len(self._written) >= KINDS:
            kind = ("", "")
        written = self._written.setdefault(kind, deque())
        while written and now - written[0] >= WITHIN_S:
            written.popleft()
        if len(written) >= LINES:
            return False
        if written:
            record.exc_info = record.exc_text = None
        written.append(now)
        if len(written) == LINES:
            record.msg, record.args = f"{record.getMessage()} ({LEFT_OUT})", ()
        return True
