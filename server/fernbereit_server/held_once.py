"""How are values that many devices share held only once?"""

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

_MOST = 50_000
"""Distinct values held; beyond it sharing begins anew, so that past days are let go."""

Value = TypeVar("Value")
Shared = TypeVar("Shared", bound=Hashable)


class HeldOnce:
    """Gives back an equal value that is held already."""

    def __init__(self) -> None:
        self._values: dict[Any, Any] = {}

    def value(self, value: Shared) -> Shared:
        """Return an equal value, held once however many devices have it."""
        held: Shared = self._one(value, value)
        return held

    def mapping(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return an equal mapping that nobody can change, held once however many devices say the same."""
        held: Mapping[str, Value] = self._one(frozenset(values.items()), MappingProxyType(dict(values)))
        return held

    def _one(self, key: Any, value: Any) -> Any:
        if len(self._values) > _MOST:
            self._values.clear()
        return self._values.setdefault(key, value)
