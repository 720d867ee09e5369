"""How do tests start a real program, wait for it, kill it and see what it said?"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from realparts import lacking

T = TypeVar("T")


def free_port() -> int:
    """Return a TCP port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(what: str, probe: Callable[[], T | None], within_s: float = 30.0) -> T:
    """Call `probe` until it returns something true; an `OSError` counts as not yet. Fails with `what`."""
    deadline = time.monotonic() + within_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = probe()
            if last:
                return last
        except OSError as error:
            last = error
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {within_s:.0f} s; last seen: {last!r}")


def listening(port: int) -> bool:
    """Tell whether something accepts connections on a loopback port."""
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


class Program:
    """One real process with a log file; start, kill and start again."""

    def __init__(
        self, name: str, argv: Sequence[str], folder: Path, env: dict[str, str] | None = None
    ) -> None:
        self.name = name
        self.argv = list(argv)
        self.log = folder / f"{name}.log"
        self.env = {**os.environ, **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a process group of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv, stdout=log, stderr=log, env=self.env, start_new_session=True
            )

    def kill(self) -> None:
        """Send SIGKILL to the program and everything it started."""
        if self.process is not None:
            if sys.platform == "win32":
                lacking("needs the process groups of POSIX")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)

    def pause(self) -> None:
        """Send SIGSTOP to the program and everything it started."""
        assert self.process is not None
        if sys.platform == "win32":
            lacking("needs the process groups of POSIX")
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused program go on."""
        assert self.process is not None
        if sys.platform == "win32":
            lacking("needs the process groups of POSIX")
        os.killpg(self.process.pid, signal.SIGCONT)

    def stop(self, within_s: float = 15.0) -> int:
        """Send SIGTERM and return the exit code; kills what does not go."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not stop on SIGTERM:\n{self.tail()}") from None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def tail(self, lines: int = 30) -> str:
        """Return the end of its log, for a failure message."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Start the programs in order; whatever happens, leave none behind."""
    try:
        for program in programs:
            program.start()
        yield
    finally:
        for program in reversed(programs):
            program.kill()
