"""How does a collector carry so many laptops? `fernbereit simulate`, against a broker on this computer."""

import asyncio
import gc
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from fernbereit.words import Words
from fernbereit_server.commands.endings import ended_by_signals
from fernbereit_server.commands.figures import number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.demo.sender_log import SenderLog
from fernbereit_server.settings import is_loopback
from fernbereit_server.simulate.engine import Simulation
from fernbereit_server.simulate.laptops import laptops
from fernbereit_server.simulate.open_files import most_connections
from fernbereit_server.simulate.plan import Plan, Scenario
from fernbereit_server.simulate.result import as_json

DONE, NOT_ALL, WRONG, NO_BROKER, INTERRUPTED = 0, 1, 2, 3, 130
_LOOK_S = 0.5


def simulate(  # noqa: PLR0913 - one argument an option
    *,
    devices: Annotated[int, typer.Option(min=1, max=200_000, help="Laptops.")] = 1000,
    interval: Annotated[
        float, typer.Option(min=1, max=86_400, help="Seconds from one report of a laptop to the next.")
    ] = 60.0,
    connections: Annotated[
        int | None, typer.Option(min=1, help="Connections; below the laptops, several share one.")
    ] = None,
    scenario: Annotated[Scenario, typer.Option(help="What happens meanwhile.")] = Scenario.NORMAL,
    minutes: Annotated[float, typer.Option(min=0.01, max=1440, help="So long records are written.")] = 5.0,
    spread: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds in which the laptops are switched on.")
    ] = 60.0,
    patience: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds to wait for what is not acknowledged then.")
    ] = 120.0,
    broker: Annotated[str, typer.Option(metavar="HOST:PORT", help="The broker.")] = "127.0.0.1:8741",
    restart_command: Annotated[
        str | None, typer.Option(help="Restarts the broker half-way (broker-restart).")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same laptops and moments.")] = 1,
    log: Annotated[
        Path | None, typer.Option(help="File for every record and answer, for an independent check.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Let thousands of laptops of the synthetic authority report, each by the real rules of delivery.

    normal: switched on within the spread; monday: switched on over most of the time, each with a complete
    record; storm: half-way all connections are cut and come back at once; broker-restart: half-way the broker
    is restarted, or all connections are cut, and they come back at random moments as real laptops do.

    Exit codes: 0 everything was acknowledged; 1 something was not, or the broker was not restarted; 2 wrong
    arguments; 3 no connection ever came about; 130 stopped before its end.
    """
    say = words(choose_language(lang))
    host, port = _place(broker, say)
    most = most_connections()
    wanted = min(connections or min(devices, most), devices)
    if wanted > most:
        raise typer.BadParameter(say("simulate.too_many", most=number(most, say)), param_hint="--connections")
    if restart_command and scenario is not Scenario.BROKER_RESTART:
        raise typer.BadParameter(say("simulate.restart_when"), param_hint="--restart-command")
    plan = Plan(
        devices=devices,
        interval_s=interval,
        connections=wanted,
        scenario=scenario,
        run_s=minutes * 60,
        patience_s=patience,
        start_spread_s=spread,
        host=host,
        port=port,
        seed=seed,
        restart_command=restart_command,
    )
    simulation, interrupted = _simulated(plan, log, say)
    told = as_json(simulation, interrupted=interrupted)
    typer.echo(json.dumps(told, indent=2) if as_json_ else page(simulation, say))
    raise typer.Exit(_code(simulation, interrupted=interrupted))


def _place(broker: str, say: Words) -> tuple[str, int]:
    host, _, port = broker.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise typer.BadParameter(say("simulate.no_place"), param_hint="--broker")
    if not is_loopback(host):
        raise typer.BadParameter(say("simulate.loopback"), param_hint="--broker")
    return host, int(port)


def _simulated(plan: Plan, log: Path | None, say: Words) -> tuple[Simulation, bool]:
    """Run it while a bar moves on; return it with whether somebody stopped it."""
    console = Console(stderr=True)
    try:
        sender_log = SenderLog(log)
    except OSError as error:
        raise typer.BadParameter(f"{log}: {error.strerror}", param_hint="--log") from None
    stop = threading.Event()
    try:
        with ended_by_signals(stop):
            with console.status(say("simulate.preparing", devices=number(plan.devices, say))):
                today = datetime.now(UTC).date()
                sources = list(laptops(plan.devices, seed=plan.seed, today=today))
                simulation = Simulation(plan, sources, sender_log)
                gc.collect()
                gc.freeze()  # a million objects that stay: looking through them would stop every laptop
            asyncio.run(_run(simulation, stop, console, say))
    finally:
        sender_log.close()
    return simulation, stop.is_set()


async def _run(simulation: Simulation, stop: threading.Event, console: Console, say: Words) -> None:
    running = asyncio.create_task(simulation.run())
    with _bar(simulation, console, say) as (progress, task):
        while not running.done() and not stop.is_set():
            await asyncio.wait({running}, timeout=_LOOK_S)
            progress.update(
                task, completed=min(simulation.now_s, simulation.plan.run_s), told=_now(simulation, say)
            )
    running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        return


@contextmanager
def _bar(simulation: Simulation, console: Console, say: Words) -> Iterator[tuple[Progress, TaskID]]:
    columns = (BarColumn(20), TimeElapsedColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*columns, console=console) as progress:
        yield progress, progress.add_task("", total=simulation.plan.run_s, told=_now(simulation, say))


def _now(simulation: Simulation, say: Words) -> str:
    figures = simulation.figures
    return say(
        "simulate.now",
        up=number(figures.herd.up, say),
        written=number(figures.written, say),
        acknowledged=number(figures.acknowledged, say),
        waiting=number(figures.waiting, say),
        p50=_milliseconds(figures.to_ack.share(0.5), say),
        p99=_milliseconds(figures.to_ack.share(0.99), say),
    )


def _milliseconds(seconds: float | None, say: Words) -> str:
    return "-" if seconds is None else number(round(seconds * 1000), say)


def page(simulation: Simulation, say: Words) -> str:
    """Say in a few lines what came of it."""
    plan, figures, herd = simulation.plan, simulation.figures, simulation.figures.herd
    lines = [
        say(
            "simulate.who",
            devices=number(plan.devices, say),
            connections=number(plan.connections, say),
            seconds=number(round(simulation.now_s), say),
        ),
        _now(simulation, say),
        say("simulate.herd", most=number(max(herd.made.counts, default=0), say)),
    ]
    if herd.back_s is not None:
        lost, back = number(herd.lost, say), number(round(herd.back_s, 1), say)
        lines.append(say("simulate.back", lost=lost, seconds=back))
    if simulation.restart_failed:
        lines.append(say("simulate.not_restarted"))
    if figures.refused:
        lines.append(say("simulate.refused", number=number(figures.refused, say)))
    if figures.missing:
        lines.append(say("simulate.missing", number=number(figures.missing, say)))
    if not herd.made.counts:
        lines.append(say("simulate.no_broker", place=f"{plan.host}:{plan.port}"))
    elif figures.waiting:
        lines.append(say("simulate.waiting", number=number(figures.waiting, say)))
    else:
        lines.append(say("simulate.all"))
    return "\n".join(lines)


def _code(simulation: Simulation, *, interrupted: bool) -> int:
    if interrupted:
        return INTERRUPTED
    if not simulation.figures.herd.made.counts:
        return NO_BROKER
    failed = simulation.figures.waiting or simulation.figures.refused or simulation.restart_failed
    return NOT_ALL if failed else DONE
