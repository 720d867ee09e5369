"""How does this machine answer the three ports of Windows?

This file and its neighbours `host_windows_*.py` are the only ones that touch winreg, and with `clock.py` and
`windows_layouts.py` the only ones that touch ctypes. Everything in them runs as a standard user.
"""

import sys

assert sys.platform == "win32"

import winreg
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, Unreadable
from fernbereit_agent.host_windows_native import LocalNative
from fernbereit_agent.host_windows_user import console_user_hive
from fernbereit_agent.host_windows_wmi import LocalWmi
from fernbereit_agent.windows_ports import Native, Registry, RegistryValue, Wmi

_TEXTS = (winreg.REG_SZ, winreg.REG_EXPAND_SZ)
_NUMBERS = (winreg.REG_DWORD, winreg.REG_QWORD)


class _Open:
    """One open key, closed at the end of the block."""

    def __init__(self, key: str) -> None:
        hive, _, path = key.partition("\\")
        if hive == "HKCU":
            root, inside = console_user_hive()
            path = f"{inside}\\{path}" if inside else path
        else:
            root = winreg.HKEY_LOCAL_MACHINE
        self._handle = winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)

    def __enter__(self) -> winreg.HKEYType:
        return self._handle

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.Close()


class LocalRegistry:
    """The 64-bit registry of this machine."""

    def value(self, key: str, name: str) -> RegistryValue:
        """Return a value."""
        with _registry_errors(f"{key} {name}"), _Open(key) as handle:
            found, kind = winreg.QueryValueEx(handle, name)
        if kind in _TEXTS:
            return str(found)
        if kind in _NUMBERS:
            return int(found)
        if kind == winreg.REG_BINARY:
            return bytes(found or b"")
        if kind == winreg.REG_MULTI_SZ:
            return tuple(map(str, found or ()))
        raise Unreadable(detail=f"{key} {name} is of type {kind}")

    def has_value(self, key: str, name: str) -> bool:
        """Tell whether a value exists."""
        try:
            with _registry_errors(key), _Open(key) as handle:
                return any(each.casefold() == name.casefold() for each in _value_names(handle))
        except NotHere:
            return False

    def value_names(self, key: str) -> tuple[str, ...]:
        """Return the sorted names of a key's values."""
        try:
            with _registry_errors(key), _Open(key) as handle:
                return tuple(sorted(_value_names(handle)))
        except NotHere:
            return ()

    def has_key(self, key: str) -> bool:
        """Tell whether a key exists."""
        try:
            with _registry_errors(key), _Open(key):
                return True
        except NotHere:
            return False

    def subkeys(self, key: str) -> tuple[str, ...]:
        """Return the sorted names below a key."""
        try:
            with _registry_errors(key), _Open(key) as handle:
                count = winreg.QueryInfoKey(handle)[0]
                return tuple(sorted(winreg.EnumKey(handle, number) for number in range(count)))
        except NotHere:
            return ()


class LocalWindows:
    """The ports of this machine."""

    @property
    def registry(self) -> Registry:
        """Return the registry."""
        return LocalRegistry()

    @property
    def wmi(self) -> Wmi:
        """Return WMI."""
        return LocalWmi()

    @property
    def native(self) -> Native:
        """Return the native calls."""
        return LocalNative()


def _value_names(handle: winreg.HKEYType) -> Iterator[str]:
    for number in range(winreg.QueryInfoKey(handle)[1]):
        yield winreg.EnumValue(handle, number)[0]


@contextmanager
def _registry_errors(place: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotHere(Reason.NOT_CONFIGURED, place) from None
    except PermissionError:
        raise Denied(detail=place) from None
    except OSError as error:
        raise Unreadable(detail=f"{place}: {error.strerror}") from None
