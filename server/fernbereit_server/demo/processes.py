"""Which programs does the demonstration start beside itself, and how do they end?

The collector with its web pages in a thread of this process (its embedded broker is a process that ends with
this one), and the agent of this computer as a program of its own, exactly as on a laptop.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from fernbereit.settings_file import toml_line
from fernbereit_server.collector import Collector
from fernbereit_server.demo import tied
from fernbereit_server.errors import AddressInUseError, ServerError

_log = logging.getLogger(__name__)

T = TypeVar("T")

_END_S = 30.0
_STOP_S = 10.0


def claim(host: str, port: int, instead: int) -> socket.socket:
    """Bind and listen, so that nobody comes between; raises `AddressInUseError` naming a port to try."""
    # Named as TCP, asyncio sends answers at once; else each waits 40 ms on a connection that is kept.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise AddressInUseError(
            f"port {port} of {host} cannot be used, most likely somebody else listens there; "
            f"choose another: fernbereit demo --port {instead}"
        ) from None
    return listener


class Served:
    """The collector and its pages, on an event loop in a thread of its own."""

    def __init__(self, collector: Collector, app: Any, listener: socket.socket) -> None:
        self._collector = collector
        self._listener = listener
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="collector", daemon=True)
        self._error: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_ready(self) -> bool:
        """Tell whether pages are served and reports are read; raises `ServerError` once neither can be."""
        if self._thread.ident is not None and not self._thread.is_alive():
            raise self._error or ServerError("the collector ended; collector.log says why")
        return self._server.started and self._collector.state == "reading"

    def start(self) -> None:
        """Start the thread; `is_ready` says how it goes."""
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Have the collector's loop do something and wait; raises what it raises, or `TimeoutError`."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=_END_S)

    def stop(self) -> None:
        """Finish the requests under way, then end the collector and its broker."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(timeout=_END_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except ServerError as error:
            self._error = error
        except Exception as error:  # noqa: BLE001 - the fence of the thread
            _log.exception("the collector ended")
            self._error = ServerError(f"the collector ended: {type(error).__name__}: {error}")

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._collector.start()
        try:
            await self._server.serve(sockets=[self._listener])
        finally:
            await self._collector.stop()


class ThisComputer:
    """The agent of this computer, with short intervals and a data folder below the demonstration's.

    It ends with this process, however this one ends. The one service it is told to reach is the console, so
    that nothing leaves this computer.
    """

    def __init__(
        self, folder: Path, *, broker_port: int, console_port: int, device_id: str, inventory_key: str
    ) -> None:
        self.device_id = device_id
        self._folder = folder
        self._log = folder / "agent.log"
        self._settings = "\n".join(
            (
                toml_line("data", str(folder)),
                "[broker]",
                toml_line("port", broker_port),
                "[device]",
                toml_line("id", device_id),
                "[report]",
                toml_line("interval_s", 30),
                toml_line("start_spread_s", 0),
                toml_line("resend_s", 5),
                "[probes]",
                toml_line("inventory_key", inventory_key),
                "[[probes.targets]]",
                toml_line("name", "fernbereit"),
                toml_line("host", "127.0.0.1"),
                toml_line("port", console_port),
                toml_line("tls", value=False),
                "",
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / "agent.toml"
        settings.touch(mode=0o600)
        settings.write_text(self._settings, encoding="utf-8")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("FERNBEREIT_AGENT_")
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                (sys.executable, "-m", tied.__name__, "fernbereit_agent", "run", "--settings", str(settings)),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=environment,
            )

    @property
    def ended(self) -> int | None:
        """Return its exit code, or None while it runs."""
        return self._process.poll() if self._process else None

    def last_words(self) -> str:
        """Return the last line it printed, for a message about its end."""
        if not self._log.exists():
            return ""
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=_STOP_S)
        finally:
            if self._process.stdin:
                self._process.stdin.close()
