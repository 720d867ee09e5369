"""What does the agent do all day? It sleeps; at its times it looks, writes a record, and gets it delivered.

One thread looks, decides and writes; the link's thread only tells what happens on the wire. The log, plain
lines on standard error, tells changes, not cycles.
"""

import logging
import random
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Literal

from fernbereit.delivery import decode_ack
from fernbereit.facts.agent import Agent
from fernbereit.tolerance import OpenModel
from fernbereit_agent.clock import Clock, SystemClock
from fernbereit_agent.economy import Economy, affordable, metered
from fernbereit_agent.errors import OutboxError
from fernbereit_agent.host import Host
from fernbereit_agent.identity import keep
from fernbereit_agent.inbox import Inbox
from fernbereit_agent.link import Line, Link
from fernbereit_agent.link_events import Answered, Connected, Event, Failed, Lost, PolicyArrived
from fernbereit_agent.mailbox import Mailbox
from fernbereit_agent.outbox import Outbox
from fernbereit_agent.owner_settings import publish_settings
from fernbereit_agent.probe import Probe
from fernbereit_agent.readiness import SECTION, OwnReadiness
from fernbereit_agent.report import Look
from fernbereit_agent.rhythm import Rhythm
from fernbereit_agent.runner import Runner
from fernbereit_agent.schedule import Backoff, Delivery, due_probes
from fernbereit_agent.sent_copy import SentCopy
from fernbereit_agent.settings import Settings
from fernbereit_agent.troubles import Troubles

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
        inbox: Inbox | None = None,
        link: Line | None = None,
    ) -> None:
        self._settings, self._device_id, self._probes = settings, device_id, tuple(probes)
        self._host = host
        self._clock = clock or SystemClock()
        report = settings.report
        self._mailbox = Mailbox.made(settings.data)
        self._readiness = OwnReadiness(settings)
        self._runner = Runner(host=host, settings=self._readiness.probing, monotonic=self._clock.monotonic)
        self._outbox = Outbox(settings.data, device_id, self._clock)
        self._copy = SentCopy(settings.data)
        resend = Backoff(report.resend_s, report.resend_max_s)
        self._delivery = Delivery(resend=resend, drain_s=report.drain_s)
        self._rhythm = Rhythm(
            device_id=device_id, interval_s=report.interval_s, spread_s=report.start_spread_s
        )
        self._inbox = inbox or Inbox()
        self._link: Line = link or Link(
            broker=settings.broker,
            backoff=Backoff(report.reconnect_s, report.reconnect_max_s),
            device_id=device_id,
            monotonic=self._clock.monotonic,
            emit=self._inbox.put,
        )
        self._looks: dict[str, Look] = {}
        self._last: dict[str, float] = {}
        self._stopping = False
        self._waiting = True
        self._troubles = Troubles()
        self._connected_once = False
        self._failed: list[Failed] = []
        """The attempts that failed before the first connection, at most `ATTEMPTS`."""

    def stop(self, *_signal: object) -> None:
        """Ask `run` to return; may be called from a signal handler and from any thread."""
        self._stopping = True
        self._runner.interrupt()
        self._inbox.put(None)

    def wake(self) -> None:
        """Look at once what is due, as after a sleep of the machine; may be called from any thread."""
        self._inbox.put(None)

    def run(self) -> None:
        """Report until asked to stop."""
        self._listen_to_signals()
        self._rhythm.begin(self._clock.monotonic(), self._clock.wall(), at_once=self._is_new())
        broker, interval_s = self._settings.broker, self._settings.report.interval_s
        logger.info("reporting every %g s to %s, port %d", interval_s, broker.host, broker.port)
        self._readiness.policies.tell()
        publish_settings(self._settings)
        self._link.start(random.random() * self._settings.report.start_spread_s)  # noqa: S311 - no secret
        try:
            while not self._stopping:
                due = self._clock.monotonic() >= self._rhythm.due
                if self._asked_to_report() or due:
                    self._report()
                if due:
                    self._rhythm.reported(self._clock.monotonic(), self._clock.wall())
                self._deliver()
                self._handle_events(until=min(self._rhythm.due, self._mailbox.due))
        finally:
            self._link.stop()
            self._outbox.close()
            self._inbox.close()
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
            self._inbox.close()

    def _listen_to_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # a service of Windows: whoever runs it calls `stop`
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self.stop)

    def _is_new(self) -> bool:
        with self._tolerated():
            return not self._outbox.begun()
        return False

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
        due = due_probes(self._probes, self._last, now, self._settings.report.interval_s, misses)
        self._look(affordable(due, self._last, now, self._economy()))
        if self._stopping:
            return
        self._judge()
        with self._tolerated(sending=True):
            keep(self._settings, self._device_id)
            self._outbox.append(self._looks)
            self._waiting = True
            self._troubles.round_ended()

    def _economy(self) -> Economy:
        return Economy(low_battery=self._host.low_battery(), metered=metered(self._looks))

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
        with self._tolerated(sending=True):
            depth = asdict(self._outbox.depth())
            return facts.model_copy(
                update={
                    "slowest_look": self._runner.slowest_look(),
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
            self._copy.keep(payload)
            self._delivery.sent(now, random.random())  # noqa: S311 - spreading, no secret
            if self._delivery.connection is not None:
                self._link.send(self._delivery.connection, payload)

    def _handle_events(self, *, until: float) -> None:
        """Sleep until something is due or happens, then take in everything that happened."""
        due = self._delivery.next_due(waiting=self._waiting)
        wake = until if due is None else min(due, until)
        events = self._inbox.take(self._rhythm.rests(self._clock.monotonic(), wake))
        self._rhythm.woke(self._clock.monotonic(), random.random())  # noqa: S311 - spreading, no secret
        for event in events:
            self._handle(event)

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
                self._runner.settings = self._readiness.after_taking(payload)
            case Answered(_, payload):
                ack = decode_ack(payload)
                if ack is None:
                    logger.warning("the collector sent an answer that this version does not understand")
                    return
                with self._tolerated():
                    if self._outbox.acknowledge(ack).answered:
                        self._delivery.answered()

    @contextmanager
    def _tolerated(self, *, sending: bool = False) -> Iterator[None]:
        """Go on without the disk; each trouble is said once, until a whole interval went without any.

        With `sending` what waits is sent all the same: a full disk takes nothing new and gives what it has.
        """
        try:
            yield
        except OutboxError as error:
            self._troubles.happened(str(error))
            if sending:
                return
            wait_s = min(RETRY_S, self._settings.report.interval_s)
            self._delivery.not_before = self._clock.monotonic() + wait_s
