"""How is the service entered with Windows, changed and removed? `fernbereit-agent service install|remove`.

For the installation, which runs as administrator. Both may be repeated. By calls rather than `sc.exe`, whose
arguments hold quotation marks that PowerShell loses. Exit codes: 0 done, 1 refused, 2 wrong call.
"""

import sys

assert sys.platform == "win32"

import ctypes
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_int32, c_uint32, c_void_p, c_wchar_p

from fernbereit_agent.windows_service_words import (
    OWN_PROCESS,
    Installed,
    ServiceAction,
    ServiceFailureActions,
    ServiceNumber,
    ServiceStatus,
    ServiceText,
    State,
    command_line,
)

DONE, FAILED, WRONG = 0, 1, 2
STOP_S = 30.0
_FROM_SYSTEM_FOLDER = 0x800
_ALL_OF_THE_MANAGER, _ALL_OF_A_SERVICE = 0xF003F, 0xF01FF
_AUTOMATIC, _LOG_ERRORS, _STOP, _RESTART, _UNRESTRICTED_SID = 2, 1, 1, 1, 1
_MISSING, _LEAVING = 1060, 1072
_DESCRIPTION, _FAILURE_ACTIONS, _DELAYED_START, _SID, _PRIVILEGES = 1, 2, 3, 5, 6


class SetupError(Exception):
    """Windows refuses a call; says which, and its code."""


def setup(arguments: Sequence[str]) -> int:
    """Carry out one word of the command line."""
    work = {"install": install, "remove": remove}.get(arguments[0] if len(arguments) == 1 else "")
    if work is None:
        _say("fernbereit-agent service install|remove")
        return WRONG
    try:
        work()
    except SetupError as refused:
        _say(str(refused))
        return FAILED
    return DONE


def install() -> None:
    """Enter the service, or bring an entered one up to date; it is not started."""
    entry = Installed()
    command = command_line(sys.executable, frozen=getattr(sys, "frozen", False))
    with _manager() as manager:
        service = _opened(manager, entry.name)
        if service.value:
            changed = (service, OWN_PROCESS, _AUTOMATIC, _LOG_ERRORS, command, None, None, None)
            _call("ChangeServiceConfigW", c_int32, *changed, entry.account, None, entry.title)
        else:
            head = (manager, entry.name, entry.title, _ALL_OF_A_SERVICE, OWN_PROCESS, _AUTOMATIC, _LOG_ERRORS)
            made = _call("CreateServiceW", c_void_p, *head, command, None, None, None, entry.account, None)
            service = c_void_p(made)
        with _closed(service):
            _describe(service, entry)


def _describe(service: c_void_p, entry: Installed) -> None:
    description = ctypes.create_unicode_buffer(entry.description)
    privileges = ctypes.create_unicode_buffer("\0".join(entry.privileges) + "\0")
    waits = [ServiceAction(_RESTART, wait) for wait in entry.restarts_ms]
    actions = (ServiceAction * len(waits))(*waits)
    failures = ServiceFailureActions(
        dwResetPeriod=entry.forgotten_after_s, cActions=len(actions), lpsaActions=ctypes.addressof(actions)
    )
    levels = (
        ("description", _DESCRIPTION, ServiceText(ctypes.addressof(description))),
        ("restarts", _FAILURE_ACTIONS, failures),
        ("delayed start", _DELAYED_START, ServiceNumber(1)),
        ("identity", _SID, ServiceNumber(_UNRESTRICTED_SID)),
        ("privileges", _PRIVILEGES, ServiceText(ctypes.addressof(privileges))),
    )
    refused = [
        f"{name} (error {ctypes.get_last_error()})"
        for name, level, told in levels
        if not _call("ChangeServiceConfig2W", c_int32, service, level, ctypes.byref(told), may_fail=True)
    ]
    if refused:
        raise SetupError(f"the service is entered, but without: {', '.join(refused)}")


def remove() -> None:
    """Stop the service and strike it out; nothing happens where there is none."""
    with _manager() as manager:
        service = _opened(manager, Installed().name)
        if not service.value:
            return
        with _closed(service):
            _stop(service)
            if not _call("DeleteService", c_int32, service, may_fail=True):
                _is("DeleteService", _LEAVING)


def _opened(manager: c_void_p, name: str) -> c_void_p:
    """Return a handle of the service, the null pointer where there is none."""
    handle = _call("OpenServiceW", c_void_p, manager, name, _ALL_OF_A_SERVICE, may_fail=True)
    if not handle:
        _is("OpenServiceW", _MISSING)
    return c_void_p(handle)


def _stop(service: c_void_p) -> None:
    status = ServiceStatus()
    until = time.monotonic() + STOP_S
    asked = False
    while time.monotonic() < until:
        _call("QueryServiceStatus", c_int32, service, ctypes.byref(status))
        if status.dwCurrentState == State.STOPPED:
            return
        if not asked and status.dwCurrentState == State.RUNNING:
            _call("ControlService", c_int32, service, _STOP, ctypes.byref(status), may_fail=True)
            asked = True
        time.sleep(0.2)
    raise SetupError(f"the service did not stop within {STOP_S:g} s")


@contextmanager
def _manager() -> Iterator[c_void_p]:
    manager = c_void_p(_call("OpenSCManagerW", c_void_p, None, None, _ALL_OF_THE_MANAGER))
    with _closed(manager):
        yield manager


@contextmanager
def _closed(handle: c_void_p) -> Iterator[None]:
    try:
        yield
    finally:
        _call("CloseServiceHandle", c_int32, handle)


def _call(name: str, result: type, *arguments: object, may_fail: bool = False) -> int:
    """Call a function of advapi32; numbers go as 32 bits, texts as UTF-16."""
    library = ctypes.WinDLL("advapi32", winmode=_FROM_SYSTEM_FOLDER, use_last_error=True)
    function: Callable[..., int | None] = getattr(library, name)
    function.restype = result  # type: ignore[attr-defined]
    answer = function(*(_passed(argument) for argument in arguments))
    if not answer and not may_fail:
        raise SetupError(f"{name}: error {ctypes.get_last_error()}")
    return answer or 0


def _passed(argument: object) -> object:
    if isinstance(argument, str):
        return c_wchar_p(argument)
    return c_uint32(argument) if isinstance(argument, int) else argument


def _is(name: str, expected: int) -> None:
    """Raise `SetupError` unless the last call failed for this reason."""
    code = ctypes.get_last_error()
    if code != expected:
        raise SetupError(f"{name}: error {code}")


def _say(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
