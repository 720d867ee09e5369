"""Is anything lost or doubled when the collector dies at each of its steps, one after the other?

Each point kills the collector that the death before left behind, as `FERNBEREIT_CRASH_AT` asks; laptops and
broker go on all the time. After each death the store is compared with what the laptops wrote. `make faults`
goes through all of them on both databases.
"""

import os
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from faults.world import HEAL_S, STORES, World, world
from fernbereit.crash import VARIABLE
from fernbereit_server.decisions.writing import adopt_policy
from fernbereit_server.store import database
from oracle import faults
from policy_world import check, policy_of

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(600)]

AT = (
    "migration.half",
    "retention.half",
    "retention.written",
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
)
"""What happens at a start, then a report's way, then what happens beside it."""
AGAIN = ("intake.received", "store.commit", "store.half", "store.committed", "intake.puback", "intake.ack")
"""Steps of every report: also at their second time, when the first was taken in."""
EVERYWHERE = (*AT, *(f"{place}:2" for place in AGAIN), "publication.half:2")
IN_CI = {
    "sqlite": (*AT, "store.committed:2", "intake.puback:2"),
    "postgresql": ("migration.half", "store.half", "store.committed"),
}
ALL = os.environ.get("FERNBEREIT_FAULTS") == "all"
LONG_AGO = date(2026, 1, 1)


def one_version_older(engine: Engine) -> None:
    """Make the store what the version before left."""
    config = Config()
    config.set_main_option("script_location", "fernbereit_server.store:migrations")
    with database.writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")


def revision(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def old_letters(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM dead_letters")) or 0)


def with_old_letter(engine: Engine) -> None:
    """Keep something whose time is over."""
    row = {"day": LONG_AGO.isoformat(), "hash": "0" * 64}
    with database.writing(engine) as connection:
        into = "INSERT INTO dead_letters (day, reason, size, sha256) VALUES (:day, 'schema', 1, :hash)"
        connection.execute(text(into), row)


def with_policy(engine: Engine, version: int) -> None:
    """Adopt a policy no laptop holds and by which nobody was judged."""
    wanted = check("system", "operating_system.platform", {"const": "linux"}, essential=True)
    adopted = policy_of(wanted).model_copy(update={"version": version})
    with database.writing(engine) as connection:
        adopt_policy(connection, adopted, LONG_AGO)


def dies_at(hurt: World, place: str) -> None:
    """Start the collector and wait until it died where it should."""
    collector = hurt.estate.collector
    collector.env[VARIABLE] = place
    collector.start()
    assert collector.process is not None
    assert collector.process.wait(HEAL_S) == -9, (place, collector.tail())
    del collector.env[VARIABLE]
    assert faults(hurt.estate.log, hurt.estate.store_url) == [], place


@pytest.mark.parametrize("store", STORES)
def test_a_death_at_any_step_loses_nothing_and_doubles_nothing(store: str, tmp_path: Path) -> None:
    """What was half done is undone by the next start, what was done is kept, and laptops send again."""
    with world(tmp_path, "mosquitto", store, seed="1", devices=20) as hurt:
        estate = hurt.estate
        engine = database.open_engine(estate.store_url.replace("postgresql://", "postgresql+psycopg://"))
        estate.collector.kill()
        newest = revision(engine)
        for version, place in enumerate(EVERYWHERE if ALL else IN_CI[store], start=100):
            if place.startswith(("judging", "policy")):
                with_policy(engine, version)
            if place == "migration.half":
                one_version_older(engine)
            if place == "retention.half":
                with_old_letter(engine)
            older = revision(engine)
            dies_at(hurt, place)
            if place == "migration.half":
                assert revision(engine) == older != newest
            if place.startswith("retention"):
                assert old_letters(engine) == (place == "retention.half")
        engine.dispose()
        estate.collector.start()
        hurt.healed()
        assert revision(engine) == newest
        assert hurt.judged() == []
