"""How do thousands of simulated laptops live in one process?

One task a connection: it waits, connects, stays, and waits again by the rules of `plan.wait_before`. A
connection speaks for one laptop, or where there are fewer connections than laptops for several: laptop n for
connection n modulo their number. One more task writes and sends what is due, by a heap of moments.
"""

import asyncio
import heapq
import shlex
import time
from collections.abc import Sequence
from random import Random

from fernbereit.delivery import decode_ack
from fernbereit.topics import parse_down
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.sender_log import SenderLog
from fernbereit_server.simulate.device import Device
from fernbereit_server.simulate.figures import Figures
from fernbereit_server.simulate.line import NEWEST, OLDER, Line, LineError
from fernbereit_server.simulate.plan import SETTLED_S, Plan, Scenario, wait_before

DRAIN_S = 2.0
"""From an answer to the next batch of the same laptop."""
_BEAT_S, _BUSY_S = 0.02, 0.01


class _Connection:
    """The laptops that share one connection, and the connection while there is one."""

    __slots__ = ("answered", "devices", "line", "starts_s")

    def __init__(self, starts_s: float) -> None:
        self.devices: list[Device] = []
        self.line: Line | None = None
        self.starts_s = starts_s
        self.answered = False


class Simulation:
    """Everything between the plan and its figures; `run` once."""

    def __init__(self, plan: Plan, sources: Sequence[LiveLaptop], log: SenderLog) -> None:
        self.plan, self.figures = plan, Figures()
        self.restart_failed = False
        """Whether the command that should restart the broker said that it did not."""
        self._rng = Random(f"{plan.seed}/connections")
        self._connections = [_Connection(plan.first_connection(self._rng)) for _ in range(plan.connections)]
        self._devices = [Device(source, seed=plan.seed, figures=self.figures, log=log) for source in sources]
        self._of: dict[str, tuple[int, _Connection]] = {}
        for number, device in enumerate(self._devices):
            connection = self._connections[number % plan.connections]
            connection.devices.append(device)
            self._of[device.device_id] = number, connection
        self._due: list[tuple[float, int]] = []
        self._version = NEWEST
        self._began = 0.0
        self._at_once_until_s = 0.0

    @property
    def now_s(self) -> float:
        """Return the seconds since it began."""
        return time.monotonic() - self._began

    @property
    def done(self) -> bool:
        """Tell whether no more records are written, none waits, and whoever was cut off is back."""
        over = self.now_s >= self.plan.run_s
        return over and not self.figures.waiting and not self.figures.herd.scattered

    async def run(self) -> None:
        """Live until everything is acknowledged or patience ends; by cancellation at any time before."""
        self._began = time.monotonic()
        for connection in self._connections:
            for device in connection.devices:
                device.report_s = connection.starts_s
                self._soon(device, connection.starts_s)
        tasks = [asyncio.create_task(self._live(connection)) for connection in self._connections]
        tasks.append(asyncio.create_task(self._beat()))
        if self.plan.cut_at_s is not None:
            tasks.append(asyncio.create_task(self._trouble(self.plan.cut_at_s)))
        try:
            while not self.done and self.now_s < self.plan.run_s + self.plan.patience_s:  # noqa: ASYNC110 - time ends it
                await asyncio.sleep(0.1)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _live(self, connection: _Connection) -> None:
        """Keep one connection up."""
        await asyncio.sleep(connection.starts_s)
        attempt = 0
        while True:
            opened_s = await self._connected(connection)
            settled = connection.answered or (opened_s is not None and self.now_s - opened_s >= SETTLED_S)
            attempt = 0 if settled else attempt + 1
            if opened_s is None or self.now_s >= self._at_once_until_s:
                await asyncio.sleep(wait_before(attempt, self._rng.random()))

    async def _connected(self, connection: _Connection) -> float | None:
        """Connect and stay; return when the connection could be used, or None if it never could."""
        connection.answered = False
        line = Line([device.device_id for device in connection.devices], self._arrived, self._version)
        try:
            if not await self._opened(line):
                return None
            opened_s = self.now_s
            self.figures.herd.connected(opened_s)
            connection.line = line
            for device in connection.devices:
                device.connected(opened_s)
                self._soon(device, opened_s)
            await line.ended.wait()
            self.figures.herd.ended(self.now_s)
            return opened_s
        finally:
            connection.line = None
            await line.close()

    async def _opened(self, line: Line) -> bool:
        self.figures.herd.tried.at(self.now_s)
        try:
            await line.open(self.plan.host, self.plan.port)
        except OSError:
            return False
        except LineError:
            self._version = OLDER if self._version == NEWEST else NEWEST
            return False
        return True

    async def _beat(self) -> None:
        """Write and send whatever is due, without keeping the connections waiting for long."""
        while True:
            started = time.monotonic()
            while self._due and self._due[0][0] <= self.now_s:
                _, number = heapq.heappop(self._due)
                self._act(self._devices[number], self.now_s)
                if time.monotonic() - started > _BUSY_S:
                    await asyncio.sleep(0)
                    started = time.monotonic()
            await asyncio.sleep(_BEAT_S)

    def _act(self, device: Device, now_s: float) -> None:
        if device.report_s <= now_s < self.plan.run_s:
            device.report(now_s)
            device.report_s = self.plan.next_report(device.device_id, now_s)
            self._soon(device, device.report_s)
        line = self._of[device.device_id][1].line
        if line is None or line.ended.is_set():
            return
        payload = device.batch(now_s)
        if payload is not None:
            line.publish(device.device_id, payload)
            self._soon(device, device.sender.resend_at)

    def _arrived(self, topic: str, payload: bytes) -> None:
        down, ack = parse_down(topic), decode_ack(payload)
        if down is None or ack is None or down.device_id not in self._of:
            return
        number, connection = self._of[down.device_id]
        connection.answered = True
        device, now_s = self._devices[number], self.now_s
        device.answered(ack, now_s)
        if len(device.sender):
            self._soon(device, now_s + DRAIN_S)

    def _soon(self, device: Device, at_s: float) -> None:
        heapq.heappush(self._due, (at_s, self._of[device.device_id][0]))

    async def _trouble(self, at_s: float) -> None:
        """Let happen what the scenario is about."""
        await asyncio.sleep(at_s)
        if self.plan.scenario is Scenario.STORM:
            self._at_once_until_s = self.now_s + SETTLED_S
        if self.plan.restart_command is None:
            for connection in self._connections:
                if connection.line is not None:
                    connection.line.cut()
            return
        try:
            process = await asyncio.create_subprocess_exec(
                *shlex.split(self.plan.restart_command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            self.restart_failed = await process.wait() != 0
        except (OSError, ValueError):
            self.restart_failed = True
