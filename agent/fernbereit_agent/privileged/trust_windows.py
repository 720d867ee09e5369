"""Who may write a file of Windows, and how is a folder made that only SYSTEM and administrators write?"""

import sys

assert sys.platform == "win32"

import ctypes
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int32, c_uint32, c_void_p, c_wchar_p
from pathlib import Path

from fernbereit_agent.host_windows_calls import check, function, last_error
from fernbereit_agent.privileged.access_lists import Untrusted, closed_to_others

FILE_OBJECT, OWNER_AND_LIST, REVISION = 1, 0x1 | 0x4, 1
FOLDER = "O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;AU)"
"""Who signed in may read. The folder inherits nothing from ProgramData, where everybody may make files."""
ALREADY_THERE = 183


class _Attributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES, 24 bytes on 64-bit Windows."""

    _fields_ = (("size", c_uint32), ("descriptor", c_void_p), ("inherited", c_int32))


def trusted_by_its_lists(place: Path) -> bool:
    """Tell whether nobody else may write; a link or junction is never trusted. Raises `FileNotFoundError`."""
    if os.lstat(place).st_file_attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT:
        return False
    return closed_to_others(descriptor_of(place))


def descriptor_of(place: Path) -> str:
    """Return owner and access list in the writing of Windows; raises a `ProbeError`."""
    found, text = c_void_p(), c_wchar_p()
    ask = function(
        "advapi32", "GetNamedSecurityInfoW", c_uint32,
        c_wchar_p, c_int32, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p,
    )  # fmt: skip
    check(
        ask(str(place), FILE_OBJECT, OWNER_AND_LIST, None, None, None, None, ctypes.byref(found)),
        "descriptor",
    )
    with _freed(found):
        tell = function(
            "advapi32", "ConvertSecurityDescriptorToStringSecurityDescriptorW", c_int32,
            c_void_p, c_uint32, c_uint32, c_void_p, c_void_p,
        )  # fmt: skip
        if not tell(found, REVISION, OWNER_AND_LIST, ctypes.byref(text), None):
            raise last_error("ConvertSecurityDescriptor")
        told = text.value or ""
        _free(ctypes.cast(text, c_void_p))
        return told


def make_folder(place: Path) -> None:
    """Make the folder unless it is there; raises a `ProbeError`."""
    read = function(
        "advapi32", "ConvertStringSecurityDescriptorToSecurityDescriptorW", c_int32,
        c_wchar_p, c_uint32, c_void_p, c_void_p,
    )  # fmt: skip
    found = c_void_p()
    if not read(FOLDER, REVISION, ctypes.byref(found), None):
        raise last_error("ConvertStringSecurityDescriptor")
    with _freed(found):
        attributes = _Attributes(ctypes.sizeof(_Attributes), found, 0)
        make = function("kernel32", "CreateDirectoryW", c_int32, c_wchar_p, c_void_p)
        if not make(str(place), ctypes.byref(attributes)) and ctypes.get_last_error() != ALREADY_THERE:
            raise last_error("CreateDirectoryW")


@contextmanager
def _freed(place: c_void_p) -> Iterator[None]:
    try:
        yield
    finally:
        _free(place)


def _free(place: c_void_p) -> None:
    function("kernel32", "LocalFree", c_void_p, c_void_p)(place)


def check_folder(folder: Path) -> None:
    """Raise `Untrusted` if somebody else made the folder first."""
    if not trusted_by_its_lists(folder):
        raise Untrusted


def read(folder: Path, name: str, largest: int) -> bytes:
    """Return at most `largest` + 1 bytes of the file; raises `Untrusted`, `OSError` or a `ProbeError`."""
    place = folder / name
    if not (trusted_by_its_lists(folder) and trusted_by_its_lists(place)):
        raise Untrusted
    with place.open("rb") as file:
        return file.read(largest + 1)
