"""Is nothing lost or applied twice, whatever breaks between a laptop's outbox and the collector's store?

The real outbox and the real store, each in its file; between them a channel that loses, repeats and reorders.
Both sides die at any point, and the store is put back to a backup. Beside the collector runs a model of
fifty lines that never dies: after every step both must agree. The laptop's outbox is put back to an image
of it as well, which forgets what was written since; nobody else may forget anything.

At the end every record is in the store, or counted as merged, dropped or missing, and what is counted as
missing is what was acknowledged by a life of the store that is gone.
"""

import copy
import json
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
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select, update

from fernbereit.delivery import Ack, Mark
from fernbereit_server.fleet import Fleet, load_fleet
from fernbereit_server.ingest.batch import Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.store import database, schema
from fernbereit_server.store.changes import Standing
from model_collector import ModelCollector
from outbox_world import DEVICE, HandClock, numbered, outbox_in

Seq = tuple[str, int]
"""Where a record is in an outbox: epoch and seq."""

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

    def told(self) -> tuple[Mark | None, int, bool]:
        """Return mark, what is counted as missing, and whether the laptop is in quarantine."""
        with self.engine.connect() as connection:
            missing = connection.scalar(select(schema.store.c.records_missing))
            counted = connection.scalar(select(schema.marks.c.missing_total))
            status = connection.scalar(select(schema.devices.c.status))
        assert missing == (counted or 0)
        return self.mark(), missing or 0, status == "quarantined"

    def facts(self) -> dict[str, str]:
        """Return the stored facts by section, as JSON."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(schema.sections.c.section, schema.sections.c.facts))
            return {row.section: row.facts for row in rows}

    def _known(self, device_id: str) -> Standing | None:
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
    images: bool
    """Whether the outbox is put back to images of it; where it is not, everything is counted exactly."""

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
        self.written: set[int] = set()
        """What was written, without what an image of the outbox made forget."""
        self.acked: dict[Seq, int] = {}
        """The numbers of what this outbox was told is safe."""
        self.ever_acked: set[Seq] = set()
        """The same, including what an image made forget."""
        self.lives = {self.model.generation: self.model}
        self.kept_store: ModelCollector | None = None
        self.image: tuple[set[int], dict[Seq, int]] | None = None
        self.outbox_put_back = False

    @initialize(room=st.sampled_from([60_000, 16 * 2**20]))
    def begin(self, room: int) -> None:
        self.room = room
        self._open_outbox()

    @rule(number=st.integers(1, 8), pause=st.integers(1, 100_000))
    def observe(self, number: int, pause: int) -> None:
        for _ in range(number):
            self.clock.seconds += pause
            self.made += 1
            self.written.add(self.made)
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
            self._hear(self.down.pop())

    @rule(store=st.booleans(), outbox=st.booleans(), rounds=st.integers(1, 4), late=st.booleans())
    def go_back(self, store: bool, outbox: bool, rounds: int, late: bool) -> None:  # noqa: FBT001
        """Lose a few rounds of ordinary life, here, there, or on both sides; the last of it may come late."""
        if store:
            self.keep_the_store()
        outbox &= self.images
        if outbox:
            self.keep_the_outbox()
        for _ in range(rounds):
            self.observe_and_deliver(Death.NEVER, 2)
        if late:
            self.observe(2, 60)
            self.send()
        if store:
            self.put_the_store_back()
        if outbox:
            self.put_the_outbox_back()

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
        self._hear(self.down[place] if again else self.down.pop(place))

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

    @rule()
    def keep_the_store(self) -> None:
        self.real.keep(self.here / "backup.sqlite3")
        self.kept_store = copy.deepcopy(self.model)

    @precondition(lambda self: self.kept_store)
    @rule()
    def put_the_store_back(self) -> None:
        """Lose with the disk what was taken in since the backup."""
        assert self.kept_store is not None
        self.real.put_back(self.here / "backup.sqlite3")
        self.model = copy.deepcopy(self.kept_store)
        self.model.generation = self.real.generation
        self.lives[self.model.generation] = self.model
        self.events["store put back"] += 1

    @precondition(lambda self: self.images)
    @rule()
    def keep_the_outbox(self) -> None:
        """Make an image of the laptop."""
        self.outbox.depth()  # opens it, should it be new
        self.outbox.close()
        shutil.rmtree(self.here / "image", ignore_errors=True)
        shutil.copytree(self.here / "outbox", self.here / "image", dirs_exist_ok=True)
        self.image = set(self.written), dict(self.acked)
        self._open_outbox()

    @precondition(lambda self: self.image)
    @rule()
    def put_the_outbox_back(self) -> None:
        """Forget on the laptop whatever happened since the image; what was sent then is still on the way."""
        assert self.image is not None
        self.outbox.close()
        shutil.rmtree(self.here / "outbox")
        (self.here / "image").rename(self.here / "outbox")
        (self.written, self.acked), self.image = self.image, None
        self.outbox_put_back = True
        self._open_outbox()
        self.events["outbox put back"] += 1

    @invariant()
    def the_store_is_where_the_model_is(self) -> None:
        assert self.real.told() == (
            self.model.marks.get(DEVICE),
            self.model.missing,
            self.model.quarantined,
        )

    def teardown(self) -> None:
        if not hasattr(self, "outbox"):
            return
        self.observe(1, 1)  # a laptop with nothing to say does not hear of a new life
        self._deliver_everything()
        self._judge()
        self.events["unheard"] += self._is_unheard()
        if not self._is_unheard():
            self._see_the_last_of_it()
        self.outbox.close()
        self.real.engine.dispose()

    def _see_the_last_of_it(self) -> None:
        for _ in range(2):  # the answer to the first may tell of a new life, the second is complete then
            self.observe(1, 1)
            self._deliver_everything()
        facts = self.real.facts()
        assert f'"cycle_count":{self.made}' in facts["battery"].replace(" ", "")
        assert '"enabled":true' in facts["firewall"].replace(" ", "")

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
            if envelope is None or self._is_unheard():
                break
            payload = envelope.encode()
            answers = self.real.take([payload], self.clock.wall(), Death.NEVER)
            self.model.take(payload)
            if not answers:
                self.outbox.unanswered()
            for answer in answers or ():
                self._hear(answer)
        assert self._is_unheard() or self.outbox.depth().records == 0
        self.the_store_is_where_the_model_is()

    def _hear(self, answer: Ack) -> None:
        """Give the outbox an answer, and write down what it forgets because that life of the store has it."""
        before, dropped = self._waiting(), self.outbox.depth().dropped_total
        if self.outbox.acknowledge(answer).rolled_back:
            self.events["new epoch"] += 1
            return
        gone = before.keys() - self._waiting().keys()
        safe = gone & self.lives[answer.generation].places()
        assert len(gone - safe) == self.outbox.depth().dropped_total - dropped
        self.acked |= {place: before[place] for place in safe}
        self.ever_acked |= safe

    def _judge(self) -> None:
        depth, here = self.outbox.depth(), self.model.places()
        missing, given_up = self.model.missing, depth.merged_total + depth.dropped_total
        lost = self.written - set(self.model.counters()) - set(self._waiting().values())
        if self._is_unheard():  # whatever it knows to be missing waits with it
            assert len(lost - set(self.acked.values())) <= given_up
        elif self.outbox_put_back:  # an image may count again what its forgotten state had counted
            assert len(lost) <= given_up + missing
            assert len(self.acked.keys() - here) <= missing
        else:
            self.events["exact"] += missing > 0
            assert len(lost) == given_up + missing
            assert missing == len(self.ever_acked - here)
            assert not self.model.closed.get(DEVICE)

    def _is_unheard(self) -> bool:
        """Tell whether a person has to help: an image was put back whose epoch is closed."""
        closed = self.model.closed.get(DEVICE, {})
        return self.model.quarantined or any(epoch in closed for epoch, _ in self._waiting())

    def _waiting(self) -> dict[Seq, int]:
        """Return the number that each waiting record carries, by its place."""
        with self.outbox._changing() as (connection, state):
            rows = connection.execute("SELECT seq, body FROM records").fetchall()
        return {
            (state.epoch, seq): json.loads(body)["sections"]["battery"]["facts"]["cycle_count"]
            for seq, body in rows
        }

    def _open_outbox(self) -> None:
        self.outbox = outbox_in(self.here / "outbox", self.clock, max_file_bytes=self.room)


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
    for Delivering.images in (False, True):
        run_state_machine_as_test(
            Delivering,
            settings=settings(
                max_examples=RUNS // 2,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    for event in (*Death, "store put back", "outbox put back", "exact"):
        assert Delivering.events[event] > 0, Delivering.events
