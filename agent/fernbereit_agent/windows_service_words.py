"""What do Windows and a service say to each other? Codes, structures, and what a control asks for.

Pure: nothing here calls the system. Sizes and offsets stand in `tests/agent/windows/win64_service_layout.txt`
as a compiler for Windows sees them. Codes: winsvc.h, winuser.h.
"""

import ctypes
from ctypes import c_uint32, c_uint64
from enum import Enum, IntEnum

NAME = "FernbereitAgent"
"""Name of the service and of its source in the event log."""

OWN_PROCESS = 0x10
"""SERVICE_WIN32_OWN_PROCESS."""

ACCEPTED = 0x1 | 0x4 | 0x40
"""SERVICE_ACCEPT_STOP, _SHUTDOWN and _POWEREVENT. Not _PRESHUTDOWN: nothing is lost when the agent is cut
off, so no laptop waits for it."""

DONE, CALL_NOT_IMPLEMENTED, SERVICE_SPECIFIC = 0, 120, 1066
NO_MANAGER = 1063
"""ERROR_FAILED_SERVICE_CONTROLLER_CONNECT: the program was typed, not started as a service."""

WRONG = 2
"""Exit code of the agent for wrong settings. It is told to Windows as the end of the service, since another
start would end the same way; every other code is a crash, after which Windows starts the service again."""

START_HINT_MS = 60_000
STOP_HINT_MS = 20_000


class State(IntEnum):
    """dwCurrentState."""

    STOPPED = 1
    START_PENDING = 2
    STOP_PENDING = 3
    RUNNING = 4


class Asked(Enum):
    """What a control asks of the service."""

    STOP = "stop"
    """SERVICE_CONTROL_STOP, _SHUTDOWN."""

    WOKEN = "woken"
    """The machine has resumed from sleep (PBT_APMRESUMEAUTOMATIC)."""

    NOTHING = "nothing"
    """To be acknowledged only."""

    UNKNOWN = "unknown"
    """To be refused."""


class ServiceStatus(ctypes.Structure):
    """SERVICE_STATUS."""

    _fields_ = (
        ("dwServiceType", c_uint32),
        ("dwCurrentState", c_uint32),
        ("dwControlsAccepted", c_uint32),
        ("dwWin32ExitCode", c_uint32),
        ("dwServiceSpecificExitCode", c_uint32),
        ("dwCheckPoint", c_uint32),
        ("dwWaitHint", c_uint32),
    )


class ServiceTableEntry(ctypes.Structure):
    """SERVICE_TABLE_ENTRYW: a pointer to the name and one to the function; a table ends with a zero entry."""

    _fields_ = (("lpServiceName", c_uint64), ("lpServiceProc", c_uint64))


_STOPS = frozenset({0x1, 0x5})
_TELL = 0x4
_POWER = 0xD
_RESUMED = 0x12


def asked_by(control: int, event: int) -> Asked:
    """Return what a control asks for.

    Of the power events only the resumption itself counts. PBT_APMRESUMESUSPEND says that a person is there,
    others say that a lid, a cable or a battery changed: none of that is looked at.
    """
    if control in _STOPS:
        return Asked.STOP
    if control == _POWER:
        return Asked.WOKEN if event == _RESUMED else Asked.NOTHING
    return Asked.NOTHING if control == _TELL else Asked.UNKNOWN


def status_of(state: State, code: int = 0) -> ServiceStatus:
    """Return what is told to Windows; `code` is the exit code of a service that stopped."""
    hints = {State.START_PENDING: START_HINT_MS, State.STOP_PENDING: STOP_HINT_MS}
    return ServiceStatus(
        dwServiceType=OWN_PROCESS,
        dwCurrentState=state,
        dwControlsAccepted=ACCEPTED if state is State.RUNNING else 0,
        dwWin32ExitCode=SERVICE_SPECIFIC if code else 0,
        dwServiceSpecificExitCode=code,
        dwCheckPoint=1 if state in hints else 0,
        dwWaitHint=hints.get(state, 0),
    )
