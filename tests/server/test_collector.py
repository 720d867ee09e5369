"""Does a real broker, a real database and everything between them keep the promise?"""

import contextlib
import queue
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DataError, OperationalError

from collecting import KEY, collecting, radio, settings_for
from fernbereit.delivery import Ack, Mark
from fernbereit.keyed_hash import serial_hash
from fernbereit.policy import shipped_policy
from fernbereit_server import collector as collector_module
from fernbereit_server.collector import Collector
from fernbereit_server.decisions.writing import adopt_policy, import_organisation
from fernbereit_server.device import Device
from fernbereit_server.errors import StoreError
from fernbereit_server.fleet import load_fleet
from fernbereit_server.organisation.model import Organisation, Unit
from fernbereit_server.settings import IngestSettings
from fernbereit_server.store import database, reads, schema, writes
from fernbereit_server.store.changes import Change, InventoryRow, Standing
from fernbereit_server.store.claim import Claim
from mosquitto import Mosquitto, mosquitto
from postgres import cluster
from postgres import database as postgres_database
from processes import wait_for
from sending import UNREADABLE, Laptop

pytestmark = pytest.mark.real


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a started mosquitto."""
    with mosquitto(tmp_path) as started:
        yield started


def stored_mark(collector: Collector, laptop: Laptop) -> Mark | None:
    """Return what the database says, read past the collector."""
    with collector.engine.connect() as connection:
        device = load_fleet(connection).devices.get(laptop.device_id)
    return device.mark if device else None


def test_what_is_answered_is_in_the_database(broker: Mosquitto, tmp_path: Path) -> None:
    """Mark, count and chain are those of what the laptop wrote; so is the fleet in memory."""
    laptop = Laptop()
    for _ in range(3):
        laptop.write()
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)

        assert talk.answer() == (
            laptop.device_id,
            Ack(
                epoch=laptop.epoch,
                mark=3,
                generation=collector.generation,
                chain=laptop.expected_mark().chain.hex(),
            ),
        )
        assert stored_mark(collector, laptop) == laptop.expected_mark()
        assert collector.fleet.devices[laptop.device_id].mark == laptop.expected_mark()


def test_a_restarted_collector_knows_what_it_answered(broker: Mosquitto, tmp_path: Path) -> None:
    """A copy is a copy also after a restart, and the store's generation is the same."""
    laptop = Laptop()
    laptop.write()
    settings = settings_for(tmp_path, broker.port)
    with collecting(settings), radio(broker.port, laptop) as talk:
        talk.report(laptop)
        _, first = talk.answer()
    with collecting(settings) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)

        assert talk.answer() == (laptop.device_id, first)
        assert collector.tally.messages == {"duplicate": 1}


def test_what_is_not_answered_does_not_stop_the_others(broker: Mosquitto, tmp_path: Path) -> None:
    """Each is acknowledged to the broker: more of them than the Receive Maximum hold nobody up."""
    ingest = IngestSettings(queue=25, batch=2, batch_ms=1, rate_per_s=1000, burst=1000)
    settings = settings_for(tmp_path, broker.port, ingest=ingest)
    laptop, other = Laptop(), Laptop()
    laptop.write()
    other.write()
    with collecting(settings) as collector, radio(broker.port, laptop) as talk:
        for _ in range(8):
            talk.send("fernbereit/1/up/99/" + laptop.topic.split("/")[4] + "/report", b"wrong lane")
            talk.send("fernbereit/1/up/00/nobody/report", b"foreign")
            talk.send(laptop.topic, b"undecodable")
            talk.send(laptop.topic, other.envelope())
            talk.send(laptop.topic, b"x" * 100_000)
        talk.report(laptop)

        assert talk.answer()[1].mark == 1
        # The client of the test may send a message before those that wait for a free place.
        wait_for("every message", lambda: collector.tally.messages.total() == 41)
        assert collector.tally.messages == {
            "wrong_lane": 8,
            "foreign_topic": 8,
            "undecodable": 16,
            "mismatched_id": 8,
            "applied": 1,
        }
        assert collector.tally.undecodable == {"header": 8, "too_large": 8}


def test_more_than_the_queue_holds_waits_at_the_broker(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing can be committed; afterwards everybody is answered without sending again."""
    commits = Commits(monkeypatch)
    commits.open.clear()
    ingest = IngestSettings(queue=5, batch=3, batch_ms=1)
    laptops = [Laptop() for _ in range(60)]
    settings = settings_for(tmp_path, broker.port, ingest=ingest)
    with collecting(settings) as collector, radio(broker.port, *laptops) as talk:
        for laptop in laptops:
            laptop.write()
            talk.report(laptop)
        wait_for("a full queue", lambda: collector.queued >= 2)
        commits.open.set()

        assert {talk.answer()[0] for _ in laptops} == {laptop.device_id for laptop in laptops}
        assert collector.tally.messages == {"applied": 60}


def test_a_flood_of_one_laptop_is_not_answered_and_others_are(broker: Mosquitto, tmp_path: Path) -> None:
    """It is counted, and the laptop waits longer by itself."""
    ingest = IngestSettings(rate_per_s=0.001, burst=3, batch_ms=1)
    noisy, quiet = Laptop(), Laptop()
    noisy.write()
    quiet.write()
    settings = settings_for(tmp_path, broker.port, ingest=ingest)
    with collecting(settings) as collector, radio(broker.port, noisy, quiet) as talk:
        for _ in range(10):
            talk.report(noisy)
        talk.report(quiet)
        wait_for("an answer to the quiet one", lambda: talk.answer()[0] == quiet.device_id)

        assert collector.tally.messages["rate_limited"] == 7


def test_a_retained_report_is_taken_in_by_nobody(broker: Mosquitto, tmp_path: Path) -> None:
    """Neither one that lay there before nor one that comes now."""
    laptop = Laptop()
    laptop.write()
    with radio(broker.port, laptop) as talk:
        talk.send(laptop.topic, laptop.envelope(), retain=True)
        with collecting(settings_for(tmp_path, broker.port)) as collector:
            laptop.write()
            talk.send(laptop.topic, laptop.envelope(), retain=True)
            wait_for("a counted message", lambda: collector.tally.messages)

            assert collector.tally.messages == {"retained": 1}
            assert collector.fleet.devices == {}


def test_a_bad_record_does_not_come_again(broker: Mosquitto, tmp_path: Path) -> None:
    """The answer names it, the mark passes it."""
    laptop = Laptop()
    laptop.write()
    laptop.write(UNREADABLE)
    laptop.write()
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)

        _, ack = talk.answer()
        assert (ack.mark, ack.refused) == (3, ((2, "json"),))
        assert collector.tally.refused == {"json": 1}


def test_a_killed_broker_is_waited_for(broker: Mosquitto, tmp_path: Path) -> None:
    """Not ready meanwhile, and everything goes on by itself."""
    laptop = Laptop()
    laptop.write()
    with collecting(settings_for(tmp_path, broker.port)) as collector:
        broker.kill()
        wait_for("a collector without a broker", lambda: collector.state == "disconnected")
        broker.start()
        wait_for("a reading collector", lambda: collector.state == "reading")
        with radio(broker.port, laptop) as talk:
            talk.report(laptop)
            assert talk.answer()[1].mark == 1


def test_without_the_database_nothing_is_answered_until_it_is_back(broker: Mosquitto, tmp_path: Path) -> None:
    """Not ready meanwhile; what arrived meanwhile is taken in without being sent again."""
    first, second = Laptop(), Laptop()
    with cluster() as postgres:
        settings = settings_for(tmp_path, broker.port, url=postgres.new_database())
        with collecting(settings) as collector, radio(broker.port, first, second) as talk:
            first.write()
            talk.report(first)
            talk.answer()
            postgres.stop()
            first.write()
            second.write()
            talk.report(first)
            talk.report(second)
            wait_for("a paused collector", lambda: collector.state == "paused")
            with pytest.raises(queue.Empty):
                talk.answer(within_s=1)
            postgres.start()

            answers = dict(talk.answer(within_s=60) for _ in range(2))
            assert {device: ack.mark for device, ack in answers.items()} == {
                first.device_id: 2,
                second.device_id: 1,
            }
            wait_for("a reading collector", lambda: collector.state == "reading")
            for laptop in (first, second):
                assert stored_mark(collector, laptop) == laptop.expected_mark()
            assert collector.tally.records_applied == 3


def test_a_second_collector_on_the_same_database_is_refused(broker: Mosquitto, tmp_path: Path) -> None:
    """Two of them would each answer for what the other does not know; the database tells them apart."""
    with postgres_database() as url:
        first, second = tmp_path / "first", tmp_path / "second"
        with collecting(settings_for(first, broker.port, url=url)) as collector:
            with (
                pytest.raises(StoreError, match="another collector works on the database"),
                collecting(settings_for(second, broker.port, url=url)),
            ):
                pass
            assert collector.state == "reading"
        with collecting(settings_for(second, broker.port, url=url)):
            pass


@pytest.mark.parametrize("wrote", [True, False], ids=["and wrote", "and wrote nothing"])
def test_whoever_lost_the_database_to_another_takes_nothing_in(
    broker: Mosquitto,
    tmp_path: Path,
    wrote: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not while it is the other's; nor afterwards if the other wrote, which only a start would read."""
    monkeypatch.setattr(collector_module, "WATCH_S", 0.5)
    laptop, other = Laptop(), Laptop()
    laptop.write()
    with (
        postgres_database() as url,
        collecting(settings_for(tmp_path, broker.port, url=url)) as collector,
        radio(broker.port, laptop) as talk,
    ):
        engine = database.open_engine(collector.settings.store_url)
        elsewhere = Claim(engine)
        wait_for("another who holds the database", lambda: took_from_whoever_held(engine, elsewhere))
        wait_for("a collector that noticed", lambda: collector.state == "paused")
        talk.report(laptop)
        with pytest.raises(queue.Empty):
            talk.answer(within_s=1)
        if wrote:
            after = Standing(status="active", mark=Mark(other.epoch, 1))
            change = Change(
                device_id=other.device_id, before=None, after=after, day=date(2026, 11, 22), reported_at=2e9
            )
            writes.commit(engine, [change])
        elsewhere.let_go()
        engine.dispose()

        if wrote:
            wait_for("a collector that gave up", lambda: collector.state == "stopped", 60)
        else:
            assert talk.answer(within_s=60)[1].mark == 1
            wait_for("a collector that reads again", lambda: collector.state == "reading", 60)


def took_from_whoever_held(engine: Engine, claim: Claim) -> bool:
    held = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    with engine.connect() as connection:
        connection.execute(text(held))
    with contextlib.suppress(StoreError):
        claim.hold()
        return True
    return False


def test_a_database_that_is_not_there_yet_is_waited_for(broker: Mosquitto, tmp_path: Path) -> None:
    """Starting in any order ends in the same state."""
    laptop = Laptop()
    laptop.write()
    with cluster() as postgres:
        url = postgres.new_database()
        postgres.stop()
        settings = settings_for(tmp_path, broker.port, url=url)
        with collecting(settings, until="paused") as collector, radio(broker.port, laptop) as talk:
            postgres.start()
            wait_for("a reading collector", lambda: collector.state == "reading", 60)
            talk.report(laptop)
            assert talk.answer()[1].mark == 1


def test_a_changed_inventory_is_noticed(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process imported it while this one runs."""
    monkeypatch.setattr(collector_module, "WATCH_S", 0.1)
    hashed = serial_hash("PF-123", bytes.fromhex(KEY))
    laptop = Laptop()
    laptop.write(
        f'{{"sections":{{"machine":{{"outcome":"ok","facts":{{"serial_hash":"{hashed}"}}}}}}}}'.encode()
    )
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)
        talk.answer()
        row = InventoryRow(id=1, serial_hash=hashed, label="NB-1", unit="B\u00fcrgeramt")
        other = database.open_engine(collector.settings.store_url)
        with database.writing(other) as connection:
            writes.change_inventory(connection, written=[row], removed=())
        other.dispose()

        device = collector.fleet.devices[laptop.device_id]
        wait_for("a unit", lambda: device.unit == "B\u00fcrgeramt")


def test_an_inventory_that_was_half_taken_in_is_taken_in_again(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever failed in the middle of joining it: no device stays without its place."""
    monkeypatch.setattr(collector_module, "WATCH_S", 0.1)
    hashed, laptop = serial_hash("PF-123", bytes.fromhex(KEY)), Laptop()
    laptop.write(
        f'{{"sections":{{"machine":{{"outcome":"ok","facts":{{"serial_hash":"{hashed}"}}}}}}}}'.encode()
    )
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)
        talk.answer()
        join, failed = collector.fleet._join, list[Device]()

        def fails_once(device: Device) -> None:
            if not failed:
                failed.append(device)
                raise RuntimeError
            join(device)

        monkeypatch.setattr(collector.fleet, "_join", fails_once)
        other = database.open_engine(collector.settings.store_url)
        with database.writing(other) as connection:
            row = InventoryRow(id=1, serial_hash=hashed, label="NB-1", unit="Bürgeramt")
            writes.change_inventory(connection, written=[row], removed=())
        other.dispose()

        wait_for("a unit", lambda: collector.fleet.devices[laptop.device_id].unit == "Bürgeramt")
        assert failed


def test_an_inventory_that_cannot_be_taken_in_ends_no_watch(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is counted, told without what stands in it, and tried again; what people decided is in force."""
    monkeypatch.setattr(collector_module, "WATCH_S", 0.1)
    with collecting(settings_for(tmp_path, broker.port)) as collector:
        other = database.open_engine(collector.settings.store_url)
        broken = InventoryRow(id=1, serial_hash="no hash", label="NB-1", unit="B\u00fcrgeramt")
        with database.writing(other) as connection:
            writes.change_inventory(connection, written=[broken], removed=())
        wait_for("two attempts", lambda: collector.tally.ticks_failed >= 2)
        with other.connect() as connection:
            assert collector.decisions.version == reads.version(connection)

        with database.writing(other) as connection:  # as if the disk said it right again: nobody decided
            connection.execute(update(schema.inventory).values(serial_hash="ab" * 32))
        other.dispose()

        wait_for("the inventory", lambda: [row.label for row in collector.fleet.inventory] == ["NB-1"])
        assert "a regular task failed: ValueError" in caplog.text
        assert "no hash" not in caplog.text


def test_a_decision_of_people_is_noticed(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An organisation and a policy that another process put in force."""
    monkeypatch.setattr(collector_module, "WATCH_S", 0.1)
    organisation = Organisation(name="Musterstadt", units=(Unit(name="Bauamt", headcount=80),))
    policy = shipped_policy().model_copy(update={"version": 2})
    with collecting(settings_for(tmp_path, broker.port)) as collector:
        other = database.open_engine(collector.settings.store_url)
        with database.writing(other) as connection:
            import_organisation(connection, organisation, date(2026, 11, 22))
            adopt_policy(connection, policy, date(2026, 11, 22))
        other.dispose()

        wait_for("the organisation", lambda: collector.decisions.organisation == organisation)
        assert collector.decisions.policy.policy.version == 2


# --- commits that fail or are not known to have succeeded


class Commits:
    """Stands before the real `writes.commit` and fails as told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = writes.commit
        self.fail_after: list[Exception] = []
        self.refuse: str | None = None
        self.open = threading.Event()
        self.open.set()
        self.begun = threading.Event()
        monkeypatch.setattr(writes, "commit", self)

    def __call__(self, engine: Engine, changes: tuple[Change, ...]) -> None:
        self.begun.set()
        assert self.open.wait(20)
        if self.refuse in {change.device_id for change in changes}:
            raise DataError("", None, ValueError())
        self._real(engine, changes)
        if self.fail_after:
            raise self.fail_after.pop()


def test_a_commit_of_unknown_end_is_neither_lost_nor_doubled(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke after the database had committed: the store is asked, then answered."""
    commits = Commits(monkeypatch)
    commits.fail_after.append(OperationalError("", None, OSError()))
    laptop = Laptop()
    laptop.write()
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)

        assert talk.answer()[1].mark == 1
        assert stored_mark(collector, laptop) == laptop.expected_mark()
        assert (collector.tally.commits_failed, collector.tally.messages) == (1, {"duplicate": 1})


def test_a_report_that_cannot_be_stored_holds_nobody_up(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the same transaction are stored and answered, it is not."""
    commits = Commits(monkeypatch)
    bad, good = Laptop(), Laptop()
    bad.write()
    good.write()
    commits.refuse = bad.device_id
    ingest = IngestSettings(batch_ms=300)
    settings = settings_for(tmp_path, broker.port, ingest=ingest)
    with collecting(settings) as collector, radio(broker.port, bad, good) as talk:
        talk.report(bad)
        talk.report(good)

        assert talk.answer()[0] == good.device_id
        assert collector.tally.messages == {"unstorable": 1, "applied": 1}
        assert stored_mark(collector, bad) is None


def test_a_database_without_its_tables_pauses_reading_and_is_no_fault_of_the_report(
    broker: Mosquitto, tmp_path: Path
) -> None:
    """PostgreSQL calls a missing table or right an error of the statement; nothing is acknowledged for it."""
    laptop = Laptop()
    laptop.write()
    with (
        postgres_database() as url,
        collecting(settings_for(tmp_path, broker.port, url=url)) as collector,
        psycopg.connect(url, autocommit=True) as connection,
        radio(broker.port, laptop) as talk,
    ):
        connection.execute("ALTER TABLE sections RENAME TO elsewhere")
        talk.report(laptop)
        wait_for("a paused collector", lambda: collector.state == "paused")
        connection.execute("ALTER TABLE elsewhere RENAME TO sections")

        assert talk.answer()[1].mark == 1
        assert collector.tally.messages == {"applied": 1}


def test_an_intake_that_ends_by_accident_is_not_called_ready(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is acknowledged any more, and the one who watches readiness learns it."""

    def accident(_: Change) -> None:
        raise RuntimeError("nobody thought of this")

    laptop = Laptop()
    laptop.write()
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        monkeypatch.setattr(collector.fleet, "apply", accident)
        talk.report(laptop)
        wait_for("a stopped collector", lambda: collector.state == "stopped")
        with pytest.raises(queue.Empty):
            talk.answer(within_s=0.5)


def test_nothing_is_answered_while_a_commit_is_under_way(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is it in the fleet."""
    commits = Commits(monkeypatch)
    commits.open.clear()
    laptop = Laptop()
    laptop.write()
    with collecting(settings_for(tmp_path, broker.port)) as collector, radio(broker.port, laptop) as talk:
        talk.report(laptop)
        assert commits.begun.wait(10)
        with pytest.raises(queue.Empty):
            talk.answer(within_s=0.5)
        assert collector.fleet.devices == {}
        commits.open.set()

        assert talk.answer()[1].mark == 1


def test_what_is_removed_at_the_end_of_its_time_is_counted(broker: Mosquitto, tmp_path: Path) -> None:
    """At the start, by kind; whoever watches sees that it happens."""
    settings = settings_for(tmp_path, broker.port)
    with collecting(settings) as collector, collector.engine.begin() as connection:
        connection.execute(
            schema.dead_letters.insert(), {"day": date(2020, 1, 1), "reason": "json", "size": 1, "sha256": ""}
        )
    with collecting(settings) as collector:
        wait_for("a sweep", lambda: collector.tally.sweeps)
        assert collector.tally.swept["dead_letters"] == 1
