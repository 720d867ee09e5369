"""Do simulated laptops get every record through a real broker, whatever the collector does?"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import create_engine, insert
from typer.testing import CliRunner

import oracle
from collecting import collecting, settings_for
from fernbereit.delivery import Ack, Mark, decode
from fernbereit.topics import ALL_REPORTS, ack
from fernbereit_server.cli import app
from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.laptops import Laptops, Pace
from fernbereit_server.demo.sender import Resend
from fernbereit_server.store.schema import closed_epochs, marks, metadata
from model_collector import ModelCollector
from processes import Program, free_port, listening, running, wait_for
from realparts import need

pytestmark = pytest.mark.real

TODAY = date(2026, 11, 21)
GENERATION = "cccccccc-2222-4333-8444-555555555555"


class Answering:
    """A collector for each laptop behind one broker; it can forget to answer, and go on where another was."""

    def __init__(self, port: int, models: dict[str, ModelCollector] | None = None) -> None:
        self.models = models or {}
        self.deaf_for = 0
        self.envelopes = 0
        self._lock = threading.Lock()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._take
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(ALL_REPORTS, qos=1)
        self._client.loop_start()

    @property
    def marks(self) -> dict[str, Mark]:
        """How far each laptop is of which anything was taken in."""
        return {d: mark for model in list(self.models.values()) for d, mark in model.marks.items()}

    def _take(self, client: Client, _data: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        device_id = decode(payload).device_id
        with self._lock:
            self.envelopes += 1
            if self.deaf_for:
                self.deaf_for -= 1
                return
            answer = self.models.setdefault(device_id, ModelCollector(GENERATION)).take(payload)
        assert answer is not None
        client.publish(ack(device_id), answer.encode(), qos=1)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def save(self, path: Path) -> str:
        """Write marks and closed epochs where the oracle reads them; return the address."""
        url = f"sqlite:///{path}"
        engine = create_engine(url)
        metadata.create_all(engine)
        with self._lock, engine.begin() as connection:
            for device_id, held in self.marks.items():
                model = self.models[device_id]
                row = {"device_id": device_id, "epoch": held.epoch, "mark": held.mark, "chain": held.chain}
                row |= {"applied_count": held.applied_count, "merged_total": 0, "dropped_total": 0}
                connection.execute(insert(marks).values(**row, last_report_at=0.0))
                for number, (epoch, mark) in enumerate(model.closed[device_id].items()):
                    row = {"device_id": device_id, "epoch": epoch, "mark": mark, "closed_no": number}
                    connection.execute(insert(closed_epochs).values(**row))
        engine.dispose()
        return url


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[Program, int]]:
    port = free_port()
    settings = tmp_path / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
    program = Program("mosquitto", [need("mosquitto"), "-c", str(settings)], tmp_path)
    with running(program):
        wait_for("the broker", lambda: listening(port))
        yield program, port


def some_laptops(port: int, log: Path, *, devices: int = 20, interval_s: float = 0.3) -> Laptops:
    authority = make_authority(seed=5, devices=devices, today=TODAY, key=b"k")
    return Laptops(
        [LiveLaptop(device, seed=5, today=TODAY) for device in authority.devices],
        host="127.0.0.1",
        port=port,
        pace=Pace(
            start_spread_s=0.3, interval_s=interval_s, drain_s=0.05, resend=Resend(first_s=0.5, max_s=1)
        ),
        log=log,
    )


def test_every_laptop_is_answered_and_nothing_is_lost(broker: tuple[Program, int], tmp_path: Path) -> None:
    """Twenty laptops report again and again; the oracle finds every record once."""
    _, port = broker
    collector = Answering(port)
    laptops = some_laptops(port, tmp_path / "log.jsonl")
    laptops.start()
    try:
        wait_for("five records a laptop", lambda: all(m.mark >= 5 for m in marks_of(collector, 20)))
    finally:
        laptops.stop()
        collector.stop()

    assert laptops.unanswered() == ()
    assert oracle.faults(tmp_path / "log.jsonl", collector.save(tmp_path / "store.sqlite3")) == []


def marks_of(collector: Answering, devices: int) -> list[Mark]:
    """Return the marks once every device has one."""
    held = list(collector.marks.values())
    return held if len(held) == devices else [Mark("", 0)]


def test_what_was_not_answered_is_sent_again(broker: tuple[Program, int], tmp_path: Path) -> None:
    """A collector that loses its first thirty envelopes ends up with every record all the same."""
    _, port = broker
    collector = Answering(port)
    collector.deaf_for = 30
    laptops = some_laptops(port, tmp_path / "log.jsonl")
    laptops.start()
    try:
        wait_for("an answer for every laptop", lambda: laptops.answered == 20)
    finally:
        laptops.stop()
        collector.stop()

    assert collector.envelopes > 30
    assert oracle.faults(tmp_path / "log.jsonl", collector.save(tmp_path / "store.sqlite3")) == []


def test_a_broker_that_dies_costs_nothing(broker: tuple[Program, int], tmp_path: Path) -> None:
    """The laptops come back by themselves and hold their records meanwhile."""
    program, port = broker
    collector = Answering(port)
    laptops = some_laptops(port, tmp_path / "log.jsonl")
    laptops.start()
    try:
        wait_for("the first answers", lambda: laptops.answered >= 5)
        program.kill()
        collector.stop()
        time.sleep(0.5)
        program.start()
        wait_for("the broker", lambda: listening(port))
        collector_again = Answering(port, collector.models)
        before = {device: held.mark for device, held in collector.marks.items()}
        wait_for("an answer for every laptop", lambda: laptops.answered == 20)
        wait_for(
            "new records of every laptop",
            lambda: all(m.mark > before.get(d, 0) for d, m in list(collector_again.marks.items())),
        )
    finally:
        laptops.stop()
    collector_again.stop()

    assert oracle.faults(tmp_path / "log.jsonl", collector_again.save(tmp_path / "store.sqlite3")) == []


def test_an_outbox_set_back_begins_a_new_epoch(broker: tuple[Program, int], tmp_path: Path) -> None:
    """An answer above the last record written means that the laptop forgot; it starts anew and complete."""
    _, port = broker
    collector = Answering(port)
    laptops = some_laptops(port, tmp_path / "log.jsonl", devices=1, interval_s=0.2)
    laptops.start()
    try:
        wait_for("the first record", lambda: collector.marks)
        device_id, held = next(iter(collector.marks.items()))
        collector._client.publish(
            ack(device_id), Ack(epoch=held.epoch, mark=10_000, generation=GENERATION).encode(), qos=1
        )
        wait_for("a new epoch", lambda: collector.marks[device_id].epoch != held.epoch)
    finally:
        laptops.stop()
        collector.stop()

    assert oracle.faults(tmp_path / "log.jsonl", collector.save(tmp_path / "store.sqlite3")) == []


def test_what_a_restored_store_lacks_is_counted(broker: tuple[Program, int], tmp_path: Path) -> None:
    """With the real collector: everybody is heard again, and it counts what the oracle says is missing."""
    _, port = broker
    log, backup, settings = tmp_path / "log.jsonl", tmp_path / "backup.tar", tmp_path / "collector.toml"
    settings.write_text(f'data = "{(tmp_path / "data").as_posix()}"\n', encoding="utf-8")
    laptops = some_laptops(port, log)
    laptops.start()
    try:
        with collecting(settings_for(tmp_path / "data", port)):
            wait_for("an answer to every laptop", lambda: acknowledged(log) == 20)
            command("backup", str(backup), settings=settings)
            saved = log.stat().st_size
            wait_for("later answers", lambda: acknowledged(log, behind=saved, times=2) == 20)
        command("restore", str(backup), "--yes", settings=settings)
        lost = log.stat().st_size
        with collecting(settings_for(tmp_path / "data", port)) as collector:
            wait_for("an answer to every laptop", lambda: acknowledged(log, behind=lost) == 20)
            laptops.rest()
            wait_for("the last answers", lambda: not laptops.waiting_records())
    finally:
        laptops.stop()

    with log.open(encoding="utf-8") as lines:
        epochs = [epoch for device in oracle.read_log(lines).values() for epoch in device.values()]
    assert sum(len(epoch.missing) for epoch in epochs) == collector.tally.records_missing >= 20
    assert oracle.faults(log, collector.settings.store_url, everything=True) == []


def acknowledged(log: Path, *, behind: int = 0, times: int = 1) -> int:
    """Return how many laptops had records acknowledged so often behind so many bytes of the log."""
    lines = log.read_bytes()[behind:].splitlines()
    found = [json.loads(line) for line in lines if b'"acked"' in line and line.endswith(b"}")]
    return sum(often >= times for often in Counter(entry["device"] for entry in found).values())


def command(*words: str, settings: Path) -> None:
    done = CliRunner().invoke(app, [*words, "--settings", str(settings), "--lang", "en"])
    assert done.exit_code == 0, done.output
