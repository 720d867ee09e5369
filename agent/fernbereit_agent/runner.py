"""How does a look end? With an observation, at its deadline at the latest, whatever the reader does.

This is the agent's one broad `except`. A reader runs in a daemon thread of its own. Nothing can end a thread
that hangs, so it is left behind, and its reader is not started again before the old call has returned: of
each section there is never more than one. What ended badly is counted; `schedule.py` makes waits of it.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from pydantic import ValidationError

from fernbereit.facts import SECTIONS
from fernbereit.facts.agent import LookTime
from fernbereit.record import Observation, Outcome, Reason, observation_of
from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import ProbeError, TimedOut, Unreadable, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.privileged.filling import filled
from fernbereit_agent.probe import Probe, Reader
from fernbereit_agent.settings import ProbeSettings

Clock = Callable[[], float]
logger = logging.getLogger(__name__)


BUDGET_S = 120.0
"""After so many seconds of one round no further section is looked at; the rest comes with the next one."""

_LOOK_TIMES = ((LookTime.QUICK, 1.0), (LookTime.SLOW, 10.0), (LookTime.VERY_SLOW, float("inf")))
BAD = frozenset({Outcome.FAILED, Outcome.TIMEOUT})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a look ended with; `accident` is an exception nobody thought of."""

    seen: Observation[OpenModel]
    accident: Exception | None = None


@dataclass(slots=True)
class _LeftBehind:
    """A call that did not return in time; `met_again` says that a later look found it still hanging."""

    thread: threading.Thread
    met_again: bool = False


@dataclass(kw_only=True)
class Runner:
    """Looks at sections and remembers which readers hang and how each last look ended."""

    host: Host
    settings: ProbeSettings
    monotonic: Clock
    took_s: dict[str, float] = field(default_factory=dict)
    """Seconds the latest look at each section took."""
    _misses: dict[str, int] = field(default_factory=dict)
    _last: dict[str, tuple[Outcome, Reason | None]] = field(default_factory=dict)
    _hanging: dict[str, _LeftBehind] = field(default_factory=dict)
    _answers: SimpleQueue[_Answer | None] = field(default_factory=SimpleQueue)
    _interrupted: bool = False

    def look(self, probes: Iterable[Probe]) -> Iterator[tuple[Probe, Observation[OpenModel]]]:
        """Look at one section after the other, each when it is asked for, within the budget of a round.

        A section left out keeps its earlier look; one without an earlier look is told as a timeout.
        """
        until = self.monotonic() + BUDGET_S
        for probe in probes:
            if self.monotonic() < until:
                yield probe, self.observe(probe)
            elif probe.section not in self._last:
                yield probe, _ended(probe, TimedOut())

    def observe(self, probe: Probe) -> Observation[OpenModel]:
        """Look at one section once; never raises, never takes longer than the probe's deadline."""
        started = self.monotonic()
        answer = self._look(probe)
        if not self._interrupted:
            deadline_s = probe.deadline.total_seconds()  # a laptop may sleep in the middle of a look
            self.took_s[probe.section] = min(self.monotonic() - started, deadline_s)
            self._count(probe.section, answer.seen.outcome)
            self._log_a_change(probe.section, answer)
        return answer.seen

    def misses(self) -> Mapping[str, int]:
        """Return how many looks in a row ended badly, by section; a section that is not there is well.

        A call that hung through a later look and has returned since is a sign that all is well again: its
        misses are forgotten. One that is always a little too slow gives no such sign.
        """
        for section, left in list(self._hanging.items()):
            if not left.thread.is_alive():
                del self._hanging[section]
                if left.met_again:
                    self._misses.pop(section, None)
        return self._misses

    def forgive(self) -> None:
        """Forget all misses, since circumstances have changed: a network is there again."""
        self._misses.clear()

    def slowest_look(self) -> LookTime:
        """Return how long the slowest of the latest looks took, in one word."""
        longest = max(self.took_s.values(), default=0.0)
        return next(word for word, below_s in _LOOK_TIMES if longest < below_s)

    def interrupt(self) -> None:
        """End the look that is under way, since the process ends; may be called from a signal handler."""
        self._interrupted = True
        self._answers.put(None)

    def _look(self, probe: Probe) -> _Answer:
        reader = probe.readers.get(self.host.system)
        if reader is None:
            return _Answer(_ended(probe, Unsupported()))
        before = self._hanging.get(probe.section)
        if before is not None and before.thread.is_alive():
            before.met_again = True
            return _Answer(_ended(probe, TimedOut()))
        answers: SimpleQueue[_Answer | None] = SimpleQueue()
        self._answers = answers
        thread = threading.Thread(
            target=lambda: answers.put(_read(probe, reader, self.host, self.settings)),
            name=f"probe-{probe.section}",
            daemon=True,
        )
        try:
            thread.start()
        except RuntimeError as accident:  # no room for another thread
            return _accident(probe, accident)
        answer = None
        with suppress(Empty):
            answer = answers.get(timeout=0 if self._interrupted else probe.deadline.total_seconds())
        if answer is None:
            self._hanging[probe.section] = _LeftBehind(thread)
            return _Answer(_ended(probe, TimedOut()))
        self._hanging.pop(probe.section, None)
        return answer

    def _count(self, section: str, outcome: Outcome) -> None:
        if outcome in BAD:
            self._misses[section] = self._misses.get(section, 0) + 1
        else:
            self._misses.pop(section, None)

    def _log_a_change(self, section: str, answer: _Answer) -> None:
        seen = answer.seen
        ended = (seen.outcome, seen.reason)
        if self._last.get(section) == ended:
            return
        self._last[section] = ended
        bad = seen.outcome in BAD
        level = logging.WARNING if bad else logging.INFO
        why = f" ({seen.reason})" if seen.reason else ""
        rarely = "; while this lasts it is looked at ever more rarely, at last once a day" if bad else ""
        took_s, accident = self.took_s[section], answer.accident
        logger.log(
            level, "%s: %s%s after %.3f s%s", section, seen.outcome, why, took_s, rarely, exc_info=accident
        )


def observe(probe: Probe, host: Host, settings: ProbeSettings, monotonic: Clock) -> Observation[OpenModel]:
    """Look at one section once without remembering anything; never raises."""
    return Runner(host=host, settings=settings, monotonic=monotonic).observe(probe)


def _read(probe: Probe, reader: Reader, host: Host, settings: ProbeSettings) -> _Answer:
    try:
        return _Answer(filled(probe.section, _asked(probe, reader, host, settings), host.helped()))
    except Exception as accident:  # noqa: BLE001 - the one fence around all readers
        return _accident(probe, accident)


def _asked(probe: Probe, reader: Reader, host: Host, settings: ProbeSettings) -> Observation[OpenModel]:
    try:
        return _of(probe)(outcome=Outcome.OK, facts=reader(host, settings))
    except ProbeError as error:
        return _ended(probe, error)
    except ValidationError:
        return _ended(probe, Unreadable())


def _accident(probe: Probe, accident: Exception) -> _Answer:
    return _Answer(_of(probe)(outcome=Outcome.FAILED, reason=Reason.INTERNAL_ERROR), accident)


def _ended(probe: Probe, error: ProbeError) -> Observation[OpenModel]:
    return _of(probe)(outcome=error.outcome, reason=error.reason)


def _of(probe: Probe) -> type[Observation[OpenModel]]:
    """Return the observation's model with the section's facts, as the record wants it."""
    return observation_of(SECTIONS[probe.section])
