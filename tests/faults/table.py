"""Which faults befall whom? The table of the fault tests, and what each line does.

A line holds for every pairing of broker and store where `where` is true. Each act ends what it began: after
it, everything must become well by itself.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from e2e.brokers import EMBEDDED
from faults.small_disk import can_mount
from faults.world import HEAL_S, PATIENCE_S, World
from processes import Program, wait_for
from realparts import missing

Where = Callable[[str, str], bool]


@dataclass(frozen=True)
class Fault:
    """One line: what happens, what does it, and in which pairings (broker, store)."""

    name: str
    act: Callable[[World], None]
    where: Where = lambda _broker, _store: True


def _own_broker(broker: str, _store: str) -> bool:
    return broker != EMBEDDED


def _with_server(_broker: str, store: str) -> bool:
    return store == "postgresql"


def _with_file(_broker: str, store: str) -> bool:
    return store == "sqlite" and can_mount()


def _collector_is_killed(world: World) -> None:
    world.kill(world.estate.collector)


def _collector_restarts(world: World) -> None:
    assert world.estate.collector.stop() == 0, world.estate.collector.tail()
    world.estate.collector.start()


def _collector_is_paused(world: World) -> None:
    with world.during(world.estate.collector.pause, world.estate.collector.resume):
        pass


def _broker_is_killed(world: World) -> None:
    if not world.estate.embedded:
        world.kill(world.estate.broker)
        return
    before = world.metric("fernbereit_collector_connections_lost_total")
    for process in _children(world.estate.collector):
        process.kill()
    wait_for(
        "a collector that noticed",
        lambda: world.metric("fernbereit_collector_connections_lost_total") > before,
        HEAL_S,
    )


def _broker_restarts(world: World) -> None:
    world.estate.broker.stop()
    world.estate.broker.start()


def _broker_is_paused(world: World) -> None:
    if not world.estate.embedded:
        with world.during(world.estate.broker.pause, world.estate.broker.resume):
            return
    children = _children(world.estate.collector)
    with world.during(
        partial(_each, children, psutil.Process.suspend), partial(_each, children, psutil.Process.resume)
    ):
        pass


def _database_is_killed(world: World) -> None:
    assert world.database is not None
    world.database.kill()
    world.database.start()


def _database_restarts(world: World) -> None:
    assert world.database is not None
    world.database.stop()
    world.database.start()


def _database_is_paused(world: World) -> None:
    assert world.database is not None
    with world.during(world.database.pause, world.database.resume):
        pass


def _agent_is_killed(world: World) -> None:
    world.kill(world.estate.agent)


def _agent_is_paused(world: World) -> None:
    with world.during(world.estate.agent.pause, world.estate.agent.resume):
        pass


def _laptops_are_cut_off(world: World) -> None:
    for name in ("senders", "agent"):
        world.estate.wires[name].cut()


def _collector_is_cut_off(world: World) -> None:
    world.estate.wires["collector"].cut()


def _database_is_cut_off(world: World) -> None:
    world.estate.wires["store"].cut()


def _agent_is_half_open(world: World) -> None:
    _half_open(world, "agent")


def _collector_is_half_open(world: World) -> None:
    _half_open(world, "collector")


def _half_open(world: World, name: str) -> None:
    wire = world.estate.wires[name]
    with world.during(wire.freeze, lambda: wire.thaw(forget=True)):
        pass


def _database_is_slow_to_answer(world: World) -> None:
    wire = world.estate.wires["store"]
    with world.during(wire.freeze, lambda: wire.thaw(forget=False)):
        pass


def _laptops_are_throttled(world: World) -> None:
    _throttle(world, "senders", 20_000)


def _collector_is_throttled(world: World) -> None:
    _throttle(world, "collector", 40_000)


def _throttle(world: World, name: str, bytes_per_s: float) -> None:
    wire = world.estate.wires[name]
    with world.during(lambda: wire.throttle(bytes_per_s), lambda: wire.throttle(None)):
        pass


def _collectors_clock_jumps(world: World) -> None:
    _clock_jumps(world, world.estate.collector, world.healed)


def _agents_clock_jumps(world: World) -> None:
    _clock_jumps(world, world.estate.agent, world.healed)


def _clock_jumps(world: World, program: Program, healed: Callable[[], None]) -> None:
    """Run it with a wall clock that jumps: two days ahead, three days back, and right again.

    The collector's own broker is its child and does not come up below faketime, so it is left out.
    """
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None) or missing("faketime")
    file = world.estate.folder / f"{program.name}.clock"
    clean = dict(program.env)
    file.write_text("+0")
    program.env |= {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    world.kill(program)
    world.patience_s = HEAL_S  # threads wait for their turn below faketime, see decision 024
    healed()
    for jump in ("+2d", "-1d", "+0"):
        file.write_text(jump)
        healed()
    world.patience_s, program.env = PATIENCE_S, clean
    world.kill(program)


def _disk_is_full(world: World) -> None:
    """Fill what is left of the collector's small disk, and make room again."""
    _collector_restarts(world)  # which ends the log of writes ahead, so that the next writes need room
    world.estate.wait_until_up(HEAL_S)
    ballast = world.estate.folder / "collector" / "ballast"
    _fill(ballast)
    try:
        wait_for("a collector that can write nothing", lambda: not world.estate.is_ready(), HEAL_S)
        assert "disk" in world.estate.why_not_ready(), world.estate.why_not_ready()
        assert world.metric("fernbereit_collector_paused") == 1
    finally:
        ballast.unlink()


def _fill(ballast: Path) -> None:
    room = shutil.disk_usage(ballast.parent).free
    with ballast.open("wb", buffering=0) as file:
        file.write(bytes(max(0, room - 4096)))


def _children(program: Program) -> list[psutil.Process]:
    assert program.process is not None
    return psutil.Process(program.process.pid).children(recursive=True)


def _each(processes: list[psutil.Process], happens: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        happens(process)


FAULTS = (
    Fault("the collector is killed", _collector_is_killed),
    Fault("the collector is paused", _collector_is_paused),
    Fault("the collector restarts", _collector_restarts),
    Fault("the broker is killed", _broker_is_killed),
    Fault("the broker is paused", _broker_is_paused),
    Fault("the broker restarts", _broker_restarts, _own_broker),
    Fault("the database is killed", _database_is_killed, _with_server),
    Fault("the database is paused", _database_is_paused, _with_server),
    Fault("the database restarts", _database_restarts, _with_server),
    Fault("the agent is killed", _agent_is_killed),
    Fault("the agent is paused", _agent_is_paused),
    Fault("laptops are cut off", _laptops_are_cut_off),
    Fault("the collector is cut off the broker", _collector_is_cut_off, _own_broker),
    Fault("the collector is cut off the database", _database_is_cut_off, _with_server),
    Fault("the agent's connection is half-open", _agent_is_half_open),
    Fault("the collector's connection is half-open", _collector_is_half_open, _own_broker),
    Fault("the database answers late", _database_is_slow_to_answer, _with_server),
    Fault("laptops have a thin line", _laptops_are_throttled),
    Fault("the collector has a thin line", _collector_is_throttled, _own_broker),
    Fault("the collector's clock jumps", _collectors_clock_jumps, _own_broker),
    Fault("the agent's clock jumps", _agents_clock_jumps),
    Fault("the disk is full", _disk_is_full, _with_file),
)
