"""How does a command end? With its answer, or at its deadline, whatever it does.

The only file of the agent that runs commands. At the deadline a command is killed with everything it started.
One that not even that ends, since the kernel holds it, as on a network folder whose server is gone, is left
behind and not started again as long as it is there.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO

from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, TimedOut, Unreadable

LONGEST_ANSWER = 1 << 20
DEADLINE_S = 10.0
GRACE_S = 3.0
"""How long a killed command may take to be gone, or one that answered to end."""

ANSWERS_ON_STDERR = ("/usr/sbin/sysadminctl",)
SAYS_NO_BY_FAILING = ("/usr/sbin/spctl", "/usr/sbin/smartctl")
FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_held: dict[tuple[str, ...], "subprocess.Popen[bytes]"] = {}
"""Commands that were killed and did not go, by how they were called."""


def run(*command: str) -> str:
    """Return what a command prints in the C locale, at most a megabyte; raises any `ProbeError`."""
    before = _held.get(command)
    if before is not None and before.poll() is None:
        raise TimedOut(detail=f"{command[0]} is still held by the system")
    _held.pop(command, None)
    process = _started(command)
    said: list[bytes] = []
    reading = threading.Thread(target=_read, args=(process.stdout, said), name="command", daemon=True)
    reading.start()
    reading.join(DEADLINE_S)
    code = None if reading.is_alive() else _code(process)
    if code is None:
        _end(process, command)
        raise TimedOut(detail=command[0])
    if code and command[0] not in SAYS_NO_BY_FAILING:
        raise Unreadable(detail=f"{command[0]} ended with {code}")
    encoding = "oem" if sys.platform == "win32" else "utf-8"
    return b"".join(said).decode(encoding, errors="replace")


def environment() -> dict[str, str]:
    """Return the environment of a command: no locale, no folder but those of the system."""
    if os.name == "posix":
        return {"LC_ALL": "C", "PATH": FOLDERS}
    system = os.environ.get("SYSTEMROOT", r"C:\Windows")
    return {"SYSTEMROOT": system, "PATH": rf"{system}\System32"}


def _started(command: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if command[0] in ANSWERS_ON_STDERR else subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
    except FileNotFoundError:
        raise NotHere(Reason.COMMAND_MISSING, command[0]) from None
    except PermissionError:
        raise Denied(detail=command[0]) from None
    except OSError as error:
        raise Unreadable(detail=f"{command[0]}: {error.strerror}") from None


def _read(answer: IO[bytes] | None, said: list[bytes]) -> None:
    """Take in the answer until it ends; of a longer one the first megabyte, then the pipe is closed."""
    assert answer is not None
    with answer, suppress(OSError):
        said.append(answer.read(LONGEST_ANSWER))


def _end(process: "subprocess.Popen[bytes]", command: tuple[str, ...]) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    if _code(process) is None:
        _held[command] = process


def _code(process: "subprocess.Popen[bytes]") -> int | None:
    try:
        return process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        return None
