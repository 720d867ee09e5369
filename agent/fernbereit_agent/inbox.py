"""What arrived while the agent slept? Events from the link's thread, and calls to wake up or stop.

It sleeps in `select`, whose timeouts no clock that is set can stretch: those of a lock are measured by the
wall clock on some systems, and a clock set back by years would be slept through.
"""

import select
import socket
from contextlib import suppress
from queue import Empty, SimpleQueue

from fernbereit_agent.link_events import Answered, Event, PolicyArrived

LONGEST_S = 60.0
"""Longest wait: timeouts do not count the sleep of the machine, so waking up is noticed within a minute."""
MOST_MESSAGES = 64
"""So many messages wait at most, whatever a broker sends while the agent looks; what is lost comes again."""


class Inbox:
    """Filled from any thread and from signal handlers, emptied by one thread."""

    def __init__(self) -> None:
        self._arrived: SimpleQueue[Event | None] = SimpleQueue()
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)
        self._button.setblocking(False)

    def put(self, event: Event | None) -> None:
        """Add an event, or with None only end the sleep; a message too many is dropped."""
        if isinstance(event, Answered | PolicyArrived) and self._arrived.qsize() >= MOST_MESSAGES:
            return
        self._arrived.put(event)
        with suppress(OSError):  # rung so often that it is full, or closed
            self._button.send(b"\0")

    def take(self, wait_s: float) -> list[Event | None]:
        """Sleep until something arrives, so long or at most a minute; return all that arrived."""
        select.select([self._bell], [], [], min(max(0.0, wait_s), LONGEST_S))
        with suppress(BlockingIOError):
            while self._bell.recv(4096):
                pass
        events: list[Event | None] = []
        with suppress(Empty):
            while True:
                events.append(self._arrived.get_nowait())
        return events

    def close(self) -> None:
        """Give back the sockets; whoever still puts something in is not heard."""
        self._bell.close()
        self._button.close()
