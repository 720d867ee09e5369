"""How do envelopes get to the broker and answers back, for years?

A thread of its own connects, waits and connects again. Every connection has a number and a client of its
own, so that nothing of an earlier one, be it a queued message or a late confirmation, can touch the next.
What happens is told through `emit`, which must only enqueue.
"""

import logging
import random
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from fernbereit_agent.connection import NEWEST, Connection, other_version
from fernbereit_agent.link_events import Connected, Event, Failed
from fernbereit_agent.link_log import LinkLog
from fernbereit_agent.proxies import SYSTEM_PROXY, Proxy, is_loopback, of_the_system, parse_proxy
from fernbereit_agent.proxy_tunnel import ProxyError
from fernbereit_agent.route_watch import RouteWatch
from fernbereit_agent.schedule import Backoff
from fernbereit_agent.settings import BrokerSettings

KEEPALIVE_S = 120
LOOK_S = 45.0
"""Longest sleep of a connection; brokers close after 1.5 keepalives, and the client looks only when woken."""
HANDSHAKE_S = 30.0
SETTLED_S = 60.0
SLEPT = "the machine slept"
WATCH_S = 60.0
"""Longest wait without a look at the clock that counts sleep, and at routes where nobody tells of them."""
DEAF_S = 5.0
PROMPT_S = 10.0
"""After a route appeared a new connection is tried within this time, at a random moment."""

logger = logging.getLogger(__name__)


class Line(Protocol):
    """What the agent asks of its way to the broker."""

    def start(self, delay_s: float) -> None:
        """Begin to connect after `delay_s`."""

    def send(self, connection: int, envelope: bytes) -> None:
        """Publish on this connection; without effect if it is no longer the current one."""

    def stop(self) -> None:
        """Disconnect properly."""


class Link:
    """One device's way to the broker."""

    def __init__(
        self,
        *,
        broker: BrokerSettings,
        backoff: Backoff,
        device_id: str,
        monotonic: Callable[[], float],
        emit: Callable[[Event], None],
    ) -> None:
        self._broker, self._backoff, self._device_id = broker, backoff, device_id
        self._monotonic, self._emit = monotonic, emit
        self._outgoing: deque[tuple[int, bytes]] = deque()
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._stopping = False
        self._number = 0
        self._protocol = NEWEST
        self._log, self._watch = LinkLog(), RouteWatch()
        self._thread: threading.Thread | None = None

    def start(self, delay_s: float) -> None:
        """Begin to connect after `delay_s`."""
        self._thread = threading.Thread(target=self._run, args=(delay_s,), name="link", daemon=True)
        self._thread.start()

    def send(self, connection: int, envelope: bytes) -> None:
        """Publish on this connection; without effect if it is no longer the current one."""
        self._outgoing.append((connection, envelope))
        self._wake()

    def stop(self) -> None:
        """Disconnect properly and end the thread."""
        self._stopping = True
        self._wake()
        if self._thread is not None:
            self._thread.join(10)
            self._watch.close()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full of wake-ups already
            self._wake_out.send(b"\0")

    def _run(self, delay_s: float) -> None:
        self._sleep(delay_s, prompt=False)
        attempt = 0
        while not self._stopping:
            good = False
            try:
                good = self._attempt()
            except Exception:  # the fence of this thread: whatever the client raises, connect again
                logger.exception("the connection ended unexpectedly")
            attempt = 0 if good else attempt + 1
            prompted = self._sleep(self._backoff.from_zero(attempt, random.random()))  # noqa: S311 - no secret
            attempt = 0 if prompted else attempt

    def _attempt(self) -> bool:
        """Connect and serve until the connection ends; tell whether it was good for something."""
        self._number += 1
        connection = Connection(self._number, self._protocol, self._device_id, self._emit)
        place = f"{self._broker.host}, port {self._broker.port}"
        refused = lasted = False
        try:
            if (proxy := self._proxy()) is not None:
                place += f", through the proxy at {proxy}"
                connection.through(proxy)
            self._live(connection)
        except OSError as error:
            refused = isinstance(error, ConnectionRefusedError)
            reason = error.strerror or str(error) or type(error).__name__
            connection.ended = f"no connection to the broker at {place}: {reason}"
        finally:
            connection.close()
            if not self._stopping:
                lasted = self._over(connection, refused=refused)
        return lasted

    def _over(self, connection: Connection, *, refused: bool) -> bool:
        """Tell how a connection ended, and return whether it was good for something."""
        ended = connection.ended or "the broker closed the connection"
        ready = connection.ready_at
        good = connection.answered or bool(ready and self._monotonic() - ready >= SETTLED_S)
        if good:
            self._log.settled()
        if ended != SLEPT:
            self._log.ended(ended)
        if not ready:
            self._emit(Failed(ended, refused))
            if connection.reached:
                self._protocol = other_version(self._protocol)
        return good

    def _proxy(self) -> Proxy | None:
        """Return the proxy to use now; raises `ProxyError` for one of the system that is elsewhere."""
        if self._broker.proxy != SYSTEM_PROXY:
            return parse_proxy(self._broker.proxy) if self._broker.proxy else None
        proxy = of_the_system(self._broker.host)
        if proxy is not None and not is_loopback(proxy.host):
            raise ProxyError(
                "the system names a proxy elsewhere, and nothing may leave this machine as long as reports "
                "are not encrypted and devices not authenticated"
            )
        return proxy

    def _live(self, connection: Connection) -> None:
        """Connect and serve until the connection ends."""
        client = connection.client
        client.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
        connection.reached = True
        started = self._monotonic()
        while (sock := client.socket()) is not None:
            if self._stopping:
                client.disconnect()
                return
            before = self._monotonic()
            wait = min(LOOK_S, client.keepalive * 0.375) if connection.ready_at else HANDSHAKE_S
            writing = [sock] if client.want_write() else []
            watched = self._watch.sockets if connection.ready_at else []
            readable, writable, _ = select.select([sock, self._wake_in, *watched], writing, [], wait)
            now = self._monotonic()
            if now - before > wait + KEEPALIVE_S / 2:
                connection.ended = SLEPT
                return
            if any(each in readable for each in watched) and self._watch.left(connection.ends()):
                connection.ended = "the network changed"
                return
            if not connection.ready_at and now - started >= HANDSHAKE_S:
                connection.ended = connection.ended or "the broker did not answer"
                return
            if sock in readable:
                client.loop_read()
            if sock in writable and client.socket() is not None:
                client.loop_write()
            if self._wake_in in readable:
                self._drain_wake()
            self._tell_how(connection, now)
            if not self._publish(connection):
                connection.ended = "the broker did not confirm the last batch"
                return
            client.loop_misc()

    def _tell_how(self, connection: Connection, now: float) -> None:
        if connection.answered:
            self._log.settled()
        if connection.subscribed and not connection.ready_at:
            connection.ready_at = now
            self._log.connected("MQTT 5" if self._protocol == NEWEST else "MQTT 3.1.1")
            self._watch.toward(connection.ends()[1])
            self._emit(Connected(connection.number))

    def _publish(self, connection: Connection) -> bool:
        """Hand over what waits; False if the broker has not even confirmed the batch before."""
        while self._outgoing:
            number, envelope = self._outgoing.popleft()
            if number != connection.number or not connection.ready_at:
                continue
            if connection.unconfirmed is not None:
                return False
            connection.publish(envelope)
        return True

    def _sleep(self, seconds: float, *, prompt: bool = True) -> bool:
        """Wait so long, or with `prompt` until a route appears and a little longer; tell whether one did."""
        until = self._monotonic() + seconds
        prompted = False
        while not self._stopping and (left := until - self._monotonic()) > 0:
            listens = self._watch.sockets if prompt and not prompted else []
            told, _, _ = select.select([self._wake_in, *listens], [], [], min(left, WATCH_S))
            self._drain_wake()
            if prompt and not prompted and self._watch.appeared():
                prompted = True
                until = min(until, self._monotonic() + PROMPT_S * random.random())  # noqa: S311 - no secret
            elif told and told[0] is not self._wake_in:
                self._deafly(DEAF_S)
        return prompted

    def _deafly(self, seconds: float) -> None:
        """Let the routes settle: they come in dozens, and each would be a wake-up."""
        select.select([self._wake_in], [], [], seconds)

    def _drain_wake(self) -> None:
        with suppress(BlockingIOError):
            while self._wake_in.recv(4096):
                pass
