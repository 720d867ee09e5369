"""How many devices say what, exactly, at this moment? Counted change by change, never from the beginning.

The fleet tells which devices are not as they were; what each of them added to the counts before is taken away
again, and what it adds now is added. So a scrape costs as much with 100,000 devices as with a hundred, and a
report that changes nothing costs two look-ups. Everything is counted anew when the day, the policy or the
inventory is another one, a few milliseconds at a time. A test compares with a count of everything.
"""

import asyncio
import time
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from fernbereit.readiness import CompiledPolicy
from fernbereit.record import Outcome
from fernbereit.topics import lane_of
from fernbereit_server.decisions import Decisions
from fernbereit_server.device import Device
from fernbereit_server.fleet import Fleet
from fernbereit_server.held_once import held_for_good
from fernbereit_server.judging.lifecycle import STOCK, counts_in
from fernbereit_server.metrics.catalogue import TRAITS, families
from fernbereit_server.metrics.families.readiness import CONTESTED_TRAIT
from fernbereit_server.metrics.family import DAILY, Family
from fernbereit_server.publication.answers import Answers
from fernbereit_server.publication.census import SHARED, Seen
from fernbereit_server.publication.groups import Place
from fernbereit_server.stalls import letting_go, some_at_a_time

LOOK_S = 1.0
"""How often what changed is counted, so that little is left for a scrape."""
TURN_S = 0.002
"""The loop that takes reports in has its turn after this long, or twice as long if it just missed one."""
_MOST = 50_000
"""Different things devices say that are remembered; beyond it the oldest is let go for each new one."""
_NOBODY: frozenset[str] = frozenset()
_NOTHING_READ: Mapping[str, Outcome] = {}
_CONTESTED = TRAITS.index(CONTESTED_TRAIT)
_LOOKS_AT = {
    "devices": "nothing",
    "reading": "outcomes",
    "outcome": "outcomes",
    "trait": "words",
    "contested": "contested",
}
"""What of a device decides its word, by the source of a family, where it is not its judgement."""

Columns: TypeAlias = bytes
"""Numbers of columns, two bytes each."""


def exact_families(policy: CompiledPolicy) -> tuple[Family, ...]:
    """Return what operations see; what is told of a check is told by unit, what is near behaviour is not."""
    by_unit = {"check", "last_blocker", "contested"}
    return tuple(
        replace(family, level="unit") if family.source in by_unit else family
        for family in families(policy)
        if family.source not in DAILY
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactCounts:
    """One moment's counts. `by_place` has one number for each word of each of `families`, in their order."""

    families: tuple[Family, ...]
    by_place: Mapping[Place, list[int]]
    lanes: Mapping[int, int]
    statuses: Mapping[str, int]
    never_seen: Mapping[Place, int]


_PlaceKey: TypeAlias = tuple[str | None, str | None]
_Counted: TypeAlias = tuple[str, int | None, _PlaceKey | None, tuple[Columns, ...]]
"""What one device adds: status, row of the inventory, place, and columns of that place.

It has no place if it is in nobody's use. Plain tuples of plain things, which garbage collection passes over.
"""
_NOTHING_ADDED: _Counted = ("", None, None, ())


class _Words:
    """To which columns does what a device says belong, under one policy and on one day?"""

    def __init__(self, policy: CompiledPolicy, today: date) -> None:
        self.families = exact_families(policy)
        self.width = 0
        self._asked: dict[str, list[tuple[Callable[[Seen], str], dict[str, int]]]] = {}
        answers = Answers(policy, today)
        for family in self.families:
            columns = {word: self.width + place for place, word in enumerate(family.words or ("",))}
            asked = self._asked.setdefault(_LOOKS_AT.get(family.source, "judgement"), [])
            asked.append((answers.of(family), columns))
            self.width += len(columns)
        self.known: OrderedDict[tuple[str, Hashable], tuple[object, Columns]] = OrderedDict()

    def of(self, seen: Seen, outcomes: Mapping[str, Outcome]) -> tuple[Columns, ...]:
        """Return the columns of what is seen, part by part; equal parts are the same object.

        `outcomes` are those of `seen`, which itself has none yet.
        """
        return (
            self._columns("nothing", None, None, seen, outcomes),
            self._columns("outcomes", id(outcomes), outcomes, seen, outcomes),
            self._columns("words", seen.words, None, seen, outcomes),
            self._columns("contested", seen.contested, None, seen, outcomes),
            self._columns("judgement", (id(seen.judged), seen.stays, seen.path), seen.judged, seen, outcomes),
        )

    def _columns(
        self, part: str, key: Hashable, kept: object, seen: Seen, outcomes: Mapping[str, Outcome]
    ) -> Columns:
        """Ask for the words of one part; `kept` is what `key` names by its identity, so that it lives on."""
        known = self.known.get((part, key))
        if known is None:
            whole = seen._replace(outcomes=frozenset(outcomes.items()))
            said = ((columns, say(whole)) for say, columns in self._asked.get(part, ()))
            found = array("H", (columns[word] for columns, word in said if word in columns)).tobytes()
            if len(self.known) >= _MOST:
                self.known.popitem(last=False)
            known = self.known[part, key] = (kept, found)
        return known[1]


class Exact:
    """Counts a fleet; used by the event loop alone, which also changes the fleet."""

    def __init__(
        self, fleet: Fleet, *, decisions: Callable[[], Decisions], today: Callable[[], date]
    ) -> None:
        self._fleet, self._decisions, self._today = fleet, decisions, today
        self._touched = fleet.watch()
        self._one_at_a_time = asyncio.Lock()
        self._basis: tuple[CompiledPolicy, date, int] | None = None
        self._begin()

    def _begin(self) -> None:
        """Know nothing of anybody under the decisions in force today."""
        decisions = self._decisions()
        self._words = _Words(decisions.policy, self._today())
        self._contested = decisions.contested
        self._counted: dict[str, _Counted] = {}
        self._by_place: dict[_PlaceKey, list[int]] = {}
        self._lanes: Counter[int] = Counter()
        self._statuses: Counter[str] = Counter()
        self._never_seen: Counter[_PlaceKey | None] = Counter()
        self._rows: dict[int, _Counted] = {}
        self._seen_rows: Counter[int] = Counter()

    async def keep_up(self) -> None:
        """Count what changed, in turns with everything else."""
        async with self._one_at_a_time:
            for _ in self._steps():
                await asyncio.sleep(0)

    async def now(self) -> ExactCounts:
        """Return the counts of this moment."""
        await self.keep_up()
        return self.settled()

    def settled(self) -> ExactCounts:
        """Return the counts of this moment, without letting anybody else have a turn."""
        for _ in self._steps():
            pass
        return ExactCounts(
            families=self._words.families,
            by_place={Place(*place): list(numbers) for place, numbers in self._by_place.items()},
            lanes=dict(self._lanes),
            statuses=dict(self._statuses),
            never_seen={
                Place(*place): number for place, number in self._never_seen.items() if place and number
            },
        )

    def _steps(self) -> Iterator[None]:
        """Count until nothing is left that changed; stops for others every `TURN_S` seconds."""
        turn_ends = time.monotonic() + TURN_S
        for _ in self._changes():
            if time.monotonic() >= turn_ends:
                yield
                turn_ends = time.monotonic() + TURN_S

    def _changes(self) -> Iterator[None]:
        while True:
            decisions = self._decisions()
            if self._basis != (decisions.policy, self._today(), self._fleet.inventories):
                with held_for_good():
                    yield from self._from_nothing()
                continue
            if self._contested is not decisions.contested:
                before, now = self._contested, decisions.contested
                self._touched.update(
                    name for name in before.keys() | now.keys() if before.get(name) != now.get(name)
                )
                self._contested = now
            if not self._touched:
                return
            self._recount(self._touched.pop())
            yield

    def _from_nothing(self) -> Iterator[None]:
        """Begin anew and count everybody: another day, policy or inventory."""
        self._basis = None  # whoever is interrupted in here begins once more
        yield from letting_go(self._counted, self._rows, self._seen_rows, self._words.known)
        basis = (self._decisions().policy, self._today(), self._fleet.inventories)
        self._begin()
        for some in some_at_a_time(list(self._fleet.devices)):
            self._touched.update(some)
            yield
        yield from self._count_rows()
        while self._touched:
            self._recount(self._touched.pop())
            yield
        self._basis = basis

    def _count_rows(self) -> Iterator[None]:
        """Count every row of the inventory as one that never reported; devices take theirs away again."""
        for row in self._fleet.inventory:
            if row.kind != STOCK:
                seen = Seen(Place(row.site, row.unit), row.kind == SHARED, "")
                place, columns = (row.site, row.unit), self._words.of(seen, _NOTHING_READ)
                self._rows[row.id] = ("", None, place, columns)
                self._never_seen[place] += 1
                self._add(place, columns, 1)
                yield

    def _recount(self, device_id: str) -> None:
        device = self._fleet.devices.get(device_id)
        before = self._counted.get(device_id)
        now = None if device is None else self._counted_as(device)
        if before == now:  # tuples compare their parts by identity first
            return
        if before is None:
            self._lanes[lane_of(device_id)] += 1
        else:
            self._statuses[before[0]] -= 1
            self._see_row(before[1], -1)
        if now is None:
            self._lanes[lane_of(device_id)] -= 1
            del self._counted[device_id]
        else:
            self._statuses[now[0]] += 1
            self._see_row(now[1], 1)
            self._counted[device_id] = now
        self._move(before, now)

    def _counted_as(self, device: Device) -> _Counted:
        if not counts_in(device):
            return device.status, device.inventory_id, None, ()
        by_owner = device.words[_CONTESTED]
        seen = Seen(
            Place(device.site, device.unit),
            device.kind == SHARED,
            "",
            device.words,
            judged=device.judged,
            path=device.path,
            contested=self._contested.get(device.device_id, _NOBODY)
            | (frozenset(by_owner.split(",")) if by_owner else _NOBODY),
        )
        place = device.site, device.unit
        return device.status, device.inventory_id, place, self._words.of(seen, device.outcomes)

    def _see_row(self, row_id: int | None, number: int) -> None:
        """Count one more or one less device of a row, which is then no longer, or again, never seen."""
        if row_id is None:
            return
        before = self._seen_rows[row_id]
        self._seen_rows[row_id] = now = before + number
        row = self._rows.get(row_id)
        if row is not None and (before == 0) != (now == 0):
            _, _, place, columns = row
            self._never_seen[place] -= number
            self._add(place, columns, -number)

    def _move(self, before: _Counted | None, now: _Counted | None) -> None:
        """Take away what a device added before and add what it adds now, as far as these differ."""
        _, _, left, old = before or _NOTHING_ADDED
        _, _, come, new = now or _NOTHING_ADDED
        if left == come:
            differ = [pair for pair in zip(old, new, strict=True) if pair[0] is not pair[1]]
            old, new = tuple(one for one, _ in differ), tuple(one for _, one in differ)
        self._add(come, new, 1)
        self._add(left, old, -1)

    def _add(self, place: _PlaceKey | None, parts: Iterable[Columns], number: int) -> None:
        if place is None:
            return
        numbers = self._by_place.get(place)
        if numbers is None:
            numbers = self._by_place[place] = [0] * self._words.width
        for columns in parts:
            for column in memoryview(columns).cast("H"):
                numbers[column] += number
        if number < 0 and not any(numbers):
            del self._by_place[place]
