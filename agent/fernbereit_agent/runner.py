"""How does one look at one section end? With an observation, whatever the reader does.

This is the agent's one broad `except`. A reader runs in a daemon thread of its own: past its deadline the
observation is `timeout`, and the reader is not started again while the old call still hangs.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from pydantic import ValidationError

from fernbereit.facts import SECTIONS
from fernbereit.record import Observation, Outcome, Reason
from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import ProbeError, TimedOut, Unreadable, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probe import Probe, Reader
from fernbereit_agent.settings import ProbeSettings

Clock = Callable[[], float]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a look ended with; `accident` is an exception nobody thought of."""

    seen: Observation[OpenModel]
    accident: Exception | None = None


@dataclass(kw_only=True)
class Runner:
    """Looks at sections and remembers which readers hang and how each last look ended."""

    host: Host
    settings: ProbeSettings
    monotonic: Clock
    took_s: dict[str, float] = field(default_factory=dict)
    """Seconds the latest look at each section took."""
    _last: dict[str, tuple[Outcome, Reason | None]] = field(default_factory=dict)
    _hanging: dict[str, threading.Thread] = field(default_factory=dict)

    def observe(self, probe: Probe) -> Observation[OpenModel]:
        """Look at one section once; never raises, never takes longer than the probe's deadline."""
        started = self.monotonic()
        answer = self._look(probe)
        self.took_s[probe.section] = self.monotonic() - started
        self._log_a_change(probe.section, answer)
        return answer.seen

    def _look(self, probe: Probe) -> _Answer:
        reader = probe.readers.get(self.host.system)
        if reader is None:
            return _Answer(_ended(probe, Unsupported()))
        before = self._hanging.get(probe.section)
        if before is not None and before.is_alive():
            return _Answer(_ended(probe, TimedOut()))
        answers: list[_Answer] = []
        thread = threading.Thread(
            target=lambda: answers.append(_read(probe, reader, self.host, self.settings)),
            name=f"probe-{probe.section}",
            daemon=True,
        )
        thread.start()
        thread.join(probe.deadline.total_seconds())
        if answers:
            self._hanging.pop(probe.section, None)
            return answers[0]
        self._hanging[probe.section] = thread
        return _Answer(_ended(probe, TimedOut()))

    def _log_a_change(self, section: str, answer: _Answer) -> None:
        seen = answer.seen
        ended = (seen.outcome, seen.reason)
        if self._last.get(section) == ended:
            return
        self._last[section] = ended
        level = logging.WARNING if seen.outcome in {Outcome.FAILED, Outcome.TIMEOUT} else logging.INFO
        why = f" ({seen.reason})" if seen.reason else ""
        took_s, accident = self.took_s[section], answer.accident
        logger.log(level, "%s: %s%s after %.3f s", section, seen.outcome, why, took_s, exc_info=accident)


def observe(probe: Probe, host: Host, settings: ProbeSettings, monotonic: Clock) -> Observation[OpenModel]:
    """Look at one section once without remembering anything; never raises."""
    return Runner(host=host, settings=settings, monotonic=monotonic).observe(probe)


def _read(probe: Probe, reader: Reader, host: Host, settings: ProbeSettings) -> _Answer:
    try:
        return _Answer(_of(probe)(outcome=Outcome.OK, facts=reader(host, settings)))
    except ProbeError as error:
        return _Answer(_ended(probe, error))
    except ValidationError:
        return _Answer(_ended(probe, Unreadable()))
    except Exception as accident:  # noqa: BLE001 - the one fence around all readers
        failed = _of(probe)(outcome=Outcome.FAILED, reason=Reason.INTERNAL_ERROR)
        return _Answer(failed, accident)


def _ended(probe: Probe, error: ProbeError) -> Observation[OpenModel]:
    return _of(probe)(outcome=error.outcome, reason=error.reason)


def _of(probe: Probe) -> type[Observation[OpenModel]]:
    """Return the observation's model with the section's facts, as the record wants it."""
    return cast("type[Observation[OpenModel]]", Observation.__class_getitem__(SECTIONS[probe.section]))
