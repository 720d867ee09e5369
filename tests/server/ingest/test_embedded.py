"""Does the broker of our own listen where it may, and end with us?"""

import socket
import struct
import sys
import tempfile
import threading
from contextlib import suppress
from ipaddress import ip_address
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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc of Linux")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nothing_but_loopback_listens_and_the_process_list_says_so(host: str) -> None:
    """As the kernel knows it, whatever iotcore's defaults are."""
    port = free_port()
    broker = EmbeddedBroker(host, port)
    broker.start()
    try:
        assert broker._broker is not None
        assert broker._broker._process is not None
        process = Path("/proc") / str(broker._broker._process.pid)
        assert listeners_of(process) == [("127.0.0.1", port)]
        shown = process.joinpath("cmdline").read_text()
        assert "0.0.0.0" not in shown  # noqa: S104
        assert f'"listen": "{broker.host}", "port": {port}' in shown
    finally:
        broker.stop()


def listeners_of(process: Path) -> list[tuple[str, int]]:
    """Return every address a process of Linux listens on (proc(5): state 0A, words in host byte order)."""
    mine = set()
    for link in process.joinpath("fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            mine.add(link.readlink().name)
    found = []
    for table in ("tcp", "tcp6"):
        for line in process.joinpath("net", table).read_text().splitlines()[1:]:
            fields = line.split()
            host, _, port = fields[1].partition(":")
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in mine:
                words = struct.pack(
                    f"={len(host) // 8}I", *struct.unpack(f">{len(host) // 8}I", bytes.fromhex(host))
                )
                found.append((str(ip_address(words)), int(port, 16)))
    return found


def test_a_port_in_use_is_named_with_the_key_that_chooses_another() -> None:
    """Nothing is left behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        broker = EmbeddedBroker("127.0.0.1", port)
        with pytest.raises(AddressInUseError, match=rf"port {port} .* broker\.port"):
            broker.start()

    assert not broker.is_running


def test_stopping_waits_for_a_start_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A collector that is ended while it starts its broker again leaves none, and nobody complains."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    broker = EmbeddedBroker("127.0.0.1", free_port())
    starting = threading.Thread(target=broker.start)
    starting.start()
    wait_for("a start under way", lambda: any(tmp_path.iterdir()))
    broker.stop()
    starting.join(timeout=20)

    assert not broker.is_running
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().err == ""


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
        assert collector._broker._broker._process is not None
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
