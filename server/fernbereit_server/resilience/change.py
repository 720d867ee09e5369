"""Why are more or fewer devices ready than so many days ago? One cause a device, so that parts add up.

A device is counted by where it stood at both ends of a window, whatever happened in between: it became ready,
stopped being ready, or neither. Its cause is that of the last day on which it crossed that border. What is
known of a day are its first and its last state, so nothing here is finer than a day.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import CompiledPolicy, Result, stand
from fernbereit_server.judging.judgement import COMPLIANCE, VERDICT, Cause, Transition

WINDOWS = (7, 30, 90)
"""Days looked back; transitions are kept no longer."""

Direction = Literal["gained", "lost"]
Results = Mapping[str, str]
IsReady = Callable[[Results], bool]

NEW, RETIRED, POLICY, WAIVER = "new", "retired", "policy", "waiver"
FACTS, TIME = "facts", "time"
"""Of one check: `facts:<check>`, `time:<check>`."""
SILENT = "silent"
"""What is known became too old, or was renewed, and no check decided."""
SEVERAL = "several"
"""Two checks or more changed on that day, and no single one of them decided."""

_OF_CAUSE = {
    Cause.NEW: NEW,
    Cause.REMOVED: RETIRED,
    Cause.POLICY: POLICY,
    Cause.WAIVER_GRANTED: WAIVER,
    Cause.WAIVER_ENDED: WAIVER,
}


class Part(NamedTuple):
    """One direction and one cause."""

    direction: Direction
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """One device as it stands today; `left_on` is the day it was retired or shut out, if it was."""

    device_id: str
    verdict: str
    first_seen_on: date
    left_on: date | None = None
    results: Results = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """Exact counts of one window, for the door that rounds them; `size` are the devices of either end."""

    parts: Counter[Part]
    ready_then: int
    ready_now: int
    size: int

    def __add__(self, other: "ChangeCounts") -> "ChangeCounts":
        return ChangeCounts(
            self.parts + other.parts,
            self.ready_then + other.ready_then,
            self.ready_now + other.ready_now,
            self.size + other.size,
        )


def change_counts(
    present: Iterable[Present],
    transitions: Mapping[str, Iterable[Transition]],
    since: date,
    is_ready: IsReady,
) -> ChangeCounts:
    """Count what changed after the day `since`; `transitions` by device, those of other days are ignored.

    Holds for every fleet: `ready_now - ready_then` is what was gained less what was lost.
    """
    parts: Counter[Part] = Counter()
    then = now = size = 0
    for device in present:
        if device.left_on is not None and device.left_on <= since:
            continue
        size += 1
        later = sorted((one for one in transitions.get(device.device_id, ()) if one.day > since), key=_day)
        was, is_now = _was_ready(device, later, since), device.left_on is None and _good(device.verdict)
        then += was
        now += is_now
        if was != is_now:
            parts[_part(device, later, since, is_ready)] += 1
    return ChangeCounts(parts, then, now, size)


def readiness_under(policy: CompiledPolicy) -> IsReady:
    """Return whether results, by check, make a laptop ready under a policy; a check left out is unknown."""
    names = [check.id for check in policy.judged]

    def is_ready(results: Results) -> bool:
        ordered = [Result(results.get(name) or Result.UNKNOWN) for name in names]
        return stand(policy, ordered, outdated=False).verdict is Verdict.READY

    return is_ready


def by_device(transitions: Iterable[Transition]) -> dict[str, list[Transition]]:
    """Group transitions by device; those of compliance are left out, since grace changes no verdict."""
    found: dict[str, list[Transition]] = defaultdict(list)
    for one in transitions:
        if one.subject != COMPLIANCE:
            found[one.device_id].append(one)
    return found


def _day(transition: Transition) -> date:
    return transition.day


def _good(verdict: str) -> bool:
    return verdict == Verdict.READY


def _was_ready(device: Present, later: list[Transition], since: date) -> bool:
    if device.first_seen_on > since:
        return False
    first = next((one for one in later if one.subject == VERDICT), None)
    if first is None:
        return _good(device.verdict)
    return first.cause is not Cause.NEW and _good(first.before)


def _part(device: Present, later: list[Transition], since: date, is_ready: IsReady) -> Part:
    if device.left_on is not None:
        return Part("lost", RETIRED)
    direction: Direction = "gained" if _good(device.verdict) else "lost"
    if device.first_seen_on > since:
        return Part(direction, NEW)
    crossings = [one for one in later if one.subject == VERDICT and _good(one.after) != _good(one.before)]
    if not crossings:  # ready from the first day it was judged
        return Part(direction, NEW)
    last = crossings[-1]
    return Part(direction, _OF_CAUSE.get(last.cause) or _check(device, later, last, is_ready))


def _check(device: Present, later: list[Transition], crossing: Transition, is_ready: IsReady) -> str:
    """Name the one check whose change alone makes the difference of that day."""
    results = dict(device.results)
    for one in reversed(later):
        if one.subject != VERDICT and one.day > crossing.day:
            results[one.subject] = one.before
    flipped = [one for one in later if one.subject != VERDICT and one.day == crossing.day]
    before = results | {one.subject: one.before for one in flipped}
    after = results | {one.subject: one.after for one in flipped}
    wanted = _good(crossing.after)
    if is_ready(before) == is_ready(after):  # decided by the age of the facts, or by a policy since replaced
        if not flipped or Verdict.UNKNOWN in {crossing.before, crossing.after}:
            return SILENT
        deciding = flipped
    else:
        deciding = [one for one in flipped if is_ready(before | {one.subject: one.after}) == wanted]
    if len(deciding) != 1:
        return SEVERAL
    (only,) = deciding
    return f"{TIME if only.cause is Cause.TIME else FACTS}:{only.subject}"
