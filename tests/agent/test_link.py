"""Does the link reach a real broker, tell what happens on which connection, and come back by itself?"""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from fernbereit import topics
from fernbereit.delivery import MAX_PAYLOAD_BYTES, decode_ack
from fernbereit_agent.connection import Connection
from fernbereit_agent.link import Link
from fernbereit_agent.link_events import Answered, Connected, Event, Failed, Lost, PolicyArrived
from fernbereit_agent.schedule import Backoff
from fernbereit_agent.settings import BrokerSettings
from model_collector import LiveCollector
from outbox_world import DEVICE, letter
from processes import Program, free_port, listening, running, wait_for
from realparts import need

E = TypeVar("E", Connected, Answered, PolicyArrived, Lost)
OTHER = "22222222-2222-4333-8444-555555555555"


class Watched:
    """A link and the events it told, in order."""

    def __init__(self, port: int) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.failed: list[Failed] = []
        self.link = Link(
            broker=BrokerSettings(port=port),
            backoff=Backoff(0.2, 0.5),
            device_id=DEVICE,
            monotonic=time.monotonic,
            emit=lambda event: (
                self.failed.append(event) if isinstance(event, Failed) else self.events.put(event)
            ),
        )

    def next(self, kind: type[E], within_s: float = 20) -> E:
        """Return the next event, which must be of this kind."""
        event = self.events.get(timeout=within_s)
        assert isinstance(event, kind), event
        return event

    def quiet(self, for_s: float) -> bool:
        """Tell that nothing more is told for a while."""
        try:
            self.events.get(timeout=for_s)
        except queue.Empty:
            return True
        return False


@contextmanager
def _linked(port: int) -> Iterator[Watched]:
    watched = Watched(port)
    watched.link.start(0)
    try:
        yield watched
    finally:
        watched.link.stop()


def _mosquitto(folder: Path, port: int, *lines: str) -> Program:
    file = folder / "mosquitto.conf"
    text = "\n".join([f"listener {port} 127.0.0.1", "allow_anonymous true", "log_type all", *lines])
    file.write_text(text + "\n", encoding="utf-8")
    return Program("mosquitto", [need("mosquitto"), "-c", str(file)], folder)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[Program, int]]:
    """Give a running mosquitto and its port."""
    port = free_port()
    program = _mosquitto(tmp_path, port)
    with running(program):
        wait_for("mosquitto", lambda: listening(port))
        yield program, port


@pytest.mark.real
def test_an_envelope_goes_up_and_its_answer_comes_down(broker: tuple[Program, int], tmp_path: Path) -> None:
    """On the connection it was sent on."""
    with LiveCollector(broker[1]) as collector, _linked(broker[1]) as watched:
        connected = watched.next(Connected)
        watched.link.send(connected.connection, letter(tmp_path))
        answered = watched.next(Answered)
    ack = decode_ack(answered.payload)
    assert ack is not None
    assert (ack.mark, answered.connection) == (1, connected.connection)
    assert collector.model.counters() == [1]


@pytest.mark.real
def test_it_connects_clean_without_a_will_and_speaks_mqtt_5(broker: tuple[Program, int]) -> None:
    """So that no broker keeps anything about when a laptop is on."""
    with _linked(broker[1]) as watched:
        watched.next(Connected)
    log = broker[0].log.read_text(encoding="utf-8")
    assert f"as {DEVICE} (p5, c1, k120)." in log
    assert "No will message specified." in log
    assert "Will message specified (" not in log
    wait_for("the goodbye", lambda: f"DISCONNECT from {DEVICE}" in broker[0].log.read_text(encoding="utf-8"))


@pytest.mark.real
def test_it_comes_back_when_the_broker_does(broker: tuple[Program, int], tmp_path: Path) -> None:
    """Lost is told once, and the next connection has a number of its own."""
    program, port = broker
    with _linked(port) as watched:
        first = watched.next(Connected)
        program.kill()
        assert watched.next(Lost).connection == first.connection
        assert watched.quiet(1)
        program.start()
        second = watched.next(Connected)
        assert second.connection > first.connection
        with LiveCollector(port) as collector:
            watched.link.send(second.connection, letter(tmp_path))
            watched.next(Answered)
            assert collector.model.counters() == [1]


@pytest.mark.real
def test_what_was_meant_for_an_earlier_connection_is_not_sent_on_the_next(
    broker: tuple[Program, int], tmp_path: Path
) -> None:
    """The outbox decides anew what is sent after a loss."""
    program, port = broker
    with _linked(port) as watched:
        first = watched.next(Connected)
        program.kill()
        watched.next(Lost)
        program.start()
        second = watched.next(Connected)
        with LiveCollector(port) as collector:
            watched.link.send(first.connection, letter(tmp_path / "old", 1))
            watched.link.send(second.connection, letter(tmp_path / "new", 2))
            watched.next(Answered)
            assert collector.model.counters() == [2]


@pytest.mark.real
def test_the_policy_is_told_as_it_came(broker: tuple[Program, int]) -> None:
    """Whatever it is, nobody looks at it on the thread of the link."""
    with LiveCollector(broker[1]) as collector, _linked(broker[1]) as watched:
        watched.next(Connected)
        collector.publish(topics.policy(DEVICE), b"\0 anything")
        assert watched.next(PolicyArrived).payload == b"\0 anything"


@pytest.mark.real
def test_of_a_message_that_is_too_long_no_more_is_kept_than_shows_it(broker: tuple[Program, int]) -> None:
    """Megabytes from a broker stay out of the agent's memory, and are refused as too long."""
    with LiveCollector(broker[1]) as collector, _linked(broker[1]) as watched:
        watched.next(Connected)
        collector.publish(topics.policy(DEVICE), bytes(1 << 21))
        assert len(watched.next(PolicyArrived).payload) == MAX_PAYLOAD_BYTES + 1


@pytest.mark.real
@pytest.mark.parametrize(
    "topic",
    [topics.policy(OTHER), topics.ack(OTHER)],
    ids=["the policy for another device", "the answer to another device"],
)
def test_only_its_own_answers_are_told(broker: tuple[Program, int], topic: str) -> None:
    """Everything else is passed over."""
    with LiveCollector(broker[1]) as collector, _linked(broker[1]) as watched:
        watched.next(Connected)
        collector.publish(topic, b"{}")
        collector.publish(topics.ack(DEVICE), b"mine")
        assert watched.next(Answered).payload == b"mine"


@contextmanager
def _three_one_one(grants: tuple[int, int]) -> Iterator[tuple[int, list[int]]]:
    """Speak just enough MQTT 3.1.1 and close on version 5; give the port and the versions seen."""
    versions: list[int] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                versions.append(peer.recv(1024)[8])
                if versions[-1] == 4:
                    peer.sendall(bytes([0x20, 2, 0, 0]))
                    request = peer.recv(1024)
                    peer.sendall(bytes([0x90, 4, *request[2:4], *grants]))
                    peer.recv(1024)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield listener.getsockname()[1], versions
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def test_a_broker_that_only_speaks_3_1_1_is_spoken_to_in_3_1_1() -> None:
    """A connection closed at once makes the next one try the other version."""
    with _three_one_one((1, 1)) as (port, versions), _linked(port) as watched:
        assert watched.next(Connected).connection == 2
    assert versions == [5, 4]


def test_without_the_right_to_listen_it_does_not_send(caplog: pytest.LogCaptureFixture) -> None:
    """A refused subscription is said and is no connection to send on."""
    caplog.set_level("INFO")
    with _three_one_one((1, 0x80)) as (port, versions), _linked(port) as watched:
        wait_for("three attempts", lambda: len(versions) >= 3)
        assert watched.quiet(0.1)
    assert "the broker refuses the subscription" in caplog.text


def test_a_broker_that_is_not_there_is_tried_again_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """The log tells the change, not every attempt."""
    caplog.set_level("INFO")
    port = free_port()
    with _linked(port) as watched:
        wait_for("two attempts", lambda: len(watched.failed) >= 2)
    said = f"no connection to the broker at 127.0.0.1, port {port}: Connection refused"
    todo = "reports wait on this laptop; if this lasts, check [broker] in the settings"
    assert [record.message for record in caplog.records] == [f"{said}; {todo}"]
    assert watched.failed[0] == Failed(said, refused=True)


@pytest.mark.real
def test_a_client_that_cannot_even_be_made_is_made_later(
    broker: tuple[Program, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without memory for it, for one; the thread goes on."""
    missing = [MemoryError()] * 2

    def made(*given: Any) -> Connection:
        if missing:
            raise missing.pop()
        return Connection(*given)

    monkeypatch.setattr("fernbereit_agent.link.Connection", made)
    with _linked(broker[1]) as watched:
        assert watched.next(Connected).connection == 3
    assert caplog.messages == ["the connection ended unexpectedly"] * 2


def test_it_stops_while_it_waits() -> None:
    """Nobody waits for a delay that is no longer wanted."""
    watched = Watched(free_port())
    watched.link.start(3_600)
    ended: Callable[[], None] = watched.link.stop
    ended()
    assert watched.link._thread is not None
    assert not watched.link._thread.is_alive()
