"""What happens while the database is gone for an hour? Nothing is acknowledged, lost or heaped up.

Laptops report every second here instead of every 15 minutes, so five reports of each are what an hour brings.
"""

from pathlib import Path

import pytest

from faults.world import HEAL_S, LARGEST_MIB, world
from processes import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(300)]

REPORTS_OF_AN_HOUR = 5


def test_an_hour_without_database_costs_nothing(tmp_path: Path) -> None:
    """No answer is given, what waits is bounded, one metric tells of it, and all goes on by itself."""
    with world(tmp_path, "mosquitto", "postgresql", seed="1") as hurt:
        estate, database = hurt.estate, hurt.database
        assert database is not None
        database.stop()
        wait_for("a collector that says so", lambda: not estate.is_ready(), HEAL_S)
        assert "cannot be used" in estate.why_not_ready()
        answered, written = hurt.answers(), estate.written()

        wait_for(
            "an hour's reports",
            lambda: estate.written() > written + REPORTS_OF_AN_HOUR * 40,
            HEAL_S,
        )

        assert hurt.answers() <= answered + 40, "what was committed before may have been on its way"
        assert hurt.metric("fernbereit_collector_paused") == 1
        assert not estate.is_ready()
        hurt.look()
        database.start()
        hurt.healed()
        assert hurt.metric("fernbereit_collector_paused") == 0
        assert hurt.largest_rss < LARGEST_MIB * 2**20
        assert hurt.judged() == []


def test_a_database_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    """It takes connections and says nothing: that is as bad as gone, and shown in the same place."""
    with world(tmp_path, "mosquitto", "postgresql", seed="1") as hurt:
        estate, database = hurt.estate, hurt.database
        assert database is not None
        database.pause()
        try:
            wait_for("a collector that says so", lambda: not estate.is_ready(), HEAL_S)
            assert hurt.metric("fernbereit_collector_paused") == 1
        finally:
            database.resume()
        hurt.healed()
        assert hurt.judged() == []
