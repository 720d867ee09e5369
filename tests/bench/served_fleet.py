"""A collector with a fleet made up in memory, served without broker, for whoever measures scrapes of it.

python tests/bench/served_fleet.py FOLDER DEVICES PORT        prints one line of JSON once it answers
"""

import asyncio
import json
import random
import sys
import time
import uuid
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import uvicorn

from bench.judging import recorded
from fernbereit.delivery import Mark
from fernbereit.facts.machine import Machine
from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result
from fernbereit_server.app import create_app
from fernbereit_server.collector import Collector
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.settings import DeviceMetricsSettings, HttpSettings, Settings
from fernbereit_server.stalls import settle
from fernbereit_server.store import database
from fernbereit_server.store.changes import InventoryRow, Standing

UNITS, JUDGED = 50, 5_000
_RESULTS = (*[Result.PASS] * 16, Result.FAIL, Result.UNKNOWN)


def filled(fleet: Fleet, devices: int) -> None:
    """Let so many laptops have reported what was recorded, and be judged at random."""
    rng = random.Random(1)
    today = datetime.now(UTC).date()
    policy = NOTHING_DECIDED.policy
    fleet.set_inventory(
        InventoryRow(id=n, serial_hash=f"{n:064x}", unit=f"Unit {n % UNITS}", site=f"Site {n % 5}", label="")
        for n in range(devices + devices // 10)
    )
    said = [
        {name: seen for name, seen in sections.items() if name in fleet.facts_needed}
        for sections in recorded()
    ]
    judged = [
        Judged(
            policy_version=policy.policy.version,
            verdict=rng.choice(tuple(Verdict)),
            compliance=rng.choice(tuple(Compliance)),
            outdated=False,
            results=tuple(rng.choices(_RESULTS, k=len(policy.judged))),
            counted=tuple(rng.choices(_RESULTS, k=len(policy.counted))),
        )
        for _ in range(JUDGED)
    ]
    for number in range(devices):
        sections = said[number % len(said)]
        facts = {name: seen.facts for name, seen in sections.items() if seen.facts is not None}
        device = fleet.put(
            str(uuid.UUID(int=rng.getrandbits(128))),
            Standing(status="active", mark=Mark(str(uuid.UUID(int=1)), 1)),
            first_seen_on=today,
            last_report_at=time.time(),
            outcomes={name: seen.outcome for name, seen in sections.items()},
            facts={**facts, "machine": Machine(serial_hash=f"{number:064x}")},
        )
        fleet.set_judged(device, rng.choice(judged))
    fleet.changed.clear()


async def timed(work: Awaitable[Any]) -> dict[str, float]:
    """Return seconds, processor seconds and the longest time in which nobody else had a turn, in ms."""
    waits: list[float] = []

    async def look() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            waits.append(time.perf_counter() - before - 0.001)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0.1)
    waits.clear()
    began, spent = time.perf_counter(), time.process_time()
    await work
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    await asyncio.sleep(0.01)
    looking.cancel()
    waits.sort()
    return {"seconds": seconds, "processor": processor, "longest_ms": waits[-1] * 1000}


async def main(folder: Path, devices: int, port: int) -> None:
    """Prepare everything, say what it cost, and serve."""
    today = datetime.now(UTC).date()
    settings = Settings(
        data=folder, http=HttpSettings(port=port), device_metrics=DeviceMetricsSettings(agreed_on=today)
    )
    collector = Collector(settings)
    database.upgrade(collector.engine)
    database.generation(collector.engine, today)
    filled(collector.fleet, devices)
    collector.loaded.set()
    app = create_app(collector)
    settle()
    told = {
        "counted": await timed(app.state.exact.keep_up()),
        "published": await timed(app.state.publisher.publish_now()),
        "published_again": await timed(app.state.publisher.publish_now()),
        "written": await timed(app.state.device_tier.prepare()),
        "shards": app.state.device_tier.shards,
    }
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    print(json.dumps(told), flush=True)  # noqa: T201 - whoever measures reads it
    await server.serve()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
