"""How does `once` end when nothing it could speak with is at the port?"""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fernbereit_agent.host import LocalHost
from fernbereit_agent.resident import ATTEMPTS, Resident
from fernbereit_agent.settings import BrokerSettings, ReportSettings, Settings
from outbox_world import DEVICE
from processes import free_port


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def _hanging_up() -> Iterator[tuple[int, list[int]]]:
    """Accept every connection and close it at once, as something that is no broker; give the port."""
    accepted: list[int] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            accepted.append(1)
            peer.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1], accepted
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _agent(folder: Path, port: int) -> Resident:
    settings = Settings(
        data=folder,
        broker=BrokerSettings(port=port),
        report=ReportSettings(reconnect_s=0.05, reconnect_max_s=1),
    )
    return Resident(settings=settings, device_id=DEVICE, host=LocalHost(), probes=())


def test_a_refused_connection_ends_it(tmp_path: Path) -> None:
    """Nobody listens at the port, so nobody is waited for."""
    ended = _agent(tmp_path, port := free_port()).deliver_now(60)
    assert ended.how == "nobody_listens"
    assert f"127.0.0.1, port {port}: " in ended.reason


def test_a_few_connections_that_come_to_nothing_end_it(tmp_path: Path) -> None:
    """Something listens but is no broker: it is tried again, in both versions, and not for a minute."""
    with _hanging_up() as (port, accepted):
        ended = _agent(tmp_path, port).deliver_now(60)
    assert ended.how == "no_connection"
    assert ended.reason
    assert len(accepted) == ATTEMPTS
