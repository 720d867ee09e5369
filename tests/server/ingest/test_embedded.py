"""Does the broker of our own listen where it may, and end with us?"""

import socket
from pathlib import Path

import pytest

from collecting import collecting, radio, settings_for
from fernbereit_server.errors import AddressInUseError, BrokerError
from fernbereit_server.ingest.embedded import EmbeddedBroker
from processes import free_port, wait_for
from sending import Laptop


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "broker.example", "::"])  # noqa: S104
def test_no_other_address_than_loopback_is_taken(host: str) -> None:
    """It knows neither certificates nor access rules."""
    with pytest.raises(BrokerError, match="neither certificates nor access rules"):
        EmbeddedBroker(host, 1)


def test_a_port_in_use_is_named_with_the_key_that_chooses_another() -> None:
    """Nothing is left behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        broker = EmbeddedBroker("127.0.0.1", port)
        with pytest.raises(AddressInUseError, match=rf"port {port} .* broker\.port"):
            broker.start()

    assert not broker.is_running


def test_reports_are_answered_through_it_and_it_is_started_again(tmp_path: Path) -> None:
    """Killed, it comes back; ended with the collector, its port is free."""
    port = free_port()
    laptop = Laptop()
    laptop.write()
    with collecting(settings_for(tmp_path, port, embedded=True)) as collector:
        with radio(port, laptop) as talk:
            talk.send(laptop.topic, b"x" * 100_000)
            talk.report(laptop)
            assert talk.answer()[1].mark == 1
        assert collector._broker is not None
        assert collector._broker._broker is not None
        collector._broker._broker._process.kill()
        wait_for("a lost broker", lambda: collector.tally.connections_lost)
        wait_for("a reading collector", lambda: collector.state == "reading")
        laptop.write()
        with radio(port, laptop) as talk:
            talk.report(laptop)
            assert talk.answer()[1].mark == 2
        assert collector.tally.undecodable == {"too_large": 1}

    with socket.create_server(("127.0.0.1", port)) as free:
        assert free.getsockname()[1] == port
