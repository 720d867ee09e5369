"""Does the laptop tell how good the way is, whoever answers, and spare its owner's money and battery?"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagrams import peer
from fernbereit import echo
from fernbereit.facts.targets import Spared, Targets
from fernbereit_agent.errors import NotHere, TimedOut
from fernbereit_agent.host import LocalHost
from fernbereit_agent.laptop import Page, RecordedLaptop
from fernbereit_agent.probes import targets_linux, targets_tried, way_out
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.wire import LONGEST_PAGE, LocalWire, ShortPage, read_page

URL = "http://start.example/fernbereit.txt"
SERVERS = ProbeSettings(stun="192.0.2.7:3478", reflector="192.0.2.7:8742", portal=URL)
NOTHING = Targets()


def number_of(question: bytes) -> int:
    """Return the number of a question."""
    return int.from_bytes(question[8:10], "big")


def echoed(question: bytes) -> bytes:
    """Return the right answer."""
    answer = echo.answer(question)
    assert answer is not None
    return answer


OTHER_TOKEN = echo.ANSWER + bytes(echo.SIZE - len(echo.ANSWER))


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        pytest.param(lambda q: [echoed(q)], {0, 1, 2, 3}, id="all come back"),
        pytest.param(lambda q: [echoed(q)] * (number_of(q) != 2), {0, 1, 3}, id="one is lost"),
        pytest.param(lambda q: [echoed(q)] * 3, {0, 1, 2, 3}, id="each comes three times"),
        pytest.param(lambda _: [OTHER_TOKEN], set(), id="a token that is not ours"),
        pytest.param(lambda q: [echoed(q) + b"\0"], set(), id="longer than the question"),
        pytest.param(lambda q: [echoed(q)[:-1]], set(), id="cut short"),
        pytest.param(lambda q: [q], set(), id="the question itself"),
        pytest.param(
            lambda q: [echo.answer(echo.question(number_of(q) + 1, q[10:26])) or b""],
            set(),
            id="answers before they were asked for",
        ),
        pytest.param(lambda _: [], set(), id="silence"),
    ],
)
def test_only_a_right_answer_counts(
    answer: Callable[[bytes], list[bytes]], came: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is lost is told as lost, whatever else arrives."""
    monkeypatch.setattr("fernbereit_agent.wire.LAST_WAIT_S", 0.3)
    with peer(answer) as port:
        took_ms = LocalWire().echo("127.0.0.1", port, 4)

    assert {number for number, each in enumerate(took_ms) if each is not None} == came


def test_a_flood_is_no_measurement() -> None:
    """Among a hundred foreign datagrams loss means nothing."""
    with peer(lambda _: [OTHER_TOKEN] * 200) as port, pytest.raises(ConnectionAbortedError):
        LocalWire().echo("127.0.0.1", port, 4)


def test_answers_that_come_again_and_again_are_a_flood() -> None:
    """The first one counts; what comes after it answers nothing."""
    with peer(lambda q: [echoed(q)] * 7) as port, pytest.raises(ConnectionAbortedError):
        LocalWire().echo("127.0.0.1", port, 20)


def test_a_series_is_never_longer_than_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are asked for."""
    monkeypatch.setattr("fernbereit_agent.wire.GAP_S", 0.001)
    with peer(lambda q: [echoed(q)]) as port:
        assert len(LocalWire().echo("127.0.0.1", port, 5000)) == 20


@contextmanager
def web(answer: bytes, *, close: bool = True) -> Iterator[str]:
    """Answer one connection on the loopback; yields the address of the page."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)
                if not close:
                    ended.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/fernbereit.txt"
        ended.set()
        thread.join(timeout=5)


PAGE = b"HTTP/1.1 200 OK\r\nServer: caddy\r\nContent-Type: text/plain\r\n\r\nfernbereit\n"
LOGIN = b"HTTP/1.1 302 Found\r\nLocation: https://login.hotel.example/?mac=1\r\n\r\n"
LOGIN_IN_PLACE = b"HTTP/1.1 200 OK\r\n\r\n<html><title>Willkommen im WLAN</title></html>"


@pytest.mark.parametrize(
    ("answer", "portal"),
    [
        pytest.param(PAGE, False, id="the page"),
        pytest.param(LOGIN, True, id="a redirection to a login"),
        pytest.param(LOGIN_IN_PLACE, True, id="another page in its place"),
        pytest.param(PAGE + b"and more", True, id="the page and more"),
        pytest.param(b"HTTP/1.1 511 Network Authentication Required\r\n\r\n", True, id="a login by RFC 6585"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", True, id="no page at all"),
        pytest.param(b"", True, id="a connection that is closed at once"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (2 * LONGEST_PAGE), True, id="a page without end"),
        pytest.param(b"HTTP/1.1 404 Not Found\r\n\r\n", None, id="the server without the page"),
        pytest.param(b"HTTP/1.1 503 Busy\r\n\r\n", None, id="the server in trouble"),
        pytest.param(
            b"HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1/\r\n\r\n",
            None,
            id="the server itself moved it",
        ),
        pytest.param(b"HTTP/1.1 301 Moved\r\nLocation: /other\r\n\r\n", None, id="to another of its pages"),
    ],
)
def test_somebody_else_in_place_of_the_page_is_a_portal(answer: bytes, portal: bool | None) -> None:  # noqa: FBT001
    """A fault of the authority's own server is not taken for one."""
    with web(answer) as url:
        assert way_out.measured(LocalHost(), ProbeSettings(portal=url))["captive_portal"] is portal


def test_a_page_that_never_ends_is_waited_for_no_longer_than_allowed() -> None:
    """Then nothing is known."""
    with web(b"HTTP/1.1 200 OK\r\n", close=False) as url, pytest.raises(TimeoutError):
        LocalWire().short_page(url, 0.2)


@pytest.fixture
def three_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the resolver name three addresses, of which the last is this machine's own."""
    really = socket.getaddrinfo

    def named(host: str, port: int, *args: Any, **others: Any) -> Any:
        addresses = [f"127.0.0.{n}" for n in (3, 2, 1)] if host == "start.example" else [host]
        return [answer for each in addresses for answer in really(each, port, *args, **others)]

    monkeypatch.setattr(socket, "getaddrinfo", named)


@pytest.mark.usefixtures("three_addresses")
def test_of_many_addresses_the_first_that_answers_is_asked() -> None:
    """As with any browser."""
    with web(PAGE) as url:
        page = LocalWire().short_page(url.replace("127.0.0.1", "start.example"), 5)
    assert page == ShortPage(status=200, text="fernbereit")


@pytest.mark.usefixtures("three_addresses")
def test_all_addresses_share_the_time_there_is() -> None:
    """A resolver may name as many as it likes."""
    with pytest.raises(TimeoutError):
        LocalWire().short_page("http://start.example:9/", 0.0)


@given(came=st.binary(max_size=200), end=st.integers(0, len(LOGIN)))
def test_no_answer_makes_the_page_raise(came: bytes, end: int) -> None:
    """Arbitrary bytes and truncated answers are a page or none."""
    for each in (came, LOGIN[:end] + came, PAGE[:end], b"HTTP/1.1 302 X\r\nLocation: //[" + came):
        page = read_page(each, "start.example")
        assert page is None or 100 <= page.status <= 599


def recorded(**answers: Any) -> RecordedHost:
    """Return a laptop whose wire was recorded."""
    return RecordedHost(RecordedLaptop(provenance="constructed", note="way", today="2026-11-22", **answers))


ECHOES = (20.0, 22.0, None, 30.0)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(
            {
                "stun": {"192.0.2.7:3478": 21.26},
                "echoes": {"192.0.2.7:8742": ECHOES},
                "pages": {URL: Page(status=200, text="fernbereit")},
            },
            Targets(
                results=(),
                udp=True,
                stun_ms=21.3,
                echo_rtt_ms=22.0,
                echo_jitter_ms=2.0,
                echo_loss_ratio=0.25,
                captive_portal=False,
            ),
            id="all answer",
        ),
        pytest.param(
            {"stun": {"192.0.2.7:3478": None}, "echoes": {"192.0.2.7:8742": (None, None)}},
            Targets(results=(), udp=False, echo_loss_ratio=1.0),
            id="UDP is blocked",
        ),
        pytest.param(
            {"stun": {"192.0.2.7:3478": "refused"}, "echoes": {"192.0.2.7:8742": "unreachable"}},
            Targets(results=()),
            id="nobody there, which says nothing of UDP",
        ),
        pytest.param(
            {"stun": {"192.0.2.7:3478": None}, "echoes": {"192.0.2.7:8742": (19.0,)}},
            Targets(results=(), udp=True, echo_rtt_ms=19.0, echo_loss_ratio=0.0),
            id="one of the two answers over UDP",
        ),
        pytest.param(
            {"pages": {URL: "timeout"}}, Targets(results=()), id="a page that does not answer says nothing"
        ),
        pytest.param({"pages": {URL: None}}, Targets(results=(), captive_portal=True), id="no page at all"),
        pytest.param(
            {"low_battery": True, "stun": {"192.0.2.7:3478": 21.0}},
            Targets(results=(), spared=Spared.LOW_BATTERY),
            id="the last of the battery is spared",
        ),
    ],
)
def test_what_was_answered_is_told_and_nothing_more(answers: dict[str, Any], expected: Targets) -> None:
    """Unknown stays unknown."""
    assert targets_linux.read(recorded(**answers), SERVERS) == expected


def test_on_a_metered_link_each_target_is_reached_for_once_and_nothing_measured() -> None:
    """Whether work is possible matters there as well; how well, it costs too much to know."""

    class Counting(RecordedHost):
        connections = 0

        def connect(self, address: str, port: int, timeout_s: float) -> float:
            self.connections += 1
            return super().connect(address, port, timeout_s)

    laptop = RecordedLaptop(
        provenance="constructed",
        note="metered",
        today="2026-11-22",
        connections={"192.0.2.9:443": (20.0,)},
        stun={"192.0.2.7:3478": 21.0},
    )
    host = Counting(laptop)
    target = {"name": "mail", "host": "192.0.2.9", "tls": False, "samples": 5}
    wanted = ProbeSettings.model_validate({"stun": "192.0.2.7:3478", "targets": (target,)})
    told = targets_tried.tried(host, wanted, lambda *_: _no_tunnels(), lambda *_: True)

    assert (host.connections, told.spared, told.udp) == (1, Spared.METERED, None)
    assert told.results is not None
    assert told.results[0].reachable


def _no_tunnels() -> Any:
    from fernbereit_agent.probes.tunnels import Tunnels

    return Tunnels(installed=(), known=(), up=(), hidden=False)


def test_a_resolver_that_hangs_is_asked_once() -> None:
    """Else the section would miss its deadline and tell nothing at all."""

    class Hanging(RecordedHost):
        asked = 0

        def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
            self.asked += 1
            raise TimedOut(detail=name)

    host = Hanging(RecordedLaptop(provenance="constructed", note="hangs", today="2026-11-22"))
    wanted = ProbeSettings(stun="turn.example:3478", reflector="collector.example:8742")

    assert way_out.measured(host, wanted) == {}
    assert host.asked == 1


def test_with_nothing_to_ask_the_section_says_so() -> None:
    """No target and no server of the authority is no fault."""
    with pytest.raises(NotHere):
        targets_linux.read(recorded(), ProbeSettings())


@given(samples=st.lists(st.none() | st.floats(0, 5000), max_size=20))
def test_quality_stays_within_its_bounds(samples: list[float | None]) -> None:
    """Whatever came back when, a share is a share, and nothing is made of nothing."""
    told = way_out.judge_echoes(samples)
    Targets.model_validate(told)
    assert (told["echo_loss_ratio"] is None) == (not samples)
    assert (told["echo_rtt_ms"] is None) == (not any(each is not None for each in samples))


def test_a_page_is_compared_as_a_whole() -> None:
    """A portal that repeats the line among others is one all the same."""
    assert way_out.judge_page(ShortPage(status=200, text="fernbereit fernbereit"), "fernbereit") is True
