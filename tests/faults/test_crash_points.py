"""Is anything lost or doubled when the collector dies at each of its steps, one after the other?

Each point kills the collector that the death before left behind, as `FERNBEREIT_CRASH_AT` asks; laptops and
broker go on all the time. After each death the store is compared with what the laptops wrote.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from faults.world import HEAL_S, STORES, World, world
from fernbereit_server.decisions.writing import adopt_policy
from fernbereit_server.policies.examples import example
from oracle import faults
from processes import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(600)]

AT = (
    "intake.received",
    "store.commit",
    "store.half",
    "store.committed",
    "intake.puback",
    "intake.ack",
    "policy.sent",
    "judging.half_written",
    "judging.written",
    "publication.half",
    "publication.written",
    "retention.half",
    "retention.written",
    "migration.half",
)
"""In the order of a report's way, then what happens beside it."""
ONLY_ONCE = ("retention.half", "retention.written", "migration.half")
"""What a running collector does once a start."""
