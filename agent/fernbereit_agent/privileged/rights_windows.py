"""How does SYSTEM ask Windows what a standard user may not?"""

import sys

assert sys.platform == "win32"

import ctypes
from contextlib import ExitStack
from ctypes import c_int32, c_uint32, c_void_p, c_wchar_p

from fernbereit_agent.host_windows import LocalRegistry
from fernbereit_agent.host_windows_calls import Handle, function, guid, last_error
from fernbereit_agent.host_windows_com import Object
from fernbereit_agent.host_windows_wmi import LocalWmi, bstr, connected, property_of
from fernbereit_agent.windows_ports import Registry, WmiRow, WmiValue

EXEC_METHOD = 24
"""Place of IWbemServices::ExecMethod in its table, wbemcli.h."""
ADJUST, ENABLED = 0x20 | 0x8, 0x2
PRIVILEGE = "SeSystemEnvironmentPrivilege"
LONGEST_VARIABLE = 1 << 16


class _Privilege(ctypes.Structure):
    """TOKEN_PRIVILEGES with one entry, 16 bytes."""

    _pack_ = 4
    _fields_ = (("count", c_uint32), ("luid", ctypes.c_uint64), ("attributes", c_uint32))


class LocalRights:
    """This machine."""

    @property
    def registry(self) -> Registry:
        """Return the registry."""
        return LocalRegistry()

    def rows(self, namespace: str, kind: str, *properties: str) -> tuple[WmiRow, ...]:
        """Return the named properties of each instance of a class."""
        return LocalWmi().rows(namespace, kind, *properties)

    def answer(self, namespace: str, path: str, method: str, name: str) -> WmiValue:
        """Return one value of what a method returns."""
        with ExitStack() as until:
            services = connected(until, namespace)
            place = c_void_p()
            instance, called = until.enter_context(bstr(path)), until.enter_context(bstr(method))
            services.ask(EXEC_METHOD, instance, called, 0, None, None, ctypes.byref(place), None)
            return property_of(until.enter_context(Object(place.value)), name)

    def variable(self, name: str) -> bytes:
        """Return a firmware variable."""
        _enable()
        word, _, owner = name.partition("-")
        content = ctypes.create_string_buffer(LONGEST_VARIABLE)
        ask = function(
            "kernel32", "GetFirmwareEnvironmentVariableW", c_uint32, c_wchar_p, c_wchar_p, c_void_p, c_uint32
        )
        guid(owner)  # says at once if the name is none
        size = ask(word, "{" + owner + "}", content, LONGEST_VARIABLE)
        if not size:
            raise last_error("GetFirmwareEnvironmentVariableW")
        return content.raw[:size]


def _enable() -> None:
    token, luid = Handle(), ctypes.c_uint64()
    own = function("kernel32", "GetCurrentProcess", Handle)()
    opened = function("advapi32", "OpenProcessToken", c_int32, Handle, c_uint32, c_void_p)
    if not opened(own, ADJUST, ctypes.byref(token)):
        raise last_error("OpenProcessToken")
    try:
        found = function("advapi32", "LookupPrivilegeValueW", c_int32, c_wchar_p, c_wchar_p, c_void_p)
        if not found(None, PRIVILEGE, ctypes.byref(luid)):
            raise last_error("LookupPrivilegeValueW")
        wanted = _Privilege(1, luid.value, ENABLED)
        adjusted = function(
            "advapi32",
            "AdjustTokenPrivileges",
            c_int32,
            Handle,
            c_int32,
            c_void_p,
            c_uint32,
            c_void_p,
            c_void_p,
        )
        if not adjusted(token, 0, ctypes.byref(wanted), 0, None, None) or ctypes.get_last_error():
            raise last_error("AdjustTokenPrivileges")
    finally:
        function("kernel32", "CloseHandle", c_int32, Handle)(token)
