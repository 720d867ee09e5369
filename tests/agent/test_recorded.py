"""Does a recorded laptop answer as the machine did, refusals included?"""

import ssl
from collections.abc import Callable
from datetime import date
from typing import get_args

import pytest

from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, ProbeError, TimedOut, Unreadable
from fernbereit_agent.laptop import Bytes, NetworkFault, No, RecordedLaptop, Resolved
from fernbereit_agent.network_faults import fault, word_for
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.recorder import RecordingHost
from fernbereit_agent.settings import ProbeSettings

LAPTOP = RecordedLaptop(
    provenance="constructed",
    note="one of everything",
    today=date(2026, 11, 21),
    files={
        "/etc/text": "text\n",
        "/etc/bytes": Bytes(hex="00ff"),
        "/etc/closed": No(no="denied"),
        "/etc/broken": No(no="failed"),
        "/sys/devices/a/size": "4\n",
    },
    folders={"/etc": ("more", "text"), "/closed": No(no="denied")},
    links={"/sys/class/a": "/sys/devices/a", "/sys/by-name/b": "/sys/class/a"},
    exists=("/run/mark",),
    modified={"/etc/text": date(2026, 1, 2)},
    commands={"good one": "printed\n", "slow": No(no="timeout"), "bad": No(no="failed")},
    disk_space={"/": (10, 0)},
    resolved={"a.example": Resolved(addresses=("192.0.2.7",), ms=1.5), "b.example": No(no="timeout")},
    connections={"192.0.2.7:443": (2.0, "timeout", "refused")},
    handshakes={"192.0.2.7:443 a.example": ("certificate",)},
    routes={"192.0.2.1": None},
)


@pytest.fixture(params=["recorded", "recorded again"])
def host(request: pytest.FixtureRequest) -> RecordedHost:
    """Return the laptop, and what is recorded while everything is asked of the laptop."""
    first = RecordedHost(LAPTOP)
    if request.param == "recorded":
        return first
    recorder = RecordingHost(first)
    for ask in QUESTIONS:
        try:
            ask(recorder)
        except (ProbeError, OSError):
            continue
    return RecordedHost(recorder.laptop("again", ProbeSettings()))


QUESTIONS: tuple[Callable[[RecordedHost | RecordingHost], object], ...] = (
    *(lambda h, path=path: h.read_text(path) for path in (*LAPTOP.files, "/sys/by-name/b/size", "/nothing")),
    *(lambda h, path=path: h.list_dir(path) for path in ("/etc", "/closed", "/sys/class", "/nothing")),
    *(
        lambda h, path=path: h.exists(path)
        for path in ("/run/mark", "/sys/class/a", "/etc/closed", "/nothing")
    ),
    *(lambda h, path=path: h.real_path(path) for path in ("/sys/by-name/b", "/sys/by-name/b/size")),
    lambda h: h.modified_on("/etc/text"),
    *(lambda h, words=words: h.run(*words) for words in (("good", "one"), ("slow",), ("bad",), ("none",))),
    lambda h: h.disk_space("/"),
    *(lambda h, name=name: h.resolve(name) for name in ("a.example", "b.example", "c.example")),
    *(lambda h: h.connect("192.0.2.7", 443, 1.0) for _ in range(3)),
    lambda h: h.tls_handshake("192.0.2.7", 443, "a.example", 1.0),
    lambda h: h.route_source("192.0.2.1"),
)


def test_files_folders_and_links_answer(host: RecordedHost) -> None:
    """Links are followed, also through two of them; folders list what lies below."""
    assert host.read_text("/etc/text") == "text\n"
    assert host.read_bytes("/etc/bytes") == b"\x00\xff"
    assert host.read_text("/sys/by-name/b/size") == "4\n"
    assert host.real_path("/sys/by-name/b/size") == "/sys/devices/a/size"
    assert {"more", "text"} <= set(host.list_dir("/etc"))
    assert "a" in host.list_dir("/sys/class")
    assert host.list_dir("/nothing") == ()
    assert host.modified_on("/etc/text") == date(2026, 1, 2)
    assert host.disk_space("/") == (10, 0)


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda h: h.read_text("/nothing"), NotHere),
        (lambda h: h.read_text("/etc/closed"), Denied),
        (lambda h: h.read_text("/etc/broken"), Unreadable),
        (lambda h: h.list_dir("/closed"), Denied),
        (lambda h: h.modified_on("/nothing"), NotHere),
        (lambda h: h.run("none"), NotHere),
        (lambda h: h.run("slow"), TimedOut),
        (lambda h: h.run("bad"), Unreadable),
        (lambda h: h.resolve("b.example"), TimedOut),
        (lambda h: h.resolve("c.example"), NotHere),
    ],
    ids=[
        "missing file",
        "closed file",
        "broken file",
        "closed folder",
        "missing day",
        "missing command",
        "hanging command",
        "failing command",
        "silent resolver",
        "unknown name",
    ],
)
def test_a_refusal_is_raised_again(
    host: RecordedHost, ask: Callable[[RecordedHost], object], error: type[ProbeError]
) -> None:
    """What the machine refused, the recording refuses in the same way."""
    with pytest.raises(error):
        ask(host)


def test_a_missing_command_says_that_it_is_a_command(host: RecordedHost) -> None:
    """The reason tells a missing program from missing hardware."""
    with pytest.raises(NotHere) as missing:
        host.run("none")

    assert missing.value.reason is Reason.COMMAND_MISSING


@pytest.mark.parametrize(
    ("path", "there"),
    [("/run/mark", True), ("/run", True), ("/sys/class/a", True), ("/etc/closed", True), ("/nothing", False)],
)
def test_what_was_seen_exists(host: RecordedHost, path: str, *, there: bool) -> None:
    """Files, closed files, links, marks and the folders above them exist; all else does not."""
    assert host.exists(path) is there


def test_connections_come_in_the_recorded_order_and_start_over(host: RecordedHost) -> None:
    """Three samples are three answers; a longer measurement repeats them."""
    for _ in range(2):
        assert host.connect("192.0.2.7", 443, 1.0) == 2.0
        with pytest.raises(TimeoutError):
            host.connect("192.0.2.7", 443, 1.0)
        with pytest.raises(ConnectionRefusedError):
            host.connect("192.0.2.7", 443, 1.0)
    with pytest.raises(ssl.SSLCertVerificationError):
        host.tls_handshake("192.0.2.7", 443, "a.example", 1.0)


def test_every_network_fault_has_one_word() -> None:
    """Recording and replaying are each other's reverse."""
    words: tuple[NetworkFault, ...] = get_args(NetworkFault)

    assert tuple(word_for(fault(word)) for word in words) == words
