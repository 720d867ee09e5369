"""What do Windows and a service say to each other? Codes, structures, and what a control asks for.

Pure: nothing here calls the system. Sizes and offsets stand in `tests/agent/windows/win64_service_layout.txt`
as a compiler for Windows sees them. Codes: winsvc.h, winuser.h.
"""

import ctypes
from ctypes import c_uint32, c_uint64
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Installed:
    """How the service is entered; the account is a virtual one, made by Windows with the service."""

    name: str = NAME
    title: str = "Fernbereit Agent"
    description: str = (
        "Prüft, ob dieser Rechner für die Arbeit von zu Hause bereit ist, und meldet das der eigenen Behörde."
    )
    account: str = rf"NT SERVICE\{NAME}"
    privileges: tuple[str, ...] = ("SeChangeNotifyPrivilege",)
    """Every account has it; all others are taken from the service."""

    restarts_ms: tuple[int, ...] = (60_000, 300_000, 900_000)
    """Waits after the first, the second and every further crash within a day."""

    forgotten_after_s: int = 86_400


class ServiceText(ctypes.Structure):
    """SERVICE_DESCRIPTIONW and SERVICE_REQUIRED_PRIVILEGES_INFOW: a pointer to a text."""

    _fields_ = (("text", c_uint64),)


class ServiceNumber(ctypes.Structure):
    """SERVICE_DELAYED_AUTO_START_INFO and SERVICE_SID_INFO: a number."""

    _fields_ = (("number", c_uint32),)


class ServiceAction(ctypes.Structure):
    """SC_ACTION: type 1 restarts the service, after so many milliseconds."""

    _fields_ = (("Type", c_uint32), ("Delay", c_uint32))


class ServiceFailureActions(ctypes.Structure):
    """SERVICE_FAILURE_ACTIONSW."""

    _fields_ = (
        ("dwResetPeriod", c_uint32),
        ("lpRebootMsg", c_uint64),
        ("lpCommand", c_uint64),
        ("cActions", c_uint32),
        ("lpsaActions", c_uint64),
    )


def command_line(executable: str, *, frozen: bool) -> str:
    r"""Return what Windows starts: the frozen program itself, or Python without a console.

    >>> command_line(r"C:\Program Files\Fernbereit Agent\python\python.exe", frozen=False)
    '"C:\\Program Files\\Fernbereit Agent\\python\\pythonw.exe" -m fernbereit_agent run --service'
    """
    if frozen:
        return f'"{executable}" run --service'
    folder = executable.rpartition("\\")[0]
    return f'"{folder}\\pythonw.exe" -m fernbereit_agent run --service'
