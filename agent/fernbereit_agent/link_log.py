"""What does the log say about the connection? Changes that last, each once, and what to do about them."""

import logging

PATIENCE = 3
"""So many attempts may fail after a connection that worked before anything is said: laptops move about."""

logger = logging.getLogger(__name__)


class LinkLog:
    """Remembers what was said; used from one thread."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._up = ""
        self._misses = 0
        self._said_up = False

    def connected(self, how: str) -> None:
        """Note a connection: said the first time, in another way than before, and after a trouble."""
        if how != self._up or (self._told and not self._said_up):
            logger.info("connected to the broker with %s", how)
        self._up, self._said_up = how, True

    def settled(self) -> None:
        """Note that the connection was good for something: what was wrong is over."""
        self._told.clear()
        self._misses, self._said_up = 0, False

    def ended(self, why: str) -> None:
        """Note an end or a failure."""
        self._misses += 1
        if (self._up and self._misses < PATIENCE) or why in self._told:
            return
        self._told.add(why)
        self._said_up = False
        logger.info("%s; reports wait on this laptop; if this lasts, check [broker] in the settings", why)
