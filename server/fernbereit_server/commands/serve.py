"""Run the collector: `fernbereit serve`."""

import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from fernbereit.words import Words
from fernbereit_server.app import create_app
from fernbereit_server.collector import Collector
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import AddressInUseError, ServerError, SettingsError
from fernbereit_server.reflector import reflecting
from fernbereit_server.settings import SYSTEM_FILE, Settings, load_settings
from fernbereit_server.stalls import LOOK_FOR_GARBAGE_S, look_for_garbage, settle
from fernbereit_server.store.claim import claimed_folder
from fernbereit_server.store.folder import open_folder

_GRACE_S = 5


def serve(
    *,
    settings: Annotated[
        Path | None, typer.Option(help=f"Settings (TOML); default: {SYSTEM_FILE} if there is one.")
    ] = None,
    check_settings: Annotated[
        bool, typer.Option("--check-settings", help="Only say whether the settings are right.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Take in the reports of laptops, and serve console, API and metrics.

    Exit codes: 0 ended by Ctrl+C or a signal; 1 it could not be started, such as by a port in use or a folder
    that cannot be written;
    2 wrong arguments or settings, nothing was started.
    """
    say = words(choose_language(lang))
    try:
        loaded = load_settings(settings, environment=os.environ)
        if check_settings:
            typer.echo(say("serve.settings_are_right"))
            return
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        for noisy in ("alembic", "iotcore", "uvicorn"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        asyncio.run(run(loaded, say))
    except ServerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, SettingsError) else 1) from None


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again and so skip the collector's orderly end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(settings: Settings, say: Words) -> None:
    """Serve until SIGINT or SIGTERM; raises `ServerError` if that cannot begin."""
    open_folder(settings.data)
    with claimed_folder(settings.data), contextlib.closing(claim(settings)) as listener:
        collector = Collector(settings)
        collector.every(LOOK_FOR_GARBAGE_S, look_for_garbage)
        app = create_app(collector)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=_GRACE_S
        )
        server = _Server(config)
        with _ending(server):
            async with reflecting(settings.reflector, collector.tally.datagrams):
                await collector.start()
                settle()
                try:
                    typer.echo(say("serve.ready", address=_address(settings), broker=_broker(settings)))
                    await server.serve(sockets=[listener])
                finally:
                    await collector.stop()
    typer.echo(say("serve.ended"))


def claim(settings: Settings) -> socket.socket:
    """Listen on the HTTP port before anything else is started; raises `AddressInUseError`."""
    host, port = settings.http.host, settings.http.port
    host = "127.0.0.1" if host == "localhost" else host
    # Named as TCP, asyncio sends answers at once; else each waits 40 ms on a connection that is kept.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise AddressInUseError(f"port {port} of {host} {why}; choose another with http.port") from None
    return listener


@contextlib.contextmanager
def _ending(server: uvicorn.Server) -> Iterator[None]:
    """Have SIGINT and SIGTERM end the server, and with it everything else."""

    def end(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _address(settings: Settings) -> str:
    host = f"[{settings.http.host}]" if ":" in settings.http.host else settings.http.host
    return f"http://{host}:{settings.http.port}"


def _broker(settings: Settings) -> str:
    return f"{settings.broker.host}:{settings.broker.port}"
