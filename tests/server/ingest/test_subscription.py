"""Is the broker told that a message arrived only when it did, on the connection it came by?

A broker that says exactly what a test needs, packet by packet: real ones do not let packet numbers be chosen.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from fernbereit_server.ingest import subscription as subscription_module
from fernbereit_server.ingest.room import Room
from fernbereit_server.ingest.subscription import Receipt, Subscription
from fernbereit_server.ingest.tally import Tally

TOPIC = b"fernbereit/1/up/00/x/report"
CONNACK_5, CONNACK_311 = b"\x20\x03\x00\x00\x00", b"\x20\x02\x00\x00"
CONNACK_WRONG_VERSION = b"\x20\x03\x00\x84\x00"
PUBACK, PINGREQ = 0x40, 0xC0
CHUNK = 60_000


def publish(number: int, payload: bytes, *, version: int = 5) -> bytes:
    rest = len(TOPIC).to_bytes(2, "big") + TOPIC + number.to_bytes(2, "big")
    rest += (b"\x00" if version == 5 else b"") + payload
    return b"\x32" + remaining_length(len(rest)) + rest


def remaining_length(size: int) -> bytes:
    """Return a length as MQTT writes it: seven bits a byte, the lowest first."""
    more, low = divmod(size, 128)
    return bytes([low | 128]) + remaining_length(more) if more else bytes([low])


class ScriptedBroker:
    """Accepts connections one after the other; each test says what it does on each."""

    def __init__(self, *scripts: Callable[["Wire"], Awaitable[None]]) -> None:
        self._scripts = list(scripts)
        self.done = asyncio.Event()
        self.failure: BaseException | None = None
        self.versions: list[int] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        if not self._scripts:
            writer.close()
            return
        script = self._scripts.pop(0)
        try:
            _, connect = await wire.read()
            self.versions.append(connect[6])
            await script(wire)
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.failure = error
        finally:
            writer.close()
            if not self._scripts:
                self.done.set()


class Wire:
    """Packets instead of bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> tuple[int, bytes]:
        head = await self._reader.readexactly(2)
        return head[0], await self._reader.readexactly(head[1])

    async def accept(self, connack: bytes = CONNACK_5, *, version: int = 5) -> bytes:
        """Accept connection and subscription; return the subscription's options byte."""
        self._writer.write(connack)
        _, subscribe = await self.read()
        self._writer.write(
            b"\x90"
            + (b"\x04" + subscribe[:2] + b"\x00\x01" if version == 5 else b"\x03" + subscribe[:2] + b"\x01")
        )
        return subscribe[-1:]

    def say(self, packet: bytes) -> None:
        self._writer.write(packet)

    async def can_say(self, packet: bytes) -> bool:
        """Say it and tell whether the other side takes it in."""
        self._writer.write(packet)
        try:
            await asyncio.wait_for(self._writer.drain(), 0.2)
        except TimeoutError:
            return False
        return True

    async def puback(self) -> int:
        kind, packet = await self.read()
        assert kind == PUBACK
        return int.from_bytes(packet[:2], "big")

    async def nothing_for(self, seconds: float) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self.read(), seconds)


class Receiver:
    """Holds every message until the test lets it go."""

    def __init__(self) -> None:
        self.held: dict[bytes, Receipt] = {}
        self.came = asyncio.Condition()
        self.disconnections = 0
        self.room = Room(messages=10, tally=Tally())
        self.fails = False

    def receive(self, topic: str, payload: bytes, *, retained: bool, receipt: Receipt | None) -> None:
        assert (topic, retained) == (TOPIC.decode(), False)
        assert receipt is not None
        if self.fails:
            raise ValueError
        self.held[payload] = receipt

    def let_go(self, *payloads: bytes) -> None:
        for payload in payloads:
            receipts, number = self.held[payload]
            receipts.give([number])

    def disconnected(self) -> None:
        self.disconnections += 1

    async def until(self, payload: bytes) -> None:
        while payload not in self.held:  # noqa: ASYNC110 - a few milliseconds in a test
            await asyncio.sleep(0.01)


def run(broker: ScriptedBroker, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Tally:
    """Run a subscription against the broker until its last script ended."""
    monkeypatch.setattr(subscription_module, "_RECONNECT_S", 0.01)
    tally = Tally()

    async def scenario() -> None:
        server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        subscription = Subscription(
            host="127.0.0.1", port=port, receive_maximum=10, receiver=receiver, tally=tally
        )
        running = asyncio.create_task(subscription.run())
        try:
            await asyncio.wait_for(broker.done.wait(), 20)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            server.close()

    asyncio.run(scenario())
    if broker.failure is not None:
        raise broker.failure
    return tally


def test_a_message_is_acknowledged_when_it_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when it was received."""
    receiver = Receiver()

    async def script(wire: Wire) -> None:
        await wire.accept()
        wire.say(publish(7, b"one"))
        await receiver.until(b"one")
        await wire.nothing_for(0.2)
        receiver.let_go(b"one")
        assert await wire.puback() == 7

    tally = run(ScriptedBroker(script), receiver, monkeypatch)
    assert tally.connections == 1


def test_a_late_result_acknowledges_nothing_on_the_next_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """There the same number stands for another message."""
    receiver = Receiver()

    async def first(wire: Wire) -> None:
        await wire.accept()
        wire.say(publish(1, b"old"))
        await receiver.until(b"old")

    async def second(wire: Wire) -> None:
        await wire.accept()
        wire.say(publish(1, b"new"))
        await receiver.until(b"new")
        receiver.let_go(b"old")
        await wire.nothing_for(0.3)
        receiver.let_go(b"new")
        assert await wire.puback() == 1

    tally = run(ScriptedBroker(first, second), receiver, monkeypatch)
    assert (tally.connections, tally.connections_lost) == (2, 1)


def test_everything_unacknowledged_is_let_go_when_the_connection_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The receiver hears of it, once for each connection."""
    receiver = Receiver()

    async def script(wire: Wire) -> None:
        await wire.accept()
        await wire.nothing_for(0.1)

    run(ScriptedBroker(script, script), receiver, monkeypatch)
    assert receiver.disconnections == 2


def test_a_message_whose_handler_fails_is_not_acknowledged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The next one is."""
    receiver = Receiver()
    receiver.fails = True

    async def script(wire: Wire) -> None:
        await wire.accept()
        wire.say(publish(1, b"bad"))
        await wire.nothing_for(0.2)
        receiver.fails = False
        wire.say(publish(2, b"good"))
        await receiver.until(b"good")
        receiver.let_go(b"good")
        assert await wire.puback() == 2

    run(ScriptedBroker(script), receiver, monkeypatch)
    assert receiver.held.keys() == {b"good"}
    assert "report" not in caplog.text


def test_nothing_is_read_without_room_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that ignores the Receive Maximum can send no more; the rest comes when there is room."""
    receiver, sent = Receiver(), 0

    async def script(wire: Wire) -> None:
        nonlocal sent
        await wire.accept()
        wire.say(publish(1, b"first"))
        await receiver.until(b"first")
        receiver.room.enter(10**9)
        while sent < 1000 and await wire.can_say(publish(2 + sent, b"%0*d" % (CHUNK, sent))):
            sent += 1
        # A chunk or two were under way when the room was full; all else waits in the sockets.
        assert len(receiver.held) <= 4 < sent < 1000
        receiver.room.leave(1, 10**9)
        await receiver.until(b"%0*d" % (CHUNK, sent))

    run(ScriptedBroker(script), receiver, monkeypatch)
    assert len(receiver.held) == 1 + sent + 1


def test_a_long_pause_costs_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """PINGREQs go out; that their answers are not read is nobody's fault."""
    monkeypatch.setattr(subscription_module, "_KEEPALIVE_S", 1)
    receiver = Receiver()

    async def script(wire: Wire) -> None:
        await wire.accept()
        receiver.room.enter(10**9)
        for _ in range(5):
            assert await wire.read() == (PINGREQ, b"")
            wire.say(publish(1, b"kept"))
        receiver.room.leave(1, 10**9)
        await receiver.until(b"kept")

    tally = run(ScriptedBroker(script), receiver, monkeypatch)
    assert tally.connections == 1


def test_a_broker_of_the_older_version_is_spoken_to_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """After it refused MQTT 5; messages are acknowledged late there as well."""
    receiver = Receiver()

    async def refuse(wire: Wire) -> None:
        wire.say(CONNACK_WRONG_VERSION)

    async def accept(wire: Wire) -> None:
        assert await wire.accept(CONNACK_311, version=4) == b"\x01"
        wire.say(publish(3, b"one", version=4))
        await receiver.until(b"one")
        await wire.nothing_for(0.2)
        receiver.let_go(b"one")
        assert await wire.puback() == 3

    broker = ScriptedBroker(refuse, accept)
    run(broker, receiver, monkeypatch)
    assert broker.versions == [5, 4]


def test_nothing_retained_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quality of service 1, retain as published, retain handling 2."""
    options: list[bytes] = []

    async def script(wire: Wire) -> None:
        options.append(await wire.accept())

    run(ScriptedBroker(script), Receiver(), monkeypatch)
    assert options == [bytes([2 << 4 | 1 << 3 | 1])]


def test_a_broker_that_hangs_up_in_the_handshake_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it does, the next attempt follows."""

    async def hang_up(_wire: Wire) -> None:
        return

    async def refuse_subscription(wire: Wire) -> None:
        wire.say(CONNACK_5)
        _, subscribe = await wire.read()
        wire.say(b"\x90\x04" + subscribe[:2] + b"\x00\x87")
        await wire.read()

    async def accept(wire: Wire) -> None:
        await wire.accept()
        await wire.nothing_for(0.2)

    broker = ScriptedBroker(hang_up, hang_up, refuse_subscription, accept)
    tally = run(broker, Receiver(), monkeypatch)
    assert tally.connections == 1
