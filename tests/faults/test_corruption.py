"""What does a byte that changes on its way do? Under TLS it ends the connection, and nothing else.

Without TLS it may make another valid record, which nobody can tell from what was meant: the chain in the
answer shows a real laptop that the collector holds something else. So corruption is a matter of TLS. Neither
agent nor collector speaks it yet; here a tunnel on either side of the damaged wire does.
"""

from pathlib import Path

import pytest

from e2e.estate import Estate
from faults.wire import tls_tunnel
from oracle import faults, stale_facts
from processes import running, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(300)]

ONE_BYTE_IN = 60_000
WANTED = 8


def test_bytes_that_change_under_tls_change_nothing(tmp_path: Path) -> None:
    """Every changed byte ends a connection; everything is sent again, and taken in once."""
    estate = Estate(tmp_path, devices=20)
    with tls_tunnel(estate.mqtt_port) as (port, damaged):
        estate.through(port)
        with running(estate.broker, estate.collector, estate.senders):
            estate.wait_until_up()
            wait_for("the first records", lambda: estate.written() > 20)
            damaged.corrupt(ONE_BYTE_IN)
            wait_for("enough damage", lambda: damaged.flipped >= WANTED, 120)
            damaged.corrupt(0)
            estate.wait_until_up()
            estate.rest()

            assert faults(estate.log, estate.store_url, everything=True) == []
            assert stale_facts(estate.log, estate.store_url) == []
