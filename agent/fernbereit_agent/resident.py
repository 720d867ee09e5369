"""What does the agent do all day? It sleeps; at its times it looks, writes a record, and gets it delivered.

One thread looks, decides and writes; the link's thread only tells what happens on the wire. The log, plain
lines on standard error, tells changes, not cycles.
"""

import logging
import random
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from queue import Empty, SimpleQueue
from typing import Literal

from fernbereit.delivery import decode_ack
from fernbereit.facts.agent import Agent
from fernbereit.tolerance import OpenModel
from fernbereit_agent.clock import Clock, SystemClock
from fernbereit_agent.errors import OutboxError
from fernbereit_agent.host import Host
from fernbereit_agent.link import Link
from fernbereit_agent.link_events import Answered, Connected, Event, Failed, Lost, PolicyArrived
from fernbereit_agent.mailbox import Mailbox
from fernbereit_agent.outbox import Outbox
from fernbereit_agent.owner import LAST_SENT, publish
from fernbereit_agent.probe import Probe
from fernbereit_agent.readiness import SECTION, OwnReadiness
from fernbereit_agent.report import Look
from fernbereit_agent.runner import Runner
from fernbereit_agent.schedule import Backoff, Delivery, due_probes, until_report
from fernbereit_agent.settings import Settings

RETRY_S = 60.0
"""After the outbox could not be used, nothing is sent for this long, or for one interval if that is less."""

ATTEMPTS = 3
"""So many connections may fail before `deliver_now` ends; one refusal is enough, since nobody listens."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """How `deliver_now` ended, and for `no_connection` why."""

    how: Literal["delivered", "refused", "not_delivered", "nobody_listens", "no_connection"]
    reason: str = ""


class Resident:
    """The agent of one laptop. `run` returns when `stop` is called or the process is asked to end."""

    def __init__(
        self,
        *,
        settings: Settings,
        device_id: str,
        host: Host,
        probes: Iterable[Probe],
        clock: Clock | None = None,
    ) -> None:
        self._settings, self._device_id, self._probes = settings, device_id, tuple(probes)
        self._host = host
        self._clock = clock or SystemClock()
        report = settings.report
        self._runner = Runner(host=host, settings=settings.probes, monotonic=self._clock.monotonic)
        self._mailbox = Mailbox.made(settings.data)
        self._readiness = OwnReadiness(settings)
        self._outbox = Outbox(settings.data, device_id, self._clock)
        self._delivery = Delivery(
            resend=Backoff(report.resend_s, report.resend_max_s), drain_s=report.drain_s
        )
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._link = Link(
            broker=settings.broker,
            backoff=Backoff(report.reconnect_s, report.reconnect_max_s),
            device_id=device_id,
            monotonic=self._clock.monotonic,
            emit=self._events.put,
        )
        self._looks: dict[str, Look] = {}
        self._last: dict[str, float] = {}
        self._stopping = False
        self._waiting = True
        self._trouble = ""
        self._connected_once = False
        self._failed: list[Failed] = []
        """The attempts that failed before the first connection, at most `ATTEMPTS`."""

    def stop(self, *_signal: object) -> None:
        """Ask `run` to return; may be called from a signal handler."""
        self._stopping = True
        self._runner.interrupt()
        self._events.put(None)

    def wake(self) -> None:
        """Look at once what is due, as after a sleep of the machine; may be called from any thread."""
        self._events.put(None)

    def run(self) -> None:
        """Report until asked to stop."""
        self._listen_to_signals()
        report_due = self._clock.monotonic() + self._first_report()
        broker, interval_s = self._settings.broker, self._settings.report.interval_s
        logger.info("reporting every %g s to %s, port %d", interval_s, broker.host, broker.port)
        self._readiness.policies.tell()
        self._link.start(random.random() * self._settings.report.start_spread_s)  # noqa: S311 - no secret
        try:
            while not self._stopping:
                due = self._clock.monotonic() >= report_due
                if self._asked_to_report() or due:
                    self._report()
                if due:
                    report_due = self._clock.monotonic() + self._next_report()
                self._deliver()
                self._handle_events(until=min(report_due, self._mailbox.due))
        finally:
            self._link.stop()
            self._outbox.close()
        logger.info("stopped")

    def deliver_now(self, timeout_s: float) -> Ended:
        """Look at everything once, send it, and tell what the collector makes of it.

        `timeout_s` begins when the looks are done. Raises `OutboxError`.
        """
        self._listen_to_signals()
        self._look(self._probes)
        self._judge()
        self._outbox.append(self._looks)
        refused = self._outbox.depth().refused_total
        until = self._clock.monotonic() + timeout_s
        self._link.start(0)
        try:
            while not self._stopping and self._clock.monotonic() < until:
                self._deliver()
                depth = self._outbox.depth()
                if depth.refused_total > refused:
                    return Ended("refused")
                if not depth.records:
                    return Ended("delivered")
                if len(self._failed) >= ATTEMPTS or any(failed.refused for failed in self._failed):
                    break
                self._handle_events(until=until)
            if self._connected_once or not self._failed:
                return Ended("not_delivered")
            last = self._failed[-1]
            return Ended("nobody_listens" if last.refused else "no_connection", last.reason)
        finally:
            self._link.stop()
            self._outbox.close()

    def _listen_to_signals(self) -> None:
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self.stop)

    def _first_report(self) -> float:
        """Seconds until the first report: at once from a new outbox, else at the phase of the device."""
        with self._tolerated():
            if not self._outbox.begun():
                return 0.0
        return until_report(self._clock.wall(), self._device_id, self._settings.report.interval_s)

    def _next_report(self) -> float:
        interval_s = self._settings.report.interval_s
        return until_report(self._clock.wall(), self._device_id, interval_s, at_least_s=interval_s / 2)

    def _asked_to_report(self) -> bool:
        """Do what the owner asked for, and tell whether to report now: then everything is looked at anew."""
        asked = self._mailbox.look(self._clock.monotonic(), self._clock.wall())
        self._readiness.take(asked.contests)
        if asked.send:
            self._last.clear()
        return asked.send

    def _report(self) -> None:
        now = self._clock.monotonic()
        misses = self._runner.misses()
        self._look(due_probes(self._probes, self._last, now, self._settings.report.interval_s, misses))
        if self._stopping:
            return
        self._judge()
        with self._tolerated():
            self._outbox.append(self._looks)
            self._waiting = True
            if self._trouble:
                self._trouble = ""
                logger.info("the outbox can be used again")

    def _look(self, probes: Iterable[Probe]) -> None:
        for probe, told in self._runner.look(probes):
            if self._stopping:
                return
            seen = told
            if isinstance(told.facts, Agent):
                seen = told.model_copy(update={"facts": self._with_depth(told.facts)})
            self._looks[probe.section] = Look(seen, at := self._clock.monotonic())
            if probe.section in self._runner.took_s:  # else there was no time for it, and it stays due
                self._last[probe.section] = at

    def _judge(self) -> None:
        """Look at oneself: with every report, since policy, calendar and contests change without a probe."""
        now, today = self._clock.monotonic(), self._host.today()
        self._looks[SECTION] = self._readiness.look(self._looks, now=now, today=today, remember=True)

    def _with_depth(self, facts: Agent) -> OpenModel:
        with self._tolerated():
            depth = asdict(self._outbox.depth())
            return facts.model_copy(
                update={
                    "outbox_records": depth["records"],
                    "merged_total": depth["merged_total"],
                    "dropped_total": depth["dropped_total"],
                }
            )
        return facts

    def _deliver(self) -> None:
        now = self._clock.monotonic()
        with self._tolerated():
            if self._delivery.overdue(now):
                self._outbox.unanswered()
            if not self._waiting or not self._delivery.may_send(now):
                return
            envelope = self._outbox.batch()
            if envelope is None:
                self._waiting = False
                return
            payload = envelope.encode()
            self._keep_last_sent(payload)
            self._delivery.sent(now, random.random())  # noqa: S311 - spreading, no secret
            if self._delivery.connection is not None:
                self._link.send(self._delivery.connection, payload)

    def _handle_events(self, *, until: float) -> None:
        """Sleep until something is due or happens, then take in everything that happened."""
        due = self._delivery.next_due(waiting=self._waiting)
        wake = until if due is None else min(due, until)
        try:
            event = self._events.get(timeout=max(0.0, wake - self._clock.monotonic()))
            while True:
                self._handle(event)
                event = self._events.get_nowait()
        except Empty:
            return

    def _handle(self, event: Event | None) -> None:
        match event:
            case Connected(connection):
                self._connected_once = True
                self._failed.clear()
                self._runner.forgive()
                self._delivery.connected(connection)
            case Failed() if not self._connected_once:
                self._failed = [*self._failed, event][-ATTEMPTS:]
            case Lost():
                if self._delivery.lost():
                    with self._tolerated():
                        self._outbox.unanswered()
            case PolicyArrived(payload):
                self._readiness.policies.take(payload)
            case Answered(_, payload):
                ack = decode_ack(payload)
                if ack is None:
                    logger.warning("the collector sent an answer that this version does not understand")
                    return
                with self._tolerated():
                    if self._outbox.acknowledge(ack).answered:
                        self._delivery.answered()

    @contextmanager
    def _tolerated(self) -> Iterator[None]:
        """Go on without the disk, and say once that it is gone; `_report` says once that it is back."""
        try:
            yield
        except OutboxError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                logger.error("the outbox cannot be used, observing goes on: %s", error)  # noqa: TRY400 - no traceback
            self._delivery.not_before = self._clock.monotonic() + min(
                RETRY_S, self._settings.report.interval_s
            )

    def _keep_last_sent(self, payload: bytes) -> None:
        """Keep exactly what is sent, for the manifest."""
        try:
            publish(self._settings.data, LAST_SENT, payload)
        except OSError as error:
            raise OutboxError(f"{self._settings.data / LAST_SENT}: {error.strerror}") from None
