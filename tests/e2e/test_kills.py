"""Is anything lost or doubled when agent, collector and broker are killed in turn?

Killed means SIGKILL in the middle of work. The oracle knows only what the simulated laptops wrote down before
they sent it, and recomputes mark, count and chain of every device.
"""

import json
import sqlite3
import time

import pytest

from e2e.estate import Estate
from oracle import faults, read_store
from processes import Program, running, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(300)]

ROUNDS = 4


def kill_and_restart(program: Program, after_s: float) -> None:
    """Let it work for a moment, kill it, start it again."""
    time.sleep(after_s)
    assert program.alive, program.tail()
    program.kill()
    program.start()


def test_nothing_is_lost_or_doubled(estate: Estate) -> None:
    """Every record written is in the store once, whatever was killed between writing and answer."""
    with running(estate.broker, estate.collector):
        estate.wait_until_up()
        with running(estate.senders, estate.agent):
            wait_for("the first records", lambda: estate.written() > 40)
            for round_ in range(ROUNDS):
                kill_and_restart(estate.agent, 0.7 + 0.1 * round_)
                kill_and_restart(estate.collector, 0.9 + 0.2 * round_)
                kill_and_restart(estate.broker, 1.3)
            estate.wait_until_up()
            written = estate.written()
            estate.rest()

            assert estate.written() >= written > 40
            assert faults(estate.log, estate.store_url, everything=True) == []
            agent_is_consistent(estate)


def agent_is_consistent(estate: Estate) -> None:
    """Compare the real agent's outbox with the store: one epoch, and nothing beyond what was written."""
    estate.agent.stop()
    with sqlite3.connect(estate.folder / "agent" / "outbox.sqlite") as outbox:
        state = json.loads(outbox.execute("SELECT body FROM state").fetchone()[0])
    marks, closed = read_store(estate.store_url)
    held = marks[estate.agent_id]
    assert held.epoch == state["epoch"]
    assert not [device for device, _ in closed if device == estate.agent_id]
    assert 0 < state["acked"] <= held.mark <= state["last_seq"]
    assert held.applied_count + state["merged_total"] + state["dropped_total"] >= held.mark
