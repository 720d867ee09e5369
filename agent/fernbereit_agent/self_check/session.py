"""What happens while the page is open? Checks run one at a time, wishes are passed on once, all is told.

Used from the server's threads; one lock guards what they share.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from fernbereit_agent import contest, mailbox, owner
from fernbereit_agent.self_check.looking import Checked, Told
from fernbereit_agent.whereabouts import Whereabouts

Sending = Literal["none", "waiting", "taken", "sent", "slow", "no_service", "closed"]
"""How a wish to send fares; texts are `self_check.send.<word>`."""
SLOW_S = 150.0
"""So long after a wish that nobody took one says so: the service looks once a minute."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a check is; `section` is the one that is looked at."""

    done: int
    of: int
    section: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to send that was left in the mailbox."""

    file: Path
    at: float
    before: float | None
    """When the bytes last sent had been written before; None if there were none."""


def wish_to_send(data: Path) -> Wish | Literal["no_service", "closed"]:
    """Ask the service to look at everything and send it."""
    try:
        if not (data / owner.REQUESTS).is_dir():
            return "no_service"
        before = _written(data)
        return Wish(mailbox.post(data, mailbox.Send()), time.monotonic(), before)
    except OSError:
        return "closed"


def sending(data: Path, wish: Wish | Literal["no_service", "closed"] | None) -> Sending:
    """Tell how a wish fares now."""
    if not isinstance(wish, Wish):
        return wish or "none"
    if _exists(wish.file):
        return "slow" if time.monotonic() - wish.at > SLOW_S else "waiting"
    return "sent" if _written(data) != wish.before else "taken"


@dataclass(kw_only=True)
class Session:
    """One page, from its opening to its end."""

    found: Whereabouts
    look: Callable[[Told], Checked]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _step: Step | None = None
    _checked: Checked | None = None
    _wish: Wish | Literal["no_service", "closed"] | None = None
    _asked: dict[str, bool] = field(default_factory=dict)
    """Contests the service was asked for (true) or asked to forget, and has not written down yet."""

    def start(self, *, send: bool) -> None:
        """Begin a check, unless one is running; with `send` the service is asked to report as well."""
        with self._lock:
            if self._step is not None:
                return
            self._step = Step(0, 0, "")
            if send and sending(self._data, self._wish) not in {"waiting", "slow"}:
                self._wish = wish_to_send(self._data)
        threading.Thread(target=self._run, name="self-check", daemon=True).start()

    @property
    def step(self) -> Step | None:
        """Return how far the running check is; None if none is running."""
        return self._step

    @property
    def sending(self) -> Sending:
        """Return how the wish to send fares."""
        return sending(self._data, self._wish)

    @property
    def checked(self) -> Checked | None:
        """Return the latest check with what is contested by now; None if it failed."""
        checked = self._checked
        if checked is None:
            return None
        written = set(contest.contested(self._data))
        with self._lock:
            self._asked = {check: on for check, on in self._asked.items() if (check in written) is not on}
            on, off = (
                {check for check, asked in self._asked.items() if asked is way} for way in (True, False)
            )
        return replace(checked, contested=frozenset((written | on) - off))

    def contest(self, check: str, *, withdraw: bool) -> Literal["done", "no_service", "closed"]:
        """Call a result wrong, or take that back; doing it twice is doing it once."""
        checked = self.checked
        if checked is None or check not in {one.id for one in checked.policy.judged}:
            return "closed"
        if (check in checked.contested) is not withdraw:
            return "done"
        data = self._data
        try:
            if not (data / owner.FOLDER).is_dir():
                return "no_service"
            if not contest.say(data, check, withdraw=withdraw):
                with self._lock:
                    self._asked[check] = not withdraw
        except OSError:
            return "closed"
        return "done"

    @property
    def _data(self) -> Path:
        return self.found.settings.data

    def _run(self) -> None:
        try:
            self._checked = self.look(self._tell)
        except Exception:
            self._checked = None  # an earlier answer would pass for a new one
            logger.exception("the check failed")
        finally:
            self._step = None

    def _tell(self, done: int, of: int, section: str) -> None:
        self._step = Step(done, of, section)


def _written(data: Path) -> float | None:
    try:
        return (data / owner.LAST_SENT).stat().st_mtime_ns
    except OSError:
        return None


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return False
