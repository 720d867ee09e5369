"""How is a command that runs on ended by a person, a service manager or a terminal that closes?"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextlib.contextmanager
def ended_by_signals(stop: threading.Event) -> Iterator[None]:
    """Turn Ctrl-C, a service manager's wish and a terminal that closes into `stop`, never an exception."""

    def ended(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    numbers = [getattr(signal, name) for name in _ENDINGS if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ended) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
