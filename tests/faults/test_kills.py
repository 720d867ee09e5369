"""Is anything lost or doubled when everything is killed, over and over, at any moment?

Killed means SIGKILL, also of a program that has just been started or is just coming up. `make faults` kills
200 times, `make faults-long` 2,000 times; half of them with SQLite, half with PostgreSQL.
"""

import heapq
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.world import STORES, World, world
from oracle import faults
from processes import Program

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(3600)]

SEED = os.environ.get("SEED", "1")
KILLS = int(os.environ.get("FERNBEREIT_FAULTS_KILLS", "200"))

EVERY_S = {
    "agent": (0.1, 2.0),
    "broker": (0.3, 4.0),
    "collector": (0.3, 8.0),
    "database": (0.5, 6.0),
}
"""Between a start and the next kill: from as soon as possible to long enough for some work."""


def again(program: Program) -> Callable[[], None]:
    """Return what kills a program and starts it again."""

    def kill() -> None:
        program.kill()
        program.start()

    return kill


def parties(hurt: World) -> dict[str, Callable[[], None]]:
    """Return how each party is killed and started again."""
    estate, database = hurt.estate, hurt.database
    killed = {"agent": again(estate.agent), "broker": again(estate.broker)}

    def collector() -> None:
        estate.collector.kill()
        assert faults(estate.log, estate.store_url) == [], "seen while nobody writes"
        estate.collector.start()

    killed["collector"] = collector
    if database is not None:

        def server() -> None:
            database.kill()
            database.start()

        killed["database"] = server
    return killed


@pytest.mark.parametrize("store", STORES)
def test_nothing_is_lost_or_doubled_by_kills(store: str, tmp_path: Path) -> None:
    """Whoever dies when, the oracle has nothing to say: whenever the collector is dead, and in the end."""
    wanted, done = KILLS // len(STORES), Counter[str]()
    with world(tmp_path, "mosquitto", store, seed=f"{SEED}/{store}", devices=20) as hurt:
        before = hurt.answers()
        killed = parties(hurt)
        due = [(time.monotonic() + hurt.rng.uniform(*EVERY_S[name]), name) for name in killed]
        heapq.heapify(due)
        while done.total() < wanted:
            at, name = heapq.heappop(due)
            time.sleep(max(0.0, at - time.monotonic()))
            killed[name]()
            done[name] += 1
            heapq.heappush(due, (time.monotonic() + hurt.rng.uniform(*EVERY_S[name]), name))
        print(dict(done), hurt.answers() - before, "answers meanwhile")  # noqa: T201 - what was done
        hurt.healed()
        assert hurt.judged() == []
    assert done.total() >= wanted
    assert set(done) == set(killed)
