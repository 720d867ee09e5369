"""How is a function of a Windows library called, and what does its error mean?"""

import sys

assert sys.platform == "win32"

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_int32, c_uint32, c_uint64, c_void_p
from typing import Any

from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, ProbeError, TimedOut, Unreadable, Unsupported
from fernbereit_agent.windows_layouts import Guid

Handle = c_void_p
NO_HANDLE = c_void_p(-1).value
FROM_SYSTEM_FOLDER = 0x800
"""LOAD_LIBRARY_SEARCH_SYSTEM32: a library in the working folder is never taken."""

_DENIED = frozenset({5, 0x80070005, 0x80041003, 1314})
_MISSING = frozenset({2, 3, 259, 1060, 1168, 0x80070002, 0x80041002, 0x8028400F})
_NO_SUCH_CALL = frozenset(
    {1, 50, 120, 127, 0x80004001, 0x80004002, 0x80040154, 0x800401F3, 0x8004100E, 0x80041010, 0x80070032}
)
_NOT_RUNNING = frozenset({1062, 0x8010001D, 0x8010001E, 0x80070426})
_TOO_SLOW = frozenset({1460, 0x00040004, 0x80043001})

FILE_SHARED = 3
OPEN_EXISTING = 3


def function(library: str, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of a system library; raises `Unsupported` where library or function is missing."""
    try:
        found = getattr(ctypes.WinDLL(library, winmode=FROM_SYSTEM_FOLDER, use_last_error=True), name)
    except (OSError, AttributeError):
        raise Unsupported(Reason.API_MISSING, f"{library}!{name}") from None
    found.restype = result
    found.argtypes = arguments
    return found  # type: ignore[no-any-return]


def error_of(code: int, where: str) -> ProbeError:
    """Return what a Win32 error, an HRESULT or a smart card error stands for."""
    code &= 0xFFFFFFFF
    told = f"{where}: 0x{code:08x}"
    if code in _DENIED:
        return Denied(detail=told)
    if code in _MISSING:
        return NotHere(detail=told)
    if code in _NOT_RUNNING:
        return NotHere(Reason.NOT_CONFIGURED, told)
    if code in _NO_SUCH_CALL:
        return Unsupported(Reason.API_MISSING, told)
    return TimedOut(detail=told) if code in _TOO_SLOW else Unreadable(detail=told)


def check(code: int, where: str) -> None:
    """Raise what a code other than zero stands for."""
    if code:
        raise error_of(code, where)


def check_result(code: int, where: str) -> None:
    """Raise what a failed HRESULT stands for; a success that says more is a success."""
    if code < 0:
        raise error_of(code, where)


def last_error(where: str) -> ProbeError:
    """Return what the last Win32 error of this thread stands for."""
    return error_of(ctypes.get_last_error(), where)


def guid(text: str) -> Guid:
    """Return the GUID a text names, with or without braces; raises `Unreadable`."""
    made = Guid()
    check_result(
        function("ole32", "IIDFromString", c_int32, ctypes.c_wchar_p, c_void_p)(
            "{" + text.strip("{}") + "}", ctypes.byref(made)
        ),
        "IIDFromString",
    )
    return made


@contextmanager
def opened(path: str, access: int) -> Iterator[int]:
    """Open a device and close it; `access` 0 asks for properties only."""
    create = function(
        "kernel32", "CreateFileW", Handle,
        ctypes.c_wchar_p, c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_void_p,
    )  # fmt: skip
    handle = create(path, access, FILE_SHARED, None, OPEN_EXISTING, 0, None)
    if handle is None or handle == NO_HANDLE:
        raise last_error("CreateFileW")
    try:
        yield handle
    finally:
        function("kernel32", "CloseHandle", c_int32, Handle)(handle)


def controlled(handle: int, code: int, question: bytes, longest: int) -> bytes:
    """Return what a device answers to a control code."""
    control = function(
        "kernel32", "DeviceIoControl", c_int32,
        Handle, c_uint32, c_void_p, c_uint32, c_void_p, c_uint32, c_void_p, c_void_p,
    )  # fmt: skip
    asked = ctypes.create_string_buffer(question, max(1, len(question)))
    answer, size = ctypes.create_string_buffer(longest), c_uint32(0)
    if not control(handle, code, asked, len(question), answer, longest, ctypes.byref(size), None):
        raise last_error(f"DeviceIoControl {code:#x}")
    return answer.raw[: size.value]


def table(name: str, row: int, *family: int) -> tuple[bytes, ...]:
    """Return the rows of an IP helper table that is freed with FreeMibTable."""
    ask = function("iphlpapi", name, c_uint32, *(c_uint32 for _ in family), c_void_p)
    place = c_void_p()
    check(ask(*family, ctypes.byref(place)), name)
    try:
        count = ctypes.cast(place, ctypes.POINTER(c_uint32))[0]
        whole = ctypes.string_at(place.value or 0, 8 + count * row)
    finally:
        function("iphlpapi", "FreeMibTable", None, c_void_p)(place)
    return tuple(whole[8 + number * row : 8 + (number + 1) * row] for number in range(count))


def device_paths(interface: str) -> tuple[str, ...]:
    """Return the paths of the present devices with a device interface; none is opened."""
    kind = guid(interface)
    devices = function("setupapi", "SetupDiGetClassDevsW", Handle, c_void_p, c_void_p, c_void_p, c_uint32)(
        ctypes.byref(kind),
        None,
        None,
        0x12,  # DIGCF_PRESENT | DIGCF_DEVICEINTERFACE
    )
    if devices is None or devices == NO_HANDLE:
        raise last_error("SetupDiGetClassDevsW")
    try:
        return tuple(_device_paths(devices, kind))
    finally:
        function("setupapi", "SetupDiDestroyDeviceInfoList", c_int32, Handle)(devices)


class _InterfaceData(ctypes.Structure):
    """SP_DEVICE_INTERFACE_DATA, 32 bytes on 64-bit Windows."""

    _fields_ = (("cbSize", c_uint32), ("kind", Guid), ("flags", c_uint32), ("reserved", c_uint64))


def _device_paths(devices: int, kind: Guid) -> Iterator[str]:
    following = function(
        "setupapi", "SetupDiEnumDeviceInterfaces", c_int32, Handle, c_void_p, c_void_p, c_uint32, c_void_p
    )
    detail = function(
        "setupapi", "SetupDiGetDeviceInterfaceDetailW", c_int32,
        Handle, c_void_p, c_void_p, c_uint32, c_void_p, c_void_p,
    )  # fmt: skip
    for number in range(64):
        one = _InterfaceData(cbSize=ctypes.sizeof(_InterfaceData))
        if not following(devices, None, ctypes.byref(kind), number, ctypes.byref(one)):
            if ctypes.get_last_error() == 259:
                return
            raise last_error("SetupDiEnumDeviceInterfaces")
        told = ctypes.create_string_buffer((8).to_bytes(4, "little"), 2048)  # cbSize of the fixed part
        if detail(devices, ctypes.byref(one), told, len(told), None, None):
            yield told.raw[4:].decode("utf-16-le", errors="replace").partition("\0")[0]
