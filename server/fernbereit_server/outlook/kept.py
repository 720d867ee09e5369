"""What was worked out already? The answers asked for last; one is worked out at a time."""

from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

Key = tuple[Any, ...]
Answer = TypeVar("Answer")


class Kept:
    """Keeps `most` answers; safe for several threads, and an answer may ask for others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = RLock()
        self._answers: OrderedDict[Key, Any] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        """Tell whether an answer is kept right now."""
        return key in self._answers

    def once(self, key: Key, answer: Callable[[], Answer]) -> Answer:
        """Return what is kept under a key, or work it out and keep it."""
        with self._lock:
            if key not in self._answers:
                self._answers[key] = answer()
            self._answers.move_to_end(key)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
            kept: Answer = self._answers[key]
            return kept
