"""Does the reflector send back what a laptop asks, no more than that, and nothing to anybody else?"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fernbereit import echo
from fernbereit_agent.wire import LocalWire
from fernbereit_server.errors import AddressInUseError
from fernbereit_server.reflector import MOST_OF_ONE, WINDOW_S, Reflected, Reflector, reflecting
from fernbereit_server.settings import ReflectorSettings
from processes import free_port

TOKEN = bytes(range(16))


class Sent(asyncio.DatagramTransport):
    """Keeps what would go out."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[tuple[bytes, object]] = []

    def sendto(self, data: object, addr: object = None) -> None:
        """Keep a datagram."""
        self.out.append((bytes(data), addr))  # type: ignore[call-overload]


class Clock:
    """A clock that stands until it is set."""

    now = 100.0

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


@pytest.fixture
def sent() -> Sent:
    """Return an empty way out."""
    return Sent()


def made(sent: Sent, clock: Clock | None = None) -> tuple[Reflector, Counter[str]]:
    """Return a reflector with that way out, and its counters."""
    counts: Counter[str] = Counter()
    reflector = Reflector(counts, clock or Clock())
    reflector.connection_made(sent)
    return reflector, counts


def test_a_question_comes_back_as_long_as_it_was(sent: Sent) -> None:
    """The answer goes to who asked, and is the answer to that very question."""
    reflector, counts = made(sent)
    reflector.datagram_received(echo.question(7, TOKEN), ("192.0.2.7", 5000))

    ((answer, to),) = sent.out
    assert (len(answer), to) == (echo.SIZE, ("192.0.2.7", 5000))
    assert echo.answered(answer, TOKEN) == 7
    assert counts == {Reflected.ANSWERED: 1}


QUESTION = echo.question(7, TOKEN)


@pytest.mark.parametrize(
    "datagram",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(QUESTION[:-1], id="a question cut short"),
        pytest.param(QUESTION + b"\0", id="a question that goes on"),
        pytest.param(QUESTION[:-1] + b"x", id="a question that carries something"),
        pytest.param(echo.answer(QUESTION), id="an answer, as another reflector sends it"),
        pytest.param(b"\x00\x01" + bytes(62), id="a question of another protocol"),
        pytest.param(bytes(1400), id="a large datagram"),
    ],
)
def test_what_is_no_question_gets_no_answer(sent: Sent, datagram: bytes) -> None:
    """It is counted and forgotten; nothing can be multiplied, and no two reflectors talk for ever."""
    reflector, counts = made(sent)
    reflector.datagram_received(datagram, ("192.0.2.7", 5000))

    assert sent.out == []
    assert counts == {Reflected.FOREIGN: 1}


def test_one_address_gets_so_many_answers_and_then_none_until_the_window_ends(sent: Sent) -> None:
    """Another address is not held back by it, and afterwards nobody is remembered."""
    clock = Clock()
    reflector, counts = made(sent, clock)
    for _ in range(MOST_OF_ONE + 3):
        reflector.datagram_received(QUESTION, ("192.0.2.7", 5000))
    reflector.datagram_received(QUESTION, ("192.0.2.8", 5000))
    assert counts == {Reflected.ANSWERED: MOST_OF_ONE + 1, Reflected.LIMITED: 3}

    clock.now += WINDOW_S
    reflector.datagram_received(QUESTION, ("192.0.2.7", 5000))
    assert counts[Reflected.ANSWERED] == MOST_OF_ONE + 2
    assert dict(reflector._answered) == {"192.0.2.7": 1}


def test_a_flood_from_many_addresses_is_answered_no_faster_than_all_may_be(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither answers nor the addresses that are held grow beyond the bound."""
    monkeypatch.setattr("fernbereit_server.reflector.MOST_OF_ALL", 50)
    reflector, counts = made(sent)
    for number in range(200):
        reflector.datagram_received(QUESTION, (f"2001:db8::{number:x}", 5000))

    assert (len(sent.out), counts[Reflected.LIMITED]) == (50, 150)
    assert sum(reflector._answered.values()) == 50


def test_answers_that_do_not_leave_are_not_piled_up(sent: Sent) -> None:
    """While the network takes nothing, questions are passed over."""
    reflector, counts = made(sent)
    reflector.pause_writing()
    reflector.datagram_received(QUESTION, ("192.0.2.7", 5000))
    assert (sent.out, counts) == ([], {Reflected.LIMITED: 1})

    reflector.resume_writing()
    reflector.datagram_received(QUESTION, ("192.0.2.7", 5000))
    assert len(sent.out) == 1


def test_it_is_off_until_a_port_is_named() -> None:
    """By default nothing listens."""

    async def run() -> None:
        async with reflecting(ReflectorSettings(), Counter()):
            pass

    asyncio.run(run())
    assert ReflectorSettings().port is None


def test_a_port_that_is_taken_is_named() -> None:
    """The message says which one, and which setting to change."""

    async def run(port: int) -> None:
        async with reflecting(ReflectorSettings(port=port), Counter()):
            pass

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUseError, match=rf"UDP port {port} .* reflector\.port"):
            asyncio.run(run(port))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """Run the collector as it is run, with a reflector, and return the reflector's port."""
    port = free_port()
    settings = tmp_path / "collector.toml"
    settings.write_text(
        f'data = "{tmp_path / "data"}"\n[http]\nport = {free_port()}\n[broker]\nport = {free_port()}\n'
        f"[reflector]\nport = {port}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "fernbereit_server", "serve", "--settings", str(settings)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline(), "the collector did not start"
        try:
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@pytest.mark.real
def test_a_laptop_measures_to_the_collector_that_runs(served: int) -> None:
    """The agent's own code against the real process: every datagram of the series comes back."""
    assert None not in LocalWire().echo("127.0.0.1", served, 20)
