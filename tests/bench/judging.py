"""What does it cost to keep the judgement of a fleet, beside the evaluator alone in the same run?

python tests/bench/judging.py        or as a part of make bench
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine

from fernbereit.delivery import Mark
from fernbereit.facts import SECTIONS
from fernbereit.readiness import evaluate
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import load_fleet
from fernbereit_server.judging.judge import Laptop, judge
from fernbereit_server.judging.panel import CHUNK, Judge
from fernbereit_server.judging.rulebook import rulebook
from fernbereit_server.store import database, writes
from fernbereit_server.store.changes import Change, SectionChange, Standing
from judged_laptops import TODAY, looks_in, shipped

LAPTOPS = Path(__file__).parents[1] / "laptops"
FLEET, ONE_BY_ONE, RUNS = 10_000, 200, 3
NINE = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)


class Running:
    """A judge over a store of laptops as recorded; `days` after today."""

    def __init__(self, engine: Engine, waiting: Callable[[], int] = lambda: 0) -> None:
        with engine.connect() as connection:
            self.fleet = load_fleet(connection)
        self.days = 0
        self.judge = Judge(
            engine,
            self.fleet,
            decisions=lambda: NOTHING_DECIDED,
            clock=lambda: NINE + timedelta(days=self.days),
            zone=ZoneInfo("Europe/Berlin"),
            waiting=waiting,
        )

    async def micros(self) -> float:
        """Judge who is due and return the processor time, in microseconds a laptop."""
        due = self.judge.due or len(self.fleet.devices)
        before = time.process_time()
        await self.judge.tick()
        return (time.process_time() - before) / due * 1e6


def facts_of(section: str, facts: Mapping[str, Any] | None) -> OpenModel | None:
    """Return the facts of a section as its model."""
    return None if facts is None else SECTIONS[section].model_validate_json(json.dumps(facts))


def recorded() -> Iterator[Mapping[str, SectionChange]]:
    """Yield what the recorded laptops say, as the store takes it."""
    for file in sorted(LAPTOPS.glob("*/expected.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        yield {
            name: SectionChange(
                outcome=Outcome(seen["outcome"]),
                reason=seen.get("reason"),
                observed_on=TODAY,
                facts=SECTIONS[name].model_validate_json(json.dumps(seen["facts"]))
                if seen.get("facts")
                else None,
            )
            for name, seen in said.items()
        }


def fill(engine: Engine, number: int) -> None:
    """Let so many laptops have reported."""
    database.upgrade(engine)
    database.generation(engine, TODAY)
    said = list(recorded())
    changes = [
        Change(
            device_id=str(uuid.UUID(int=place + 1)),
            before=None,
            after=Standing(status="active", mark=Mark(str(uuid.UUID(int=0)), 1)),
            day=TODAY,
            reported_at=NINE.timestamp(),
            sections=said[place % len(said)],
        )
        for place in range(number)
    ]
    for start in range(0, number, 1000):
        writes.commit(engine, changes[start : start + 1000])


def pure() -> tuple[float, float]:
    """Return microseconds of the evaluator, and of judging a laptop about which nothing is new."""
    laptop = Laptop(device_id=str(uuid.UUID(int=1)), first_seen_on=TODAY - timedelta(days=99))
    book = rulebook(shipped())
    looks = [looks_in(file.read_text(encoding="utf-8")) for file in sorted(LAPTOPS.glob("*/expected.json"))]
    stood = [judge(book, laptop, one, TODAY, None, earlier={}).judgement for one in looks]
    tomorrow = TODAY + timedelta(days=1)
    alone, whole = [], []
    for _ in range(RUNS * 4):
        began = time.process_time()
        for one in looks:
            evaluate(book.compiled, one, tomorrow)
        between = time.process_time()
        for one, before in zip(looks, stood, strict=True):
            judge(book, laptop, one, tomorrow, before, earlier={})
        alone.append((between - began) / len(looks) * 1e6)
        whole.append((time.process_time() - between) / len(looks) * 1e6)
    return statistics.median(alone), statistics.median(whole)


async def measured(engine: Engine, runs: int) -> tuple[float, list[float], list[float]]:
    """Return microseconds a laptop: judged first, all of them on other days, and one after the other."""
    running = Running(engine)
    first = await running.micros()
    again, single = [], []
    for _ in range(runs):
        running.days += 1
        again.append(await running.micros())
    for name in list(running.fleet.devices)[:ONE_BY_ONE]:
        running.fleet.changed.add(name)
        single.append(await running.micros())
    return first, again, single


def report(fleet: int = FLEET, runs: int = RUNS) -> str:
    """Measure and return the part of docs/performance.md about judging a fleet."""
    alone, whole = pure()
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_engine(f"sqlite:///{folder}/store.sqlite3")
        fill(engine, fleet)
        first, again, single = asyncio.run(measured(engine, runs))
        engine.dispose()
    rejudged = statistics.median(again)
    rows = (
        ("`fernbereit.readiness.evaluate`, mean of the recorded laptops", alone),
        ("judged again, nothing new (pure)", whole),
        ("judge one changed device: read, judge, compare, alone in its chunk", statistics.median(single)),
        (f"rejudge {fleet:,} for another day, {CHUNK} a chunk", rejudged),
        (f"judge {fleet:,} for the first time, written durably", first),
    )
    table = "\n".join(f"| {what} | {micros:.0f} | {micros / alone:.1f} |" for what, micros in rows)
    return (
        "### Keeping the judgement of a fleet\n\n"
        f"Shipped policy, SQLite with `synchronous=FULL`, {fleet:,} laptops as recorded; processor time a "
        f"laptop.\nA chunk of {CHUNK} keeps one thread busy for {rejudged * CHUNK / 1000:.0f} ms, in which "
        "the event loop gets its turn every millisecond;\nafter it as much time is left to the intake, or "
        f"three times as much while reports wait.\n{1e6 / rejudged:,.0f} laptops are judged again in a "
        "second of processor time.\n\n"
        "| what | microseconds | times the evaluator |\n| --- | ---: | ---: |\n"
        f"{table}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(report())
