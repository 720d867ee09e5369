"""How does the agent run as a service of Windows, without a helper program?

`fernbereit-agent run --service` is what Windows starts. A thread of its own speaks with the service
manager, which waits 30 seconds for a first word, before pydantic is imported. The main thread works as ever.
"""

import sys

assert sys.platform == "win32"

import ctypes
import os
import traceback
from collections.abc import Callable
from ctypes import c_int32, c_uint16, c_uint32, c_void_p, c_wchar_p
from pathlib import Path
from threading import Event, Thread

from fernbereit_agent.windows_service_log import LogFile
from fernbereit_agent.windows_service_words import (
    CALL_NOT_IMPLEMENTED,
    DONE,
    NAME,
    NO_MANAGER,
    WRONG,
    Asked,
    ServiceTableEntry,
    State,
    asked_by,
    status_of,
)

FAILED = 1
_FROM_SYSTEM_FOLDER = 0x800
_ERROR_EVENT = 1
_EVENT_ID = 1
"""EventCreate.exe, which the installation names as the file of messages, says 1 to 1000 as they are."""

_MAIN = ctypes.WINFUNCTYPE(None, c_uint32, c_void_p)
_HANDLER = ctypes.WINFUNCTYPE(c_uint32, c_uint32, c_uint32, c_void_p, c_void_p)


class Service:
    """This process as Windows sees it. One a process, since Windows gives one."""

    def __init__(self) -> None:
        library = ctypes.WinDLL("advapi32", winmode=_FROM_SYSTEM_FOLDER, use_last_error=True)
        self._dispatch = library.StartServiceCtrlDispatcherW
        self._dispatch.argtypes, self._dispatch.restype = (c_void_p,), c_int32
        self._register = library.RegisterServiceCtrlHandlerExW
        self._register.argtypes, self._register.restype = (c_wchar_p, _HANDLER, c_void_p), c_void_p
        self._set = library.SetServiceStatus
        self._set.argtypes, self._set.restype = (c_void_p, c_void_p), c_int32
        self._main, self._handler = _MAIN(self._begin), _HANDLER(self._control)  # kept alive with this object
        self._handle: int | None = None
        self._known, self._ended = Event(), Event()
        self._error = 0
        self._state = State.START_PENDING
        self._stop: Callable[[], object] | None = None
        self._woken: Callable[[], object] | None = None
        self._stop_asked = False

    def connect(self) -> bool:
        """Speak with the service manager; False if this process was not started by it."""
        Thread(target=self._talk, name="service manager", daemon=True).start()
        self._known.wait()
        return self._handle is not None

    def refused(self) -> str:
        """Say why `connect` did not succeed."""
        if self._error == NO_MANAGER:
            return "--service is for the service manager of Windows; type: fernbereit-agent run"
        return f"the service manager of Windows refuses: error {self._error}"

    def follow(self, *, stop: Callable[[], object], woken: Callable[[], object]) -> None:
        """Say that the service runs, and call these, from another thread, when Windows asks for it."""
        self._stop, self._woken = stop, woken
        self._tell(State.RUNNING)
        if self._stop_asked:
            stop()

    def stopped(self, code: int) -> None:
        """Say that the service has ended. The process may be ended by Windows at once: call this last."""
        self._tell(State.STOPPED, code)
        self._ended.set()

    def _talk(self) -> None:
        name = (c_uint16 * (len(NAME) + 1))(*map(ord, NAME))
        start = ctypes.cast(self._main, c_void_p).value
        table = (ServiceTableEntry * 2)(ServiceTableEntry(ctypes.addressof(name), start))
        if not self._dispatch(table):
            self._error = ctypes.get_last_error()
        self._known.set()

    def _begin(self, _count: int, _arguments: int) -> None:
        """ServiceMain: in a thread that Windows makes."""
        self._handle = self._register(NAME, self._handler, None)
        self._tell(self._state)
        self._known.set()
        self._ended.wait()

    def _control(self, control: int, event: int, _data: int, _context: int) -> int:
        """HandlerEx: in the thread of `_talk`; it only passes on, since Windows waits for the answer."""
        match asked_by(control, event):
            case Asked.STOP:
                self._stop_asked = True
                self._tell(State.STOP_PENDING)
                if self._stop is not None:
                    self._stop()
            case Asked.WOKEN:
                if self._woken is not None:
                    self._woken()
            case Asked.UNKNOWN:
                return CALL_NOT_IMPLEMENTED
            case Asked.NOTHING:
                pass
        return DONE

    def _tell(self, state: State, code: int = 0) -> None:
        self._state = state
        self._set(self._handle, ctypes.byref(status_of(state, code)))


_service: Service | None = None


def follow(*, stop: Callable[[], object], woken: Callable[[], object]) -> None:
    """See `Service.follow`; nothing happens where this process is no service."""
    if _service is not None:
        _service.follow(stop=stop, woken=woken)


def serve(work: Callable[[], int]) -> int:
    """Do the work as a service, with `agent.log` as its output, and return its exit code."""
    global _service  # noqa: PLW0603 - the service manager knows processes, and this is one
    service = Service()
    if not service.connect():
        if sys.stderr is not None:
            sys.stderr.write(f"{service.refused()}\n")
        return WRONG
    _service = service
    log = LogFile(Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Fernbereit" / "agent.log")
    sys.stdout = sys.stderr = log
    code = _outcome(work)
    if code:
        _write_event(f"{NAME} ended with code {code}.\n{log.last}")
    if code in {DONE, WRONG}:
        service.stopped(code)
    return code


def _outcome(work: Callable[[], int]) -> int:
    try:
        return work()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    except BaseException:  # noqa: BLE001 - the one fence of a process that nobody watches
        traceback.print_exc()
        return FAILED


def _write_event(text: str) -> None:
    """Write one line to the event log of Windows, which administrators look at first."""
    library = ctypes.WinDLL("advapi32", winmode=_FROM_SYSTEM_FOLDER)
    begin, write, end = (
        library.RegisterEventSourceW,
        library.ReportEventW,
        library.DeregisterEventSource,
    )
    begin.argtypes, begin.restype = (c_wchar_p, c_wchar_p), c_void_p
    write.argtypes = (
        c_void_p, c_uint16, c_uint16, c_uint32, c_void_p, c_uint16, c_uint32, c_void_p, c_void_p,
    )  # fmt: skip
    end.argtypes = (c_void_p,)
    source = begin(None, NAME)
    if source:
        lines = (c_wchar_p * 1)(text)
        write(source, _ERROR_EVENT, 0, _EVENT_ID, None, 1, 0, lines, None)
        end(source)
