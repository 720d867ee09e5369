"""Is nothing lost or applied twice, whatever breaks between a laptop's outbox and the collector's store?

The real outbox and the real store, each in its file; between them a channel that loses, repeats and reorders.
Both sides die at any point, and the store is put back to a backup. Beside the collector runs a model of
twenty lines that never dies: after every step mark, count and chain of both must agree.

An outbox put back to an older state is held in `tests/agent/test_outbox.py`: a late copy of what it forgot
is a clone's, which the model does not know.
"""

import copy
import shutil
import uuid
from collections import Counter
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, select, update

from fernbereit.delivery import Ack, Mark
from fernbereit_server.fleet import Fleet, load_fleet
from fernbereit_server.ingest.batch import Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.store import database, schema
from model_collector import ModelCollector
from outbox_world import DEVICE, HandClock, numbered, outbox_in

STEPS = 70
RUNS = 30
TODAY = date(2026, 11, 20)


class Death(StrEnum):
    """When the collector dies while it takes in a batch."""

    NEVER = "never"
    BEFORE_THE_COMMIT = "before the commit"
    AFTER_THE_COMMIT = "after the commit"
    BEFORE_THE_ANSWER = "before the answer"


class RealCollector:
    """The collector's own decisions, transaction and fleet, on a store in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.engine = self._open()
        database.upgrade(self.engine)
        self._start()

    def take(self, payloads: list[bytes], now_s: float, death: Death) -> list[Ack] | None:
        """Take in one batch as `ingest.intake` does; None where it died on the way and began anew."""
        batch = decide_all(
            [Message(DEVICE, payload, now_s) for payload in payloads],
            known=self._known,
            days=lambda unix_s: Days(datetime.fromtimestamp(unix_s, UTC), ZoneInfo("Europe/Berlin")),
            generation=self.generation,
        )
        if death is not Death.BEFORE_THE_COMMIT:
            commit(batch, self.engine)
            if death is Death.NEVER:
                for change in batch.changes.values():
                    self.fleet.apply(change)
                return list(batch.acks.values())
        if death is Death.BEFORE_THE_ANSWER:
            for change in batch.changes.values():
                self.fleet.apply(change)
        self.restart()
        return None

    def restart(self) -> None:
        """Know nothing but what the store says."""
        self.engine.dispose()
        self.engine = self._open()
        self._start()

    def keep(self, to: Path) -> None:
        """Write a backup."""
        to.unlink(missing_ok=True)
        with self.engine.connect() as connection:
            connection.connection.driver_connection.execute("VACUUM INTO ?", (str(to),))  # type: ignore[union-attr]

    def put_back(self, kept: Path) -> None:
        """Begin a new life from a backup."""
        self.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(kept, self.file)
        self.engine = self._open()
        with database.writing(self.engine) as connection:
            connection.execute(update(schema.store).values(generation=str(uuid.uuid4())))
        self._start()

    def mark(self) -> Mark | None:
        """Return what the store says, not what the fleet does."""
        marks = schema.marks.c
        with self.engine.connect() as connection:
            row = connection.execute(
                select(marks.epoch, marks.mark, marks.applied_count, marks.chain)
            ).one_or_none()
        return None if row is None else Mark(row[0], row[1], row[2], bytes(row[3]))

    def facts(self) -> dict[str, str]:
        """Return the stored facts by section, as JSON."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(schema.sections.c.section, schema.sections.c.facts))
            return {row.section: row.facts for row in rows}

    def _known(self, device_id: str) -> object:
        device = self.fleet.devices.get(device_id)
        return device.standing() if device else None

    def _open(self) -> Engine:
        return database.open_engine(f"sqlite:///{self.file}")

    def _start(self) -> None:
        self.generation = database.generation(self.engine, TODAY)
        with self.engine.connect() as connection:
            self.fleet: Fleet = load_fleet(connection)


class Delivering(RuleBasedStateMachine):
    """One laptop, one channel, one collector."""

    folder: Path
    template: Path
    names = count()
    events: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.here = self.folder / str(next(self.names))
        self.here.mkdir()
        shutil.copy(self.template, self.here / "store.sqlite3")
        self.clock = HandClock()
        self.real = RealCollector(self.here / "store.sqlite3")
        self.model = ModelCollector(generation=self.real.generation)
        self.up: list[bytes] = []
        self.down: list[Ack] = []
        self.made = 0
        self.excused: set[int] = set()
        self.kept_store: ModelCollector | None = None

    @initialize(room=st.sampled_from([60_000, 16 * 2**20]))
    def begin(self, room: int) -> None:
        self.room = room
        self._open_outbox()

    @rule(number=st.integers(1, 8), pause=st.integers(1, 100_000))
    def observe(self, number: int, pause: int) -> None:
        for _ in range(number):
            self.clock.seconds += pause
            self.made += 1
            self.outbox.append(numbered(self.made, self.clock, padding=300))

    @rule()
    def send(self) -> None:
        envelope = self.outbox.batch()
        if envelope is not None:
            self.up.append(envelope.encode())

    @rule(death=st.sampled_from(Death), number=st.integers(1, 5))
    def observe_and_deliver(self, death: Death, number: int) -> None:
        """Go the usual way, up to where the collector dies."""
        self.observe(number, 60)
        envelope = self.outbox.batch()
        if envelope is not None:
            self.up.append(envelope.encode())
            self._arrive([self.up.pop()], death)
        while self.down and death is Death.NEVER:
            self.outbox.acknowledge(self.down.pop())

    @precondition(lambda self: self.up)
    @rule(data=st.data(), again=st.booleans(), death=st.sampled_from(Death))
    def arrive(self, data: st.DataObject, again: bool, death: Death) -> None:  # noqa: FBT001
        number = data.draw(st.integers(1, min(4, len(self.up))))
        order = data.draw(st.permutations(range(len(self.up))))[:number]
        payloads = [self.up[place] for place in order]
        if not again:
            self.up = [payload for place, payload in enumerate(self.up) if place not in order]
        self._arrive(payloads, death)

    @precondition(lambda self: self.down)
    @rule(data=st.data(), again=st.booleans())
    def answer(self, data: st.DataObject, again: bool) -> None:  # noqa: FBT001
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.outbox.acknowledge(self.down[place] if again else self.down.pop(place))

    @precondition(lambda self: len(self.up) + len(self.down) > 2)
    @rule()
    def lose_everything_on_the_way(self) -> None:
        self.up.clear()
        self.down.clear()

    @rule(times=st.integers(1, 6))
    def hear_nothing(self, times: int) -> None:
        for _ in range(times):
            self.send()
            self.outbox.unanswered()

    @rule(boot=st.booleans())
    def restart_the_laptop(self, boot: bool) -> None:  # noqa: FBT001
        self.outbox.close()
        if boot:
            self.clock.restart()
        self._open_outbox()

    @precondition(lambda self: self.kept_store is None)
    @rule()
    def keep_the_store(self) -> None:
        self.real.keep(self.here / "backup.sqlite3")
        self.kept_store = copy.deepcopy(self.model)

    @precondition(lambda self: self.kept_store)
    @rule()
    def put_the_store_back(self) -> None:
        """Lose with the disk what was taken in since the backup."""
        assert self.kept_store is not None
        self.excused |= set(self.model.counters()) - set(self.kept_store.counters())
        self.real.put_back(self.here / "backup.sqlite3")
        self.model, self.kept_store = self.kept_store, None
        self.model.generation = self.real.generation
        self.events["store put back"] += 1

    @invariant()
    def the_store_is_where_the_model_is(self) -> None:
        assert self.real.mark() == self.model.marks.get(DEVICE)

    def teardown(self) -> None:
        if not hasattr(self, "outbox"):
            return
        self._deliver_everything()
        missing = set(range(1, self.made + 1)) - set(self.model.counters()) - self.excused
        assert len(missing) <= self._given_up()
        for _ in range(2):  # the answer to the first may tell of a new life, the second is complete then
            self.observe(1, 1)
            self._deliver_everything()
        facts = self.real.facts()
        assert f'"cycle_count":{self.made}' in facts["battery"].replace(" ", "")
        assert '"enabled":true' in facts["firewall"].replace(" ", "")
        self.outbox.close()
        self.real.engine.dispose()

    def _arrive(self, payloads: list[bytes], death: Death) -> None:
        self.events[death] += 1
        answers = self.real.take(payloads, self.clock.wall(), death)
        if death is not Death.BEFORE_THE_COMMIT:
            for payload in payloads:
                self.model.take(payload)
        self.down += answers or []

    def _deliver_everything(self) -> None:
        self.lose_everything_on_the_way()
        for _ in range(300):
            envelope = self.outbox.batch()
            if envelope is None:
                break
            payload = envelope.encode()
            answers = self.real.take([payload], self.clock.wall(), Death.NEVER)
            self.model.take(payload)
            if not answers:
                self.outbox.unanswered()
            for answer in answers or ():
                self.outbox.acknowledge(answer)
        assert self.outbox.depth().records == 0
        self.the_store_is_where_the_model_is()

    def _open_outbox(self) -> None:
        self.outbox = outbox_in(self.here / "outbox", self.clock, max_file_bytes=self.room)

    def _given_up(self) -> int:
        depth = self.outbox.depth()
        return depth.merged_total + depth.dropped_total


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_breaks_nothing_is_lost_uncounted(tmp_path: Path) -> None:
    """At least two thousand steps, in which every way to die came up."""
    Delivering.folder, Delivering.template = tmp_path, tmp_path / "template.sqlite3"
    Delivering.events = Counter()
    engine = database.open_engine(f"sqlite:///{Delivering.template}")
    database.upgrade(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")  # type: ignore[union-attr]
    engine.dispose()
    machine = Delivering.TestCase()
    machine.settings = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    machine.runTest()

    assert all(Delivering.events[death] > 10 for death in Death), Delivering.events
    assert Delivering.events["store put back"] > 0, Delivering.events
