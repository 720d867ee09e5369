"""Is a binding request understood by others, and only a right answer taken for one?"""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagrams import peer
from fernbereit_agent import stun, wire
from fernbereit_agent.wire import LocalWire
from processes import free_port
from realparts import need

TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")
RESPONSE_OVER_IPV4 = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96"
)
RESPONSE_OVER_IPV6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c"
)
REQUEST_OF_THE_RFC = bytes.fromhex("000100582112a442b7e7a701bc34d686fa87dfae") + bytes(88)


@pytest.mark.parametrize("response", [RESPONSE_OVER_IPV4, RESPONSE_OVER_IPV6], ids=["IPv4", "IPv6"])
def test_the_responses_of_rfc_5769_are_answers(response: bytes) -> None:
    """Sections 2.2 and 2.3, with attributes we do not know and a fingerprint."""
    assert stun.answers(response, TRANSACTION)


def test_the_request_is_the_shortest_one_can_make() -> None:
    """Twenty bytes, no attribute: nothing in it says who asks."""
    assert stun.request(TRANSACTION) == bytes.fromhex("000100002112a442b7e7a701bc34d686fa87dfae")


@pytest.mark.parametrize(
    "datagram",
    [
        pytest.param(RESPONSE_OVER_IPV4[:-1], id="cut short"),
        pytest.param(RESPONSE_OVER_IPV4 + b"\0\0\0\0", id="longer than it says"),
        pytest.param(RESPONSE_OVER_IPV4[:-1] + b"\0", id="a wrong fingerprint"),
        pytest.param(RESPONSE_OVER_IPV4.replace(TRANSACTION, bytes(12)), id="of another transaction"),
        pytest.param(REQUEST_OF_THE_RFC, id="a request"),
        pytest.param(b"\x01\x11" + RESPONSE_OVER_IPV4[2:], id="an error response"),
        pytest.param(b"\x01\x01\x00\x00" + RESPONSE_OVER_IPV4[4:20], id="without any attribute"),
        pytest.param(
            b"\x01\x01\x00\x08" + RESPONSE_OVER_IPV4[4:20] + bytes.fromhex("0020ffff00000000"),
            id="an attribute longer than the datagram",
        ),
        pytest.param(RESPONSE_OVER_IPV4[:4] + bytes(4) + RESPONSE_OVER_IPV4[8:], id="another cookie"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_everything_else_is_none(datagram: bytes) -> None:
    """Only a whole success response to our own request counts."""
    assert not stun.answers(datagram, TRANSACTION)


KIND_OF_THE_FINGERPRINT = range(72, 74)
"""With another kind it is an attribute that nobody knows, and the response one without a fingerprint."""


@given(
    place=st.integers(0, len(RESPONSE_OVER_IPV4) - 1).filter(lambda at: at not in KIND_OF_THE_FINGERPRINT),
    byte=st.integers(1, 255),
)
def test_one_changed_byte_is_noticed(place: int, byte: int) -> None:
    """The fingerprint is the sum of everything before it."""
    changed = bytearray(RESPONSE_OVER_IPV4)
    changed[place] ^= byte
    assert not stun.answers(bytes(changed), TRANSACTION)


@given(datagram=st.binary(max_size=128), end=st.integers(0, 80))
def test_no_datagram_makes_the_judgement_raise(datagram: bytes, end: int) -> None:
    """Neither arbitrary bytes nor a response that goes on otherwise."""
    stun.answers(datagram, TRANSACTION)
    mixed = RESPONSE_OVER_IPV4[:end] + datagram
    assert stun.answers(mixed, TRANSACTION) <= (len(mixed) == 20 + int.from_bytes(mixed[2:4], "big"))


@pytest.fixture
def turnserver() -> Iterator[int]:
    """Run a real STUN server on the loopback and return its port."""
    turnserver = need("turnserver")
    port = free_port()
    command = [
        turnserver,
        *("-n", "--listening-ip", "127.0.0.1", "--listening-port", str(port), "--stun-only"),
        *("--no-cli", "--no-tls", "--no-dtls", "--log-file", "stdout", "--pidfile", "/dev/null"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.mark.real
def test_a_real_server_answers(turnserver: int) -> None:
    """The turnserver of Debian takes our request, and its response for an answer to it."""
    for _ in range(20):  # until it listens: before that the kernel refuses
        try:
            took_ms = LocalWire().stun("127.0.0.1", turnserver)
            break
        except ConnectionRefusedError:
            threading.Event().wait(0.25)
    assert took_ms is not None


def right_answer(question: bytes) -> bytes:
    """Return a response with a mapped address to a request."""
    return b"\x01\x01\x00\x0c" + question[4:20] + bytes.fromhex("002000080001a147e112a643")


def test_a_wrong_answer_before_the_right_one_does_no_harm() -> None:
    """A response to somebody else's request is passed over."""
    with peer(lambda question: [RESPONSE_OVER_IPV4, right_answer(question)]) as port:
        assert LocalWire().stun("127.0.0.1", port) is not None


def test_a_request_that_is_lost_is_made_again() -> None:
    """The first datagram is swallowed; the second is answered, and timed from its own departure."""
    seen: list[bytes] = []

    def answer(question: bytes) -> list[bytes]:
        seen.append(question)
        return [right_answer(question)] if len(seen) > 1 else []

    with peer(answer) as port:
        took_ms = LocalWire().stun("127.0.0.1", port)
    assert took_ms is not None
    assert seen[0] != seen[1]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda _: [], id="silence"),
        pytest.param(lambda _: [RESPONSE_OVER_IPV4], id="another transaction"),
        pytest.param(lambda question: [right_answer(question)[:-4]], id="cut short"),
    ],
)
def test_without_a_right_answer_there_is_none(
    answer: Callable[[bytes], list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is guessed from an answer to something else."""
    monkeypatch.setattr(wire, "STUN_AFTER_S", (0.0, 0.05))
    monkeypatch.setattr(wire, "LAST_WAIT_S", 0.2)
    with peer(answer) as port:
        assert LocalWire().stun("127.0.0.1", port) is None


def test_a_flood_ends_the_attempt() -> None:
    """Who is drowned in datagrams knows nothing of the way, and does not read on for ever."""
    with (
        peer(lambda question: [question] * (wire.JUNK + 1)) as port,
        pytest.raises(ConnectionAbortedError, match="flooded"),
    ):
        LocalWire().stun("127.0.0.1", port)


def test_nobody_at_the_port_is_told_apart_from_silence() -> None:
    """A refusal says nothing of whether UDP passes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        LocalWire().stun("127.0.0.1", port)
