"""How do many simulated laptops report at once, each by the real delivery rules?

One thread owns every outbox; the connection's thread only hands over what arrives. Each laptop begins an
epoch with a complete record and then sends partial ones at its own phase of the interval.
"""

import heapq
import queue
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import floor
from pathlib import Path
from random import Random
from typing import Protocol

from fernbereit.delivery import decode_ack
from fernbereit.topics import parse_down, report
from fernbereit_server.demo.link import MQTT_5, SharedLink
from fernbereit_server.demo.sender import Answer, Resend, Sender
from fernbereit_server.demo.sender_log import SenderLog

MAX_WAITING = 64
"""A laptop that nobody answers stops observing at this many records, so that the simulation stays small."""
_NOT_CONNECTED_S = 0.2


class Source(Protocol):
    """What a laptop would report."""

    @property
    def device_id(self) -> str:
        """The device's UUID."""

    @property
    def label(self) -> str:
        """What people call it."""

    def complete(self) -> bytes:
        """Return an encoded record of all sections."""

    def partial(self) -> bytes:
        """Return an encoded record of what changed since the last one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast the simulated laptops live, in seconds."""

    start_spread_s: float = 60.0
    interval_s: float = 900.0
    drain_s: float = 2.0
    resend: Resend = field(default_factory=Resend)


@dataclass(slots=True)
class _Laptop:
    source: Source
    sender: Sender
    report_at: float
    complete_next: bool = True
    answered: bool = False


class Laptops:
    """The sender engine; `start`, watch `answered` and `unanswered`, `stop`."""

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        host: str,
        port: int,
        pace: Pace,
        seed: int = 1,
        log: Path | None = None,
        protocol: int = MQTT_5,
    ) -> None:
        self._pace = pace
        self._rng = Random(seed)
        self._log = SenderLog(log)
        self._arrived: queue.SimpleQueue[tuple[str, bytes] | None] = queue.SimpleQueue()
        self._link = SharedLink(
            host, port, lambda topic, payload: self._arrived.put((topic, payload)), protocol
        )
        self._thread = threading.Thread(target=self._run, name="laptops", daemon=True)
        self._stopping = threading.Event()
        self._resting = threading.Event()
        self._due: list[tuple[float, str]] = []
        self._began_at = 0.0
        self._laptops = {
            source.device_id: _Laptop(
                source=source,
                sender=Sender(
                    source.device_id,
                    str(uuid.uuid4()),
                    Random(f"{seed}/{source.device_id}/sender"),
                    pace.resend,
                    self._log,
                ),
                report_at=0.0,
            )
            for source in sources
        }

    def start(self) -> None:
        """Connect, and let every laptop report for the first time within `start_spread_s`."""
        self._began_at = now = time.monotonic()
        for device_id, laptop in self._laptops.items():
            laptop.report_at = now + self._rng.random() * self._pace.start_spread_s
            heapq.heappush(self._due, (laptop.report_at, device_id))
        self._link.start()
        self._thread.start()

    def rest(self) -> None:
        """Write no further record; what waits is still delivered."""
        self._resting.set()

    def stop(self) -> None:
        """Send nothing more; what was not acknowledged is lost with the simulation."""
        self._stopping.set()
        self._arrived.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout=5)
        self._link.stop()
        self._log.close()

    @property
    def answered(self) -> int:
        """How many laptops have had a record acknowledged."""
        return sum(laptop.answered for laptop in self._laptops.values())

    def unanswered(self) -> tuple[Source, ...]:
        """Return the laptops that have had no record acknowledged yet."""
        return tuple(laptop.source for laptop in self._laptops.values() if not laptop.answered)

    def waiting_records(self) -> int:
        """How many records wait for their acknowledgement, over all laptops."""
        return sum(len(laptop.sender) for laptop in self._laptops.values())

    def _run(self) -> None:
        while not self._stopping.is_set():
            until = self._due[0][0] - time.monotonic() if self._due else 1.0
            try:
                arrived = self._arrived.get(timeout=min(1.0, max(0.0, until)))
            except queue.Empty:
                arrived = None
            now = time.monotonic()
            if arrived:
                self._take(*arrived, now)
            while self._due and self._due[0][0] <= now and not self._stopping.is_set():
                self._act(self._laptops[heapq.heappop(self._due)[1]], now)

    def _act(self, laptop: _Laptop, now: float) -> None:
        device_id = laptop.source.device_id
        if now >= laptop.report_at:
            if len(laptop.sender) < MAX_WAITING and not self._resting.is_set():
                body = laptop.source.complete() if laptop.complete_next else laptop.source.partial()
                laptop.complete_next = False
                laptop.sender.put(body, now)
            laptop.report_at = self._next_report(device_id, now)
            heapq.heappush(self._due, (laptop.report_at, device_id))
        if not self._link.listening:
            heapq.heappush(self._due, (now + _NOT_CONNECTED_S, device_id))
            return
        payload = laptop.sender.batch(now)
        if payload is not None:
            self._link.publish(report(device_id), payload)
            heapq.heappush(self._due, (laptop.sender.resend_at, device_id))

    def _next_report(self, device_id: str, now: float) -> float:
        """Return the next moment at this laptop's phase, fixed by SHA-256 of its id as on a real one."""
        interval_s = self._pace.interval_s
        phase = int.from_bytes(sha256(device_id.encode()).digest()[:4], "big") / 2**32
        first = self._began_at + self._pace.start_spread_s + phase * interval_s
        return first + max(0, floor((now - first) / interval_s) + 1) * interval_s

    def _take(self, topic: str, payload: bytes, now: float) -> None:
        down, ack = parse_down(topic), decode_ack(payload)
        laptop = self._laptops.get(down.device_id) if down else None
        if ack is None or laptop is None:
            return
        answer = laptop.sender.answered(ack)
        if answer is Answer.IGNORED:
            return
        laptop.answered |= ack.mark > 0
        laptop.complete_next |= answer is Answer.NEW_GENERATION
        if answer is Answer.ROLLED_BACK:
            laptop.sender.begin_epoch(str(uuid.uuid4()), laptop.source.complete(), now)
        if len(laptop.sender):
            heapq.heappush(self._due, (now + self._pace.drain_s, laptop.source.device_id))
