"""Does the laptop measure real services right: DNS, TCP, TLS, delay, loss, and the first step that failed?"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from fernbereit.facts.targets import TargetFailure, TargetResult
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere
from fernbereit_agent.host import LocalHost
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import targets_linux
from fernbereit_agent.probes.reach import Quality, quality, reach
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings, TargetSettings

TLS_PORT = 443
BUDGET_S = 60.0


@contextmanager
def listening(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Accept connections on a loopback port, with TLS if a context is given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connection, _ = server.accept()
                    with connection:
                        if context is not None and not ended.is_set():
                            context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = int(server.getsockname()[1])
        yield port
        ended.set()
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        thread.join(timeout=5)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Make a certificate authority that this process trusts."""
    trusted = trustme.CA()
    trusted.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return trusted


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Return the context of a server with a certificate for `name`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def ask(port: int, *, tls: bool = True, host: str = "localhost") -> TargetResult:
    """Reach for one target with the real host."""
    wanted = TargetSettings(name="service", host=host, port=port, tls=tls, samples=3)
    result, _ = reach(LocalHost(), wanted, BUDGET_S)
    return result


def test_a_service_with_a_trusted_certificate_is_reached(authority: trustme.CA) -> None:
    """All steps are timed and nothing is lost."""
    with listening(server_context(authority, "localhost")) as port:
        result = ask(port)
    assert (result.reachable, result.failure, result.loss_ratio) == (True, None, 0.0)
    assert None not in (result.dns_ms, result.connect_ms, result.tls_ms, result.rtt_ms, result.jitter_ms)


@pytest.mark.parametrize("name", ["localhost", "intranet.example"], ids=["unknown issuer", "another name"])
def test_a_wrong_certificate_is_not_reached(authority: trustme.CA, name: str) -> None:
    """Somebody else's certificate, or one nobody trusts, is told as such."""
    issuer = trustme.CA() if name == "localhost" else authority
    with listening(server_context(issuer, name)) as port:
        result = ask(port)
    assert (result.reachable, result.failure) == (False, TargetFailure.CERTIFICATE)
    assert result.connect_ms is not None


def test_a_service_that_speaks_no_tls_fails_at_tls() -> None:
    """The connection was made, the handshake was not."""
    with listening() as port:
        result = ask(port)
    assert (result.reachable, result.failure, result.tls_ms) == (False, TargetFailure.TLS, None)


def test_a_service_without_tls_is_reached_without() -> None:
    """Where the settings ask for no handshake none is made."""
    with listening() as port:
        result = ask(port, tls=False, host="127.0.0.1")
    assert (result.reachable, result.dns_ms, result.tls_ms) == (True, None, None)


def test_a_closed_port_is_refused_and_not_lost() -> None:
    """A refusal is an answer."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    result = ask(port, host="127.0.0.1")
    assert (result.reachable, result.failure, result.loss_ratio) == (False, TargetFailure.REFUSED, None)


def test_a_name_nobody_knows_fails_at_dns() -> None:
    """The first step that failed is the one that is told."""
    result = ask(TLS_PORT, host="nobody.invalid")
    assert (result.reachable, result.failure, result.connect_ms) == (False, TargetFailure.DNS, None)


def test_without_targets_there_is_nothing_to_say() -> None:
    """Nothing configured is absent, not a failure."""
    with pytest.raises(NotHere) as raised:
        targets_linux.read(LocalHost(), ProbeSettings())
    assert raised.value.reason is Reason.NOT_CONFIGURED


def recorded(addresses: list[str], connections: dict[str, list[object]]) -> RecordedHost:
    """Return a laptop whose resolver and connections answer as given."""
    laptop = RecordedLaptop.model_validate(
        {
            "provenance": "constructed",
            "note": "one service",
            "today": "2026-11-21",
            "resolved": {"service.example": {"addresses": addresses, "ms": 12.0}},
            "connections": connections,
        }
    )
    return RecordedHost(laptop)


def test_a_broken_ipv6_does_not_hide_a_working_ipv4() -> None:
    """The first address of the other family is tried when the first one does not answer."""
    host = recorded(
        ["2001:db8::7", "2001:db8::8", "198.51.100.7"],
        {"2001:db8::7:443": ["unreachable"], "198.51.100.7:443": [20.0]},
    )
    result, address = reach(host, TargetSettings(name="service", host="service.example", tls=False), BUDGET_S)
    assert (result.reachable, address) == (True, "198.51.100.7")


@pytest.mark.parametrize(
    ("fault", "failure", "loss"),
    [
        pytest.param("timeout", TargetFailure.TIMEOUT, 1.0, id="silence is loss"),
        pytest.param("unreachable", TargetFailure.UNREACHABLE, None, id="no way is no loss"),
        pytest.param("refused", TargetFailure.REFUSED, None, id="a refusal is no loss"),
    ],
)
def test_the_cause_of_a_failed_connection_is_told(
    fault: str, failure: TargetFailure, loss: float | None
) -> None:
    """Each cause needs another remedy."""
    host = recorded(["198.51.100.7"], {"198.51.100.7:443": [fault]})
    result, _ = reach(host, TargetSettings(name="service", host="service.example"), BUDGET_S)
    assert (result.failure, result.loss_ratio) == (failure, loss)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param(
            [20.0, 24.0, 20.0],
            Quality(connect_ms=20.0, rtt_ms=20.0, jitter_ms=4.0, loss_ratio=0.0),
            id="jitter is the mean difference of neighbours",
        ),
        pytest.param(
            [20.0, 1020.0],
            Quality(connect_ms=20.0, rtt_ms=20.0, jitter_ms=None, loss_ratio=0.333),
            id="one second more is one lost packet",
        ),
        pytest.param(
            [20.0, 3025.0],
            Quality(connect_ms=20.0, rtt_ms=20.0, jitter_ms=None, loss_ratio=0.5),
            id="three seconds more are two lost packets",
        ),
        pytest.param(
            [20.0, None],
            Quality(connect_ms=20.0, rtt_ms=20.0, jitter_ms=None, loss_ratio=0.5),
            id="a failed connection is one lost packet",
        ),
        pytest.param(
            [620.0, 640.0, 660.0],
            Quality(connect_ms=620.0, rtt_ms=640.0, jitter_ms=20.0, loss_ratio=0.0),
            id="a satellite is slow, not lossy",
        ),
        pytest.param(
            [1020.0],
            Quality(connect_ms=1020.0, rtt_ms=None, jitter_ms=None, loss_ratio=0.5),
            id="a single late connection tells no delay",
        ),
        pytest.param(
            [],
            Quality(connect_ms=None, rtt_ms=None, jitter_ms=None, loss_ratio=None),
            id="nothing measured is nothing known",
        ),
    ],
)
def test_delay_and_loss_are_told_apart(samples: list[float | None], expected: Quality) -> None:
    """A repeated first packet is loss, a long way is delay."""
    assert quality(samples) == expected
