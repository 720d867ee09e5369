"""What does the agent cost on a laptop, beside others in the same minutes? Writes into docs/performance.md.

make bench-agent                    ten idle minutes, then a day's 96 reports one soon after the other
make bench-agent ARGS="--minutes 2" shorter, to try it out

The agents beside it: tests/bench/install-peers. One that is not installed has no row.
"""

import argparse
import contextlib
import os
import platform
import socket
import ssl
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import psutil
import trustme

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import agent_peers, programs, report_file
from bench.agent_cost import memory, sleeps_between, spent
from bench.counted import Counted, counted
from fernbereit_agent.schedule import until_report
from processes import Program, free_port, listening, running, wait_for

INTERVAL_S, DAY_S = 900.0, 86_400.0
REPORTS = int(DAY_S / INTERVAL_S)
SETTLE_S = 45
TARGETS = 3
DAY_TAKES_S = 288.0
"""In the second part a report comes every three seconds, more than it takes to make and deliver it."""

SETTINGS = """
data = "{folder}/{name}"
[broker]
port = {port}
[device]
id = "{device_id}"
[report]
interval_s = {interval_s}
start_spread_s = 0
drain_s = 0.1
"""
TARGET = """
[[probes.targets]]
name = "target-{number}"
host = "127.0.0.1"
port = {port}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One agent over the idle minutes."""

    name: str
    version: str
    does: str
    pss: int
    private: int
    cpu_s: float
    sleeps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day's reports without the time between them."""

    cpu_s: float
    sleeps: int
    sent: int
    probed: int


class House:
    """Broker with TLS, collector, targets: what the agent speaks with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._plain, self._tls = folder, free_port(), free_port()
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.ca)
        served = authority.issue_cert("127.0.0.1")
        self.certificate = folder / "server.pem"
        served.private_key_and_cert_chain_pem.write_to_path(self.certificate)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Start broker and collector."""
        file = self.folder / "mosquitto.conf"
        found = programs.broker(self.folder, self._plain).argv[0]
        file.write_text(
            f"allow_anonymous true\nuser root\nlistener {self._plain} 127.0.0.1\n"
            f"listener {self._tls} 127.0.0.1\ncertfile {self.certificate}\nkeyfile {self.certificate}\n"
        )
        broker = Program("broker", [found, "-c", str(file)], self.folder)
        (self.folder / "collector").mkdir()
        http = free_port()
        collector = programs.collector(self.folder / "collector", self._plain, http)
        with running(broker, collector):
            wait_for("a listening broker", partial(listening, self._tls))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            yield

    def broker_port(self) -> "contextlib.AbstractContextManager[Counted]":
        """Give a counted way to the broker."""
        return counted(self._tls)

    @contextmanager
    def target(self) -> Iterator[int]:
        """Give the port of a server that only shakes hands."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    plain, _ = listener.accept()
                    with contextlib.suppress(OSError), plain:
                        plain.settimeout(5)
                        context.wrap_socket(plain, server_side=True).close()

        threading.Thread(target=serve, daemon=True).start()
        with listener:
            yield int(listener.getsockname()[1])

    def agent(self, name: str, port: int, *, day_s: float, more: str = "") -> Program:
        """Return our agent with the default schedule, or with a day in `day_s` seconds."""
        text = SETTINGS.format(
            folder=self.folder,
            name=name,
            port=port,
            device_id=_quiet_device(),
            interval_s=INTERVAL_S * day_s / DAY_S,
        )
        file = self.folder / f"{name}.toml"
        file.write_text(text + more)
        environment = {
            "FERNBEREIT_BENCH_CA": str(self.ca),
            "FERNBEREIT_BENCH_DAY_S": str(day_s),
            "SSL_CERT_FILE": str(self.ca),
        }
        argv = [sys.executable, str(Path(__file__).parent / "agent_under_test.py"), "run", "--settings"]
        return Program(name, [*argv, str(file)], self.folder, environment)


def _quiet_device() -> str:
    """Return a device id whose next report by the default schedule is nearly an interval away."""
    while True:
        device_id = str(uuid.uuid4())
        if until_report(time.time(), device_id, INTERVAL_S) > INTERVAL_S * 0.98:
            return device_id


def _settled(ours: Program) -> None:
    """Wait until it is connected, and then until what only its start costs is over."""
    wait_for("a connection of the agent", lambda: "connected to the broker" in ours.tail(), 60)
    time.sleep(SETTLE_S)


def _pid(program: Program) -> int:
    assert program.process is not None
    return program.process.pid


def idle(house: House, minutes: float) -> tuple[list[Row], int]:
    """Let all of them run side by side; return a row each and the bytes of ours."""
    with ExitStack() as until:
        port = until.enter_context(house.broker_port())
        ours = house.agent("idle", port.port, day_s=DAY_S)
        peers = agent_peers.installed(house.folder)
        until.enter_context(running(ours, *(peer.program for peer in peers)))
        _settled(ours)
        watched = {ours.name: _pid(ours), **{peer.name: _pid(peer.program) for peer in peers}}
        before, sent_before = {name: spent(pid) for name, pid in watched.items()}, port.total
        ends = time.monotonic() + minutes * 60
        while (left := ends - time.monotonic()) > 0:
            for peer in peers:
                peer.ask()
            time.sleep(min(60.0, left))
        after, sent = {name: spent(pid) for name, pid in watched.items()}, port.total - sent_before
        told = {ours.name: ("fernbereit", version("fernbereit"), "defaults, connected with TLS")}
        told |= {peer.name: (peer.name, peer.version, peer.does) for peer in peers}
        rows = []
        for name, pid in watched.items():
            held = memory(pid)
            rows.append(
                Row(
                    name=told[name][0],
                    version=told[name][1],
                    does=told[name][2],
                    pss=held.pss,
                    private=held.private,
                    cpu_s=after[name].cpu_s - before[name].cpu_s,
                    sleeps=sleeps_between(before[name], after[name]),
                )
            )
        return rows, sent


def day_of_reports(house: House) -> Day:
    """Let a fresh agent make the reports of a day, one soon after the other."""
    with ExitStack() as until:
        port = until.enter_context(house.broker_port())
        targets = [until.enter_context(counted(until.enter_context(house.target()))) for _ in range(TARGETS)]
        more = "".join(
            TARGET.format(number=number, port=target.port) for number, target in enumerate(targets)
        )
        agent = house.agent("day", port.port, day_s=DAY_TAKES_S, more=more)
        until.enter_context(running(agent))
        _settled(agent)
        pid, sent, probed = _pid(agent), port.total, sum(target.total for target in targets)
        before = spent(pid)
        time.sleep(DAY_TAKES_S)
        after = spent(pid)
        return Day(
            cpu_s=after.cpu_s - before.cpu_s,
            sleeps=sleeps_between(before, after),
            sent=port.total - sent,
            probed=sum(target.total for target in targets) - probed,
        )


TEXT = """## The agent on a laptop

Written by `make bench-agent`: {minutes:g} idle minutes side by side, then the {reports} reports of a day with
all their looks, one every {every:g} s. A day is the idle minutes x {times:g} and the {reports} reports.

Machine: {cores} cores, {system}, Python {python}; load average {load}.
Memory and time are those of the whole family of processes. A sleep is a voluntary context switch of one of
its threads; each is followed by a wake-up. Ours speaks TLS with a real mosquitto and a real collector; TLS is
switched on by the bench, since the agent has no setting for it yet. Another program in the same Python shares
pages with ours and makes its PSS smaller; what is private is not touched by that. The kernel counts processor
time in hundredths of a second: what stands between two of them in the idle minutes is {tick:.1f} s a day.

| what | version | MB PSS | times ours | MB private | CPU-s a day | times ours | sleeps/min | times ours |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{table}

| ours, a day | measured | to be at most |
| --- | ---: | ---: |
| memory, MB PSS | {pss:.1f} | 40 |
| processor, s: idle {idle_cpu:.2f}, reports {report_cpu:.2f} | {day_cpu:.1f} | 20 |
| wake-ups a minute between two reports | {sleeps:.1f} | 5 |
| wake-ups a minute, reports included, as a mean of the day | {all_sleeps:.1f} | |
| own traffic, kB, as seen by TCP, both directions | {sent:.0f} | 500 |
| traffic of the looks, kB: {targets} targets with TLS, hourly, 5 connections each | {probed:.0f} | 1000 |
"""


def _line(row: Row, ours: Row, day: Day, minutes: float) -> str:
    """Return one line of the table; only ours has reports that do not fall into the idle minutes."""
    times = DAY_S / 60 / minutes
    own_cpu_s = ours.cpu_s * times + day.cpu_s
    cpu_s = own_cpu_s if row is ours else row.cpu_s * times
    ratios = (row.pss / ours.pss, cpu_s / own_cpu_s, row.sleeps / ours.sleeps if ours.sleeps else 0.0)
    memory_x, cpu_x, sleeps_x = ("" if row is ours else f"{ratio:.1f}" for ratio in ratios)
    return (
        f"| {row.name}: {row.does} | {row.version} | {row.pss / 1e6:.1f} | {memory_x} "
        f"| {row.private / 1e6:.1f} | {cpu_s:.1f} | {cpu_x} | {row.sleeps / minutes:.1f} | {sleeps_x} |"
    )


def report(rows: list[Row], sent: int, day: Day, minutes: float, load: str) -> str:
    """Return the part of the page."""
    ours, times = rows[0], DAY_S / 60 / minutes
    lines = [_line(row, ours, day, minutes) for row in rows]
    return TEXT.format(
        minutes=minutes,
        reports=REPORTS,
        every=INTERVAL_S * DAY_TAKES_S / DAY_S,
        times=times,
        tick=0.01 * times,
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=load,
        table="\n".join(lines),
        pss=ours.pss / 1e6,
        idle_cpu=ours.cpu_s * times,
        report_cpu=day.cpu_s,
        day_cpu=ours.cpu_s * times + day.cpu_s,
        sleeps=ours.sleeps / minutes,
        all_sleeps=ours.sleeps / minutes + day.sleeps / 1440,
        sent=(sent * times + day.sent) / 1e3,
        targets=TARGETS,
        probed=day.probed / 1e3,
    )


def main() -> None:
    """Measure, print and write."""
    asked = argparse.ArgumentParser(prog="make bench-agent")
    asked.add_argument("--minutes", type=float, default=10.0, help="idle minutes (10)")
    asked.add_argument("--print-only", action="store_true", help="leave docs/performance.md alone")
    options = asked.parse_args()
    told = f"{options.minutes:g} idle minutes, then {DAY_TAKES_S / 60:.0f} for a day's reports ...\n"
    sys.stdout.write(told)
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as name:
        house = House(Path(name))
        with house.open():
            load = f"{psutil.getloadavg()[0]:.1f} before"
            rows, sent = idle(house, options.minutes)
            load += f", {psutil.getloadavg()[0]:.1f} after the idle minutes"
            day = day_of_reports(house)
            load += f", {psutil.getloadavg()[0]:.1f} after the reports"
    text = report(rows, sent, day, options.minutes, load)
    sys.stdout.write(text)
    if not options.print_only:
        report_file.put("make bench-agent", text)


if __name__ == "__main__":
    main()
