"""Is something wrong with the disk, and was that said? Each trouble once, and once when it is over."""

import logging

logger = logging.getLogger(__name__)


class Troubles:
    """What failed since all was well; used from one thread."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._ailing = False

    def happened(self, what: str) -> None:
        """Note a failure; said once until it is over, however often it comes and in whatever order."""
        self._ailing = True
        if what not in self._told:
            self._told.add(what)
            logger.error("the outbox cannot be used, observing goes on: %s; make room or mend the disk", what)

    def round_ended(self) -> None:
        """Note that one report was written; a whole interval without a failure says that all is well."""
        if self._told and not self._ailing:
            self._told.clear()
            logger.info("the outbox can be used again")
        self._ailing = False
