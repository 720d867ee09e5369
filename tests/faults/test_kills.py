"""Is anything lost or doubled when everything is killed, over and over, at any moment?

Killed means SIGKILL, also of a program that has just been started or is just coming up. `make faults` kills
200 times, `make faults-long` 2,000 times; half of them with SQLite, half with PostgreSQL.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.world import HEAL_S, STORES, World, world
from oracle import faults
from processes import Program, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(3600)]

SEED = os.environ.get("SEED", "1")
KILLS = int(os.environ.get("FERNBEREIT_FAULTS_KILLS", "200"))

VOLLEY, PAUSE_S = 10, 0.6
"""So many kills with at most that pause in between; then some laptops are answered before the next volley."""
OFTEN = {"agent": 4, "broker": 3, "collector": 2, "database": 1}
"""A collector takes seconds to come up: killed as often as a broker it would never get to work."""
ANSWERS = 10


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
        killed = parties(hurt)
        names, rng = list(killed), hurt.rng
        while done.total() < wanted:
            before = hurt.answers()
            first = names[done.total() // VOLLEY % len(names)]  # each in turn, in the middle of its work
            others = rng.choices(names, [OFTEN[name] for name in names], k=VOLLEY - 1)
            for name in (first, *others):
                killed[name]()
                done[name] += 1
                time.sleep(rng.uniform(0, PAUSE_S))
            wait_for("answers", lambda: hurt.answers() > before + ANSWERS, HEAL_S)  # noqa: B023 - called here
        print(dict(done))  # noqa: T201 - what was done
        hurt.healed()
        assert hurt.judged() == []
    assert done.total() >= wanted
    assert set(done) == set(killed)
