"""When is which laptop judged while the collector runs?

Whose facts changed, at once; everybody, when the day, the policy or a waiver changed, and after the start. A
chunk is read and judged in a thread and written in one transaction; only then does the fleet know. What could
not be written stays due.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from itertools import chain, islice
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from fernbereit import crash
from fernbereit.readiness import CompiledPolicy, Look
from fernbereit_server.decisions import Decisions
from fernbereit_server.fleet import Device, Fleet, Twin
from fernbereit_server.held_once import held_for_good
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.health import waits
from fernbereit_server.judging.asked import asked_by
from fernbereit_server.judging.judge import Laptop, Ruling, judge, remembered
from fernbereit_server.judging.judged import Judged
from fernbereit_server.judging.judgement import BY_NONE, Cause
from fernbereit_server.judging.lifecycle import tell_twins, twins
from fernbereit_server.judging.rows import (
    news,
    read_all_judgements,
    read_judgements,
    read_looks,
    read_policy,
    write_rulings,
)
from fernbereit_server.judging.rulebook import Rulebook, rulebook
from fernbereit_server.judging.waived import NOTHING_WAIVED, waived_on
from fernbereit_server.stalls import some_at_a_time
from fernbereit_server.store.database import writing

_log = logging.getLogger(__name__)

CHUNK = 50
"""So few that reports wait for no more than some 20 milliseconds."""
TICK_S = 1.0
_AT_ONCE = 1000
BESIDE_S = 900.0
"""What is only counted over groups is counted anew within this time; it is not published more often."""


class Judge:
    """The only one who writes judgements and transitions."""

    def __init__(
        self,
        engine: Engine,
        fleet: Fleet,
        *,
        decisions: Callable[[], Decisions],
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        waiting: Callable[[], int] = lambda: 0,
    ) -> None:
        self._engine, self._fleet, self._waiting = engine, fleet, waiting
        self._decisions, self._clock, self._zone = decisions, clock, zone
        self._book: Rulebook | None = None
        self._earlier: dict[int, Rulebook] = {}
        self._waived = NOTHING_WAIVED
        self._today = date.min
        self._seen: Decisions | None = None
        self._known = 0
        self._everybody: set[str] = set()
        self._waits = waits()
        self._not_before = 0.0
        self._beside_at = time.monotonic() + BESIDE_S

    @property
    def due(self) -> int:
        """Return how many laptops are to be judged."""
        few, many = sorted((self._everybody, self._fleet.changed), key=len)
        return len(many) + sum(name not in many for name in few)

    async def tick(self) -> None:
        """Judge everybody who is due; returns early while the database is away."""
        if time.monotonic() < self._not_before:
            return
        try:
            await self._judge_all()
        except SQLAlchemyError as error:
            self._not_before = time.monotonic() + next(self._waits)
            _log.error("nobody can be judged at present (%s); it is tried again", type(error).__name__)
        else:
            self._waits = waits()

    async def _judge_all(self) -> None:
        if self._seen is None:
            await self._remember()
        if time.monotonic() >= self._beside_at:
            self._beside_at = time.monotonic() + BESIDE_S
            await _in_turns(self._fleet.changed.update, self._fleet.changed_beside)
        while True:
            await self._look_around()
            chosen = set(islice(chain(self._fleet.changed, self._everybody), CHUNK))
            if not chosen:
                return
            began = time.monotonic()
            await self._judge(chosen)
            # Nobody waits for a verdict as a laptop waits for its answer: while reports wait, three quarters
            # of the time are the intake's, and otherwise half.
            took = time.monotonic() - began
            are_due = self._everybody or self._fleet.changed
            await asyncio.sleep(took * (3 if self._waiting() else 1) if are_due else 0)

    async def _judge(self, device_ids: Collection[str]) -> None:
        fleet, book, today = self._fleet, self._book, self._today
        assert book is not None
        fleet.changed.difference_update(device_ids)
        fleet.changed_beside.difference_update(device_ids)
        laptops = [self._laptop(d) for name in device_ids if (d := fleet.devices.get(name)) is not None]
        asked = fleet.asked
        try:
            rulings, looks = await asyncio.to_thread(self._rule, book, laptops, today)
        except BaseException:
            fleet.changed.update(device_ids)
            raise
        self._everybody.difference_update(device_ids)
        for name, ruling in rulings.items():
            device = fleet.devices.get(name)
            if device is not None:
                fleet.set_judged(device, ruling.judged)
                if asked is fleet.asked and asked is not None:
                    fleet.set_answers(device, asked, looks[name])

    def _laptop(self, device: Device) -> Laptop:
        aside = None
        if device.status != "active" or device.twin == "replaced":
            aside = Cause.REMOVED
        elif device.twin == "conflict":
            aside = Cause.FACTS
        return Laptop(
            device_id=device.device_id,
            first_seen_on=device.first_seen_on,
            waived=self._waived.of(device.device_id, device.unit),
            aside=aside,
        )

    def _rule(
        self, book: Rulebook, laptops: Collection[Laptop], today: date
    ) -> tuple[dict[str, Ruling], dict[str, dict[str, Look]]]:
        """Read, judge and write; runs in a thread and returns when it is on the disk."""
        ids = [laptop.device_id for laptop in laptops]
        with self._engine.connect() as connection:
            before = read_judgements(connection, ids)
            looks = read_looks(connection, ids, book.sections, today)
        rulings = {}
        for laptop in laptops:
            name = laptop.device_id
            try:
                rulings[name] = judge(
                    book, laptop, looks[name], today, before.get(name), earlier=self._earlier
                )
            except Exception as error:  # noqa: BLE001 - the fence of one laptop: the others are judged
                _log.error("a laptop could not be judged: %s", type(error).__name__)
        if changed := news(rulings, before):
            with writing(self._engine) as connection:
                write_rulings(connection, changed)
        crash.point("judging.written")
        return rulings, looks

    async def _look_around(self) -> None:
        """Notice another day, policy or waiver, which concern everybody, and laptops that share a serial."""
        decisions, today = self._decisions(), Days(self._clock(), self._zone).today
        known = len(self._fleet.devices)
        if decisions is self._seen and (today, known) == (self._today, self._known):
            return
        book = self._book_of(decisions.policy)
        waived = waived_on(today, decisions.waivers)
        if (book, today, waived) != (self._book, self._today, self._waived):
            await _in_turns(self._everybody.update, self._fleet.devices)
        self._book, self._today, self._waived, self._seen = book, today, waived, decisions
        self._fleet.asked = asked_by((book, *self._earlier.values()), today, self._fleet.asked)
        self._known, devices = known, list(self._fleet.devices.values())
        found = await asyncio.to_thread(twins, devices, today, self._zone)
        news = tell_twins(await asyncio.to_thread(_differing, devices, found), found)
        self._fleet.changed.update(news)
        self._fleet.touch(news)

    def _book_of(self, policy: CompiledPolicy) -> Rulebook:
        if self._book is not None and (
            self._book.compiled is policy or self._book.compiled.policy == policy.policy
        ):
            return self._book
        if self._book is not None:
            self._earlier[self._book.version] = self._book
        return rulebook(policy)

    async def _remember(self) -> None:
        """Let the fleet know the last judgements, until everybody is judged anew; learn who gave them."""
        policy = self._decisions().policy
        found = await asyncio.to_thread(self._read, policy)
        while found:  # what is not kept is let go of in turns as well
            if len(found) % _AT_ONCE == 0:
                await asyncio.sleep(0)
            name, judged = found.pop()
            device = self._fleet.devices.get(name)
            if device is not None and device.judged is None:
                self._fleet.set_judged(device, judged)

    def _read(self, policy: CompiledPolicy) -> list[tuple[str, Judged]]:
        with self._engine.connect() as connection, held_for_good():
            found, versions = [], {policy.policy.version}
            for name, one in read_all_judgements(connection):
                found.append((name, remembered(policy, one)))
                versions |= {one.policy_version, one.begun.policy_version if one.begun else BY_NONE}
            for version in versions - {policy.policy.version, BY_NONE}:
                if (old := read_policy(connection, version)) is not None:
                    self._earlier[version] = old
            return found


def _differing(devices: Collection[Device], found: Mapping[str, Twin]) -> list[Device]:
    return [device for device in devices if device.twin != found.get(device.device_id)]


async def _in_turns(add: Callable[[list[str]], None], names: Iterable[str]) -> None:
    """Add many to a set, and let others have a turn in between."""
    for some in some_at_a_time(list(names)):
        add(some)
        await asyncio.sleep(0)
