"""Is there room for more messages, or has reading to wait until some of those held are in the store?"""

import asyncio

from fernbereit_server.ingest.tally import Tally

MOST_BYTES = 16 * 2**20
"""Envelopes held at once, in bytes: a thousand of ordinary size are 4 MB, a thousand of the largest 64 MB."""


class Room:
    """How much is held between the broker and the store.

    A bound for reading on, not for what is taken: what a chunk from the socket still brings after the last
    free place is held as well, so at most one chunk is held beyond the bounds and nothing is dropped.
    """

    def __init__(self, *, messages: int, tally: Tally, size: int = MOST_BYTES) -> None:
        self._most_messages, self._most_bytes, self._tally = messages, size, tally
        self.messages = self.bytes = 0
        self.free = asyncio.Event()
        """Set while more may be read."""
        self.free.set()

    def enter(self, size: int) -> None:
        """Count a message of so many bytes."""
        self.messages += 1
        self.bytes += size
        if self.free.is_set() and not self._has_place():
            self._tally.pauses += 1
            self.free.clear()

    def leave(self, messages: int, size: int) -> None:
        """Count so many messages out, of so many bytes in all."""
        self.messages -= messages
        self.bytes -= size
        if self._has_place():
            self.free.set()

    def _has_place(self) -> bool:
        return self.messages < self._most_messages and self.bytes < self._most_bytes
