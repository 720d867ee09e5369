"""Whose settings are those of the person at the console?

A program in somebody's session sees that person's HKCU. A service has none of its own that matters: it looks
below HKEY_USERS for whoever sits at the console, and only there while that person is logged on. The name is
needed to find the SID; neither leaves this file.
"""

import sys

assert sys.platform == "win32"

import ctypes
import winreg
from ctypes import c_int32, c_uint32, c_void_p

from fernbereit.record import Reason
from fernbereit_agent.errors import Unsupported
from fernbereit_agent.host_windows_calls import function, last_error

NOBODY = 0xFFFFFFFF
_USER_NAME, _DOMAIN_NAME = 5, 7


def console_user_hive() -> tuple[int, str]:
    """Return a root key and the path below it; raises `Unsupported` where nobody is logged on."""
    if not _is_service():
        return winreg.HKEY_CURRENT_USER, ""
    session = function("kernel32", "WTSGetActiveConsoleSessionId", c_uint32)()
    name = _of_session(session, _USER_NAME) if session != NOBODY else ""
    if not name:
        raise Unsupported(Reason.NEEDS_USER_SESSION)
    return winreg.HKEY_USERS, _sid(f"{_of_session(session, _DOMAIN_NAME)}\\{name}")


def _is_service() -> bool:
    """Tell whether this process runs in session 0, where nobody sits."""
    session = c_uint32(0)
    ask = function("kernel32", "ProcessIdToSessionId", c_int32, c_uint32, c_void_p)
    own = function("kernel32", "GetCurrentProcessId", c_uint32)()
    return bool(ask(own, ctypes.byref(session))) and session.value == 0


def _of_session(session: int, what: int) -> str:
    ask = function(
        "wtsapi32", "WTSQuerySessionInformationW", c_int32, c_void_p, c_uint32, c_uint32, c_void_p, c_void_p
    )
    place, size = c_void_p(), c_uint32(0)
    if not ask(None, session, what, ctypes.byref(place), ctypes.byref(size)):
        raise last_error("WTSQuerySessionInformationW")
    try:
        return ctypes.wstring_at(place.value or 0)
    finally:
        function("wtsapi32", "WTSFreeMemory", None, c_void_p)(place)


def _sid(account: str) -> str:
    look_up = function(
        "advapi32", "LookupAccountNameW", c_int32,
        ctypes.c_wchar_p, ctypes.c_wchar_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p,
    )  # fmt: skip
    sid, size = ctypes.create_string_buffer(68), c_uint32(68)
    domain, length, use = ctypes.create_unicode_buffer(256), c_uint32(256), c_uint32(0)
    if not look_up(None, account, sid, ctypes.byref(size), domain, ctypes.byref(length), ctypes.byref(use)):
        raise last_error("LookupAccountNameW")
    text = c_void_p()
    if not function("advapi32", "ConvertSidToStringSidW", c_int32, c_void_p, c_void_p)(
        sid, ctypes.byref(text)
    ):
        raise last_error("ConvertSidToStringSidW")
    try:
        return ctypes.wstring_at(text.value or 0)
    finally:
        function("kernel32", "LocalFree", c_void_p, c_void_p)(text)
