"""What was worked out already? Answers by what they depend on, worked out one at a time."""

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

_MOST = 4000
"""Answers kept; beyond it the keeping begins anew."""

Key = tuple[Any, ...]
Answer = TypeVar("Answer")


class Kept:
    """Safe for several threads; an answer may ask for others."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._answers: dict[Key, Any] = {}

    def __contains__(self, key: Key) -> bool:
        """Tell whether an answer is kept right now."""
        return key in self._answers

    def once(self, key: Key, answer: Callable[[], Answer]) -> Answer:
        """Return what is kept under a key, or work it out and keep it."""
        with self._lock:
            if key not in self._answers:
                found = answer()
                if len(self._answers) >= _MOST:
                    self._answers.clear()
                self._answers[key] = found
            kept: Answer = self._answers[key]
            return kept
