"""How would every laptop of Musterstadt have been judged on each day of the past?

By the pure `judge` that the collector uses, day after day, so that today's judgement, its days and the
transitions before it belong together. A laptop is judged again only on days on which something can change:
an improvement, a date among its facts, the end of a grace, or its silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from fernbereit.facts.management import Management
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit.readiness import Look, Result
from fernbereit.record import Observation
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.authority import Observations, SyntheticDevice
from fernbereit_server.demo.past import Past
from fernbereit_server.demo.verdict import looks_of, policy
from fernbereit_server.judging.judge import Laptop, Ruling, judge
from fernbereit_server.judging.judgement import Judgement, Transition
from fernbereit_server.judging.rulebook import Rulebook, rulebook

_MOVING = ("operating_system", "management")
"""Sections with days that move on as long as somebody takes care of a laptop."""
_NEVER = date.max


@dataclass(slots=True)
class Chronicle:
    """One laptop from its first day to yesterday; `follow` it day by day, ascending."""

    device: SyntheticDevice
    past: Past
    today: date
    book: Rulebook
    ruling: Ruling | None = None
    transitions: list[Transition] = field(default_factory=list)
    _step: int = -1
    _again_on: date = _NEVER
    _looks: Mapping[str, Look] = field(default_factory=dict)

    @property
    def last_look_on(self) -> date:
        """The day after which it was silent; yesterday for one that reports to this day."""
        return self.today - timedelta(days=max(1, self.device.silent_days))

    def observed(self, day: date) -> Observations:
        """Return what the collector knew of it on a day."""
        looked_on = min(day, self.last_look_on)
        seen = self.past.observed(self.device, self.past.step(looked_on))
        return as_of(seen, (self.today - looked_on).days)

    def turned(self, day: date) -> bool:
        """Tell whether its facts are others than when it was judged last."""
        return self.past.step(min(day, self.last_look_on)) != self._step

    def follow(self, day: date) -> bool:
        """Judge it on a day, if anything may have changed; return whether it was judged."""
        turned = self.turned(day)
        if not turned and day < self._again_on:
            return False
        looked_on = min(day, self.last_look_on)
        step = self.past.step(looked_on)
        if turned:
            self._looks = looks_of(self.past.observed(self.device, step))
            self._step = step
        age_days = (day - looked_on).days
        moved = looks_of(_moving(self.past.observed(self.device, step), (self.today - looked_on).days))
        looks = {
            name: replace(look, age_days=age_days) if age_days else look
            for name, look in {**self._looks, **moved}.items()
        }
        before = self.ruling.judgement if self.ruling else None
        laptop = Laptop(device_id=self.device.device_id, first_seen_on=self.past.first_seen_on)
        self.ruling = judge(self.book, laptop, looks, day, before, earlier={})
        self.transitions += self.ruling.transitions
        self._again_on = self._next_turn(looks, self.ruling.judgement, day)
        return True

    def _next_turn(self, looks: Mapping[str, Look], judgement: Judgement, day: date) -> date:
        """Return the next day on which the laptop may stand otherwise although no fact changes."""
        oldest_ok = timedelta(days=policy().policy.facts_max_age_days)
        new_until = self.past.first_seen_on + timedelta(days=self.book.setup_grace_days)
        turns = [date.fromordinal(turn) for turn in self.book.turns(looks)]
        turns += [self.last_look_on + oldest_ok + timedelta(days=1), new_until]
        turns += [
            max(new_until, state.first_failed_on + timedelta(days=grace))
            for state, grace in zip(judgement.checks.values(), self.book.grace_days, strict=True)
            if state.result is Result.FAIL and state.first_failed_on
        ]
        return min((turn for turn in turns if turn > day), default=_NEVER)


def chronicles(pasts: Iterable[tuple[SyntheticDevice, Past]], today: date) -> list[Chronicle]:
    """Return the chronicles of some laptops, before their first day, under the shipped policy."""
    book = rulebook(policy())
    return [Chronicle(device, past, today, book) for device, past in pasts]


def as_of(seen: Observations, days_ago: int) -> Observations:
    """Return observations as they were some days ago: an update last week was one last week then, too."""
    return {**seen, **_moving(seen, days_ago)}


def _moving(seen: Observations, days_ago: int) -> Observations:
    return {name: _earlier(seen[name], timedelta(days=days_ago)) for name in _MOVING}


def _earlier(seen: Observation[OpenModel], by: timedelta) -> Observation[OpenModel]:
    facts = seen.facts
    if isinstance(facts, OperatingSystem) and facts.last_update_on:
        facts = facts.model_copy(update={"last_update_on": facts.last_update_on - by})
    elif isinstance(facts, Management) and facts.clients:
        clients = tuple(
            client.model_copy(update={"last_sync_on": client.last_sync_on - by})
            if client.last_sync_on
            else client
            for client in facts.clients
        )
        facts = facts.model_copy(update={"clients": clients})
    return seen if facts is seen.facts else seen.model_copy(update={"facts": facts})
