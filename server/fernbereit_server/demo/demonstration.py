"""How is everything of the demonstration started in order, watched, and ended whatever happens?"""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Protocol

from fernbereit_server.app import create_app
from fernbereit_server.collector import Collector
from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.files import write_draft, write_settings
from fernbereit_server.demo.folder import DemoFolder, demo_folder
from fernbereit_server.demo.laptops import Laptops, Pace
from fernbereit_server.demo.preparation import OwnRow, prepare
from fernbereit_server.demo.processes import Served, ThisComputer, claim
from fernbereit_server.demo.running import HOST, Demonstration, Plan
from fernbereit_server.demo.sender import Resend
from fernbereit_server.errors import ServerError
from fernbereit_server.settings import (
    BrokerSettings,
    HttpSettings,
    InventorySettings,
    PublicationSettings,
    Settings,
)

INTERVAL_S = 60.0
"""Seconds between two reports of a simulated laptop: a quarter of an hour on the demonstration's clock."""
TICK_S = 5.0
LAPTOPS_A_SECOND = 100.0
_LOOK_S = 0.1
_START_S = 30.0


class Stopped(Exception):  # noqa: N818 - a wish, not an accident
    """Somebody wants the demonstration to end."""


class Progress(Protocol):
    """Hears how far a step is: `store`, `history`, `collector`, `laptops`, `computer`, `judged`."""

    def __call__(self, step: str, done: int, of: int) -> None:
        """Show that `done` of `of` parts of the step are finished."""


@contextmanager
def demonstration(plan: Plan, progress: Progress, stop: Event) -> Iterator[Demonstration]:
    """Start everything; end it in reverse order on leaving, on failure and when `stop` is set.

    Raises `ServerError` with a sentence for people, or `Stopped`.
    """
    with ExitStack() as ending:
        listener = claim(HOST, plan.port, instead=plan.port + 10)
        ending.callback(listener.close)
        claim(HOST, plan.broker_port, instead=plan.port + 10).close()
        folder = ending.enter_context(demo_folder(plan.data))
        ending.callback(_log_to(folder.path / "collector.log"))
        settings = _settings(plan, folder)
        today = datetime.now(settings.zone).date()

        progress("store", 0, 1)
        key = bytes.fromhex(folder.key)
        authority = make_authority(seed=plan.seed, devices=plan.devices, today=today, key=key)
        write_settings(settings, folder.key)
        write_draft(settings.data)

        def day_is_written(done: int, of: int) -> None:
            _unless(stop)
            progress("store", 1, 1)
            progress("history", done, of)

        prepare(
            settings,
            authority,
            own=OwnRow(label=plan.own_label, host_name=socket.gethostname()),
            today=today,
            seed=plan.seed,
            on_day=day_is_written,
        )

        progress("collector", 0, 1)
        collector = Collector(settings)
        app = create_app(collector)
        served = Served(collector, app, listener)
        ending.callback(served.stop)
        served.start()
        if not wait_until(lambda: served.is_ready, stop, within_s=_START_S):
            raise ServerError(f"the collector is not ready after {_START_S:.0f} seconds: {collector.state}")
        progress("collector", 1, 1)

        laptops = Laptops(
            [LiveLaptop(device, seed=plan.seed, today=today) for device in authority.reporting],
            host=HOST,
            port=plan.broker_port,
            pace=Pace(
                start_spread_s=len(authority.reporting) / LAPTOPS_A_SECOND,
                interval_s=INTERVAL_S,
                drain_s=0.5,
                resend=Resend(first_s=5, max_s=60),
            ),
            seed=plan.seed,
            log=plan.log,
        )
        ending.callback(laptops.stop)
        laptops.start()
        computer = ThisComputer(
            folder.path / "this-computer",
            broker_port=plan.broker_port,
            console_port=plan.port,
            device_id=folder.this_computer,
            inventory_key=folder.key,
        )
        ending.callback(computer.stop)
        computer.start()
        yield Demonstration(
            plan=plan,
            folder=folder,
            authority=authority,
            collector=collector,
            publisher=app.state.publisher,
            outlook=app.state.outlook,
            served=served,
            laptops=laptops,
            computer=computer,
        )


def wait_until(true: Callable[[], bool], stop: Event, within_s: float | None = None) -> bool:
    """Look again and again; return False when the time is over, raise `Stopped` when `stop` is set."""
    deadline = None if within_s is None else time.monotonic() + within_s
    while not true():
        if deadline is not None and time.monotonic() > deadline:
            return False
        if stop.wait(_LOOK_S):
            raise Stopped
    return True


def _unless(stop: Event) -> None:
    if stop.is_set():
        raise Stopped


def _settings(plan: Plan, folder: DemoFolder) -> Settings:
    return Settings(
        data=folder.path,
        report_interval_s=INTERVAL_S,
        http=HttpSettings(host=HOST, port=plan.port),
        broker=BrokerSettings(embedded=True, host=HOST, port=plan.broker_port),
        publication=PublicationSettings(tick_s=TICK_S, freshness_tick_s=TICK_S),
        inventory=InventorySettings(key=folder.key),
    )


def _log_to(file: Path) -> Callable[[], None]:
    """Send warnings to a file, out of the way of what people read; return what ends it."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)

    def end() -> None:
        root.removeHandler(handler)
        handler.close()

    return end
