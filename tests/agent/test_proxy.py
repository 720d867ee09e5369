"""Does the agent reach its broker through an HTTP proxy, whatever that proxy does, and keep its password?"""

import logging
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connect_proxy import ConnectProxy, Manner
from fernbereit_agent.errors import SettingsError
from fernbereit_agent.link import Link
from fernbereit_agent.link_events import Answered, Connected, Event, Failed, Lost
from fernbereit_agent.proxies import Proxy, of_the_system, parse_proxy
from fernbereit_agent.proxy_tunnel import ProxyError, connect_through
from fernbereit_agent.schedule import Backoff
from fernbereit_agent.settings import BrokerSettings
from fernbereit_agent.settings_sources import load_settings
from model_collector import LiveCollector
from mosquitto import mosquitto
from outbox_world import DEVICE, letter
from processes import free_port, listening, wait_for

PASSWORD = "pass-word-7"


class Told:
    """A link and all the events it told."""

    def __init__(self, broker: BrokerSettings) -> None:
        self.events: list[Event] = []
        self.link = Link(
            broker=broker,
            backoff=Backoff(0.1, 0.3),
            device_id=DEVICE,
            monotonic=time.monotonic,
            emit=self.events.append,
        )

    def last(self, kind: type[Event]) -> Event | None:
        """Return the latest event of a kind."""
        return next((event for event in reversed(self.events) if isinstance(event, kind)), None)

    def count(self, kind: type[Event]) -> int:
        """Return how many events of a kind there were."""
        return sum(isinstance(event, kind) for event in self.events)


@contextmanager
def linked(port: int, proxy: str | None) -> Iterator[Told]:
    """Run a link to a broker on this port."""
    told = Told(BrokerSettings(port=port, proxy=proxy))
    told.link.start(0)
    try:
        yield told
    finally:
        told.link.stop()


@pytest.mark.real
def test_a_report_goes_through_the_proxy_and_its_answer_comes_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With name and password, which no log and no message shows."""
    caplog.set_level(logging.DEBUG)
    proxy = ConnectProxy(credentials=f"name:{PASSWORD}")
    with mosquitto(tmp_path) as broker, proxy.running(), LiveCollector(broker.port) as collector:
        with linked(broker.port, f"http://name:{PASSWORD}@127.0.0.1:{proxy.port}") as told:
            wait_for("a connection", lambda: told.last(Connected))
            connected = told.last(Connected)
            assert isinstance(connected, Connected)
            told.link.send(connected.connection, letter(tmp_path))
            wait_for("an answer", lambda: told.last(Answered))
        assert collector.model.counters() == [1]
    assert [request.splitlines()[0] for request in proxy.requests] == [
        f"CONNECT 127.0.0.1:{broker.port} HTTP/1.1"
    ]
    assert PASSWORD not in caplog.text


@pytest.mark.real
def test_a_proxy_that_dies_in_the_middle_is_a_lost_connection(tmp_path: Path) -> None:
    """The next one is made through it again."""
    proxy = ConnectProxy()
    with (
        mosquitto(tmp_path) as broker,
        proxy.running(),
        linked(broker.port, f"http://127.0.0.1:{proxy.port}") as told,
    ):
        wait_for("a connection", lambda: told.count(Connected) == 1)
        proxy.cut()
        wait_for("the loss", lambda: told.count(Lost) == 1)
        wait_for("the next connection", lambda: told.count(Connected) == 2)
    assert len(proxy.requests) == 2


MISDEEDS: dict[Manner, str] = {
    "refuses": "the proxy refuses the connection with 403",
    "asks": "the proxy asks for name and password: set them as [broker] proxy, or they are wrong",
    "hangs": "the proxy did not answer within 0.3 s",
    "trickles": "the proxy did not answer within 0.3 s",
    "babbles": "what answers as proxy does not speak HTTP",
    "talks first": "what answers as proxy does not speak HTTP",
    "closes": "the proxy closed the connection without an answer",
}


@pytest.mark.parametrize(("manner", "reason"), MISDEEDS.items(), ids=MISDEEDS)
def test_a_proxy_that_misbehaves_is_told_by_its_misdeed(manner: Manner, reason: str) -> None:
    """In words of our own: what it sends is never repeated."""
    with ConnectProxy(manner).running() as proxy, pytest.raises(ProxyError) as caught:
        connect_through(Proxy("127.0.0.1", proxy.port), "127.0.0.1", 1883, deadline_s=0.3)
    assert str(caught.value) == reason


def test_a_broker_that_the_proxy_does_not_reach_is_told() -> None:
    """By the number of its answer."""
    with ConnectProxy().running() as proxy, pytest.raises(ProxyError, match="with 502"):
        connect_through(Proxy("127.0.0.1", proxy.port), "::1", free_port())


def test_a_proxy_that_is_not_there_is_said_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """Never around it."""
    caplog.set_level(logging.INFO)
    port, at = free_port(), free_port()
    with linked(port, f"http://name:{PASSWORD}@127.0.0.1:{at}") as told:
        wait_for("three attempts", lambda: told.count(Failed) >= 3)
    place = f"127.0.0.1, port {port}, through the proxy at 127.0.0.1, port {at}"
    said = f"no connection to the broker at {place}: the proxy cannot be reached: Connection refused"
    assert [message.partition("; ")[0] for message in caplog.messages] == [said]


@pytest.mark.real
def test_without_a_proxy_none_is_used_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the settings decide; the word "system" asks environment and system."""
    proxy = ConnectProxy()
    with mosquitto(tmp_path) as broker, proxy.running():
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("mqtt_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        with linked(broker.port, None) as told:
            wait_for("a direct connection", lambda: told.last(Connected))
        assert proxy.requests == []
        with linked(broker.port, "system") as told:
            wait_for("a connection through the proxy", lambda: told.last(Connected))
        assert len(proxy.requests) == 1
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with linked(broker.port, "system") as told:
            wait_for("a direct connection", lambda: told.last(Connected))
        assert len(proxy.requests) == 1
        assert listening(broker.port)


def test_a_proxy_of_the_system_that_is_elsewhere_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As long as nothing may leave this machine."""
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("https_proxy", f"http://name:{PASSWORD}@192.0.2.7:3128")
    monkeypatch.setenv("no_proxy", "")
    with linked(free_port(), "system") as told:
        wait_for("two attempts", lambda: told.count(Failed) >= 2)
    assert len(caplog.messages) == 1
    assert "the system names a proxy elsewhere" in caplog.messages[0]
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("http://proxy.example:3128", "expected a proxy on this machine"),
        ("http://10.0.0.1:3128", "expected a proxy on this machine"),
        ("https://127.0.0.1:3128", "expected http://host:port"),
        ("127.0.0.1:3128", "expected http://host:port"),
        ("http://127.0.0.1", "expected http://host:port"),
        ("http://127.0.0.1:3128/path", "expected http://host:port"),
        ("http://127.0.0.1:99999", "expected http://host:port"),
        ("", "expected http://host:port"),
    ],
    ids=["a name", "an address", "https", "no scheme", "no port", "a path", "no such port", "nothing"],
)
def test_a_setting_that_names_no_proxy_here_is_a_fault(tmp_path: Path, value: str, problem: str) -> None:
    """The rule for the broker holds for the proxy: nothing leaves this machine yet."""
    file = tmp_path / "agent.toml"
    file.write_text(f'[broker]\nproxy = "{value}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=problem):
        load_settings(file, environment={})


def test_credentials_may_hold_any_character() -> None:
    """Written as in an address, sent as they are, shown never."""
    proxy = parse_proxy("http://na%40me:w%C3%B6rd%3A@proxy.example:8080/")
    assert proxy is not None
    assert proxy.basic == "bmFAbWU6d8O2cmQ6"
    assert "bmFA" not in f"{proxy} {proxy!r}"


@given(st.text(max_size=60))
def test_any_text_is_a_proxy_or_none(text: str) -> None:
    """No text makes a head of a request that says more than it should."""
    proxy = parse_proxy(text) or parse_proxy(f"http://{text}:1")
    if proxy is not None:
        assert proxy.host.isprintable()
        assert proxy.basic.isascii()
        assert "\n" not in proxy.basic


def test_a_proxy_without_scheme_is_one_of_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the registry of Windows names them."""
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "127.0.0.1:3128"})
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda _host: False)
    assert of_the_system("broker.example") == Proxy("127.0.0.1", 3128)
