"""What was worked out already? The answers asked for last; one is worked out at a time.

What is kept is answered at once, also while another answer is being worked out.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, TypeVar

Key = tuple[Any, ...]
Answer = TypeVar("Answer")


class Kept:
    """Keeps `most` answers; safe for several threads, and an answer may ask for others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._working = RLock()
        self._changing = Lock()
        self._answers: OrderedDict[Key, Any] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        """Tell whether an answer is kept right now."""
        return key in self._answers

    def once(self, key: Key, answer: Callable[[], Answer]) -> Answer:
        """Return what is kept under a key, or work it out and keep it."""
        kept: Answer | None = self._found(key)
        if kept is not None:
            return kept
        with self._working:
            kept = self._found(key)
            if kept is None:
                kept = answer()
                self._keep(key, kept)
            return kept

    def _found(self, key: Key) -> Any:
        with self._changing:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def _keep(self, key: Key, answer: Any) -> None:
        with self._changing:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
