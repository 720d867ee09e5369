"""How are values that many devices share held only once, and what stays left alone by garbage collection?"""

import gc
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeVar

from fernbereit_server.stalls import none_looked_for

_MOST = 50_000
"""Distinct values held; beyond it the oldest is let go for each new one, so that past days go."""

Value = TypeVar("Value")
Shared = TypeVar("Shared", bound=Hashable)


class HeldOnce:
    """Gives back an equal value that is held already."""

    def __init__(self) -> None:
        self._values: OrderedDict[Any, Any] = OrderedDict()

    def value(self, value: Shared) -> Shared:
        """Return an equal value, held once however many devices have it."""
        held: Shared = self._one(value, value)
        return held

    def mapping(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return an equal mapping that nobody can change, held once however many devices say the same.

        One that nobody can change already stays itself: whoever made it so holds it.
        """
        if isinstance(values, MappingProxyType):
            return values
        held: Mapping[str, Value] = self._one(frozenset(values.items()), MappingProxyType(dict(values)))
        return held

    def _one(self, key: Any, value: Any) -> Any:
        held = self._values.setdefault(key, value)
        if len(self._values) > _MOST:
            self._values.popitem(last=False)
        return held


_MANY = 100_000


@contextmanager
def held_for_good() -> Iterator[None]:
    """Make many objects inside that stay: nobody looks for garbage among them, now or later.

    Looking again and again while 100,000 devices are read took as long as reading them, and looking through
    them afterwards holds up everything else for a second.
    """
    with none_looked_for():
        try:
            yield
        finally:
            if gc.get_count()[0] > _MANY:
                gc.freeze()
