"""What do the fault tests live in? An estate with every wire in it, and a database server of its own."""

import contextlib
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import psutil

from e2e.estate import Estate
from oracle import called_missing, faults, read_store, stale_facts
from postgres import Cluster
from processes import Program, running, wait_for

STORES = ("sqlite", "postgresql")
HEAL_S = 120.0
"""Everything is well again within this time, or never; a silent connection is given up after 60 s."""
PATIENCE_S = 5.0
"""So long may `/metrics` take."""
LARGEST_MIB = 400
LARGEST_QUEUE = 1000


class Database(Cluster):
    """A PostgreSQL that can be killed and paused with all its processes."""

    def kill(self) -> None:
        """Send SIGKILL to every process of the server."""
        family = self._each(psutil.Process.kill)
        psutil.wait_procs(family[1:], timeout=20)
        assert self._process is not None
        self._process.wait(20)
        self._process = None

    def pause(self) -> None:
        """Send SIGSTOP to every process of the server."""
        self._each(psutil.Process.suspend)

    def resume(self) -> None:
        """Let it go on."""
        self._each(psutil.Process.resume)

    def _each(self, happens: Callable[[psutil.Process], None]) -> list[psutil.Process]:
        assert self._process is not None
        parent = psutil.Process(self._process.pid)
        family = [parent, *parent.children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                happens(process)
        return family


class World:
    """All processes of one pairing of broker and store, and the means to hurt them."""

    def __init__(self, estate: Estate, database: Database | None, *, seed: str, pause_s: float) -> None:
        self.estate, self.database = estate, database
        self.rng, self.pause_s = Random(seed), pause_s
        self.largest_rss = self.largest_queue = 0
        self.patience_s = PATIENCE_S

    def kill(self, program: Program) -> None:
        """Kill a program in the middle of its work and start it again."""
        time.sleep(self.rng.uniform(0, 0.5))
        assert program.alive, program.tail()
        program.kill()
        program.start()

    @contextmanager
    def during(self, begin: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
        """Do something for as long as faults last, and undo it."""
        begin()
        try:
            yield
            time.sleep(self.pause_s)
        finally:
            end()

    def answers(self) -> int:
        """Return how many answers the simulated laptops took."""
        return self.estate.log.read_bytes().count(b'"acked"') if self.estate.log.exists() else 0

    def healed(self) -> None:
        """Wait until the collector is ready by itself and laptops are answered; look at what it holds."""
        estate = self.estate
        estate.wait_until_up(HEAL_S)
        before = self.answers()
        wait_for("answers to laptops", lambda: self.answers() > before + 20, HEAL_S)
        self.look()

    def agents_mark(self) -> int:
        """Return how far the store is with the real agent."""
        held = read_store(self.estate.store_url)[0].get(self.estate.agent_id)
        return held.mark if held else 0

    def _agents_faults(self) -> list[str]:
        """Compare the outbox of the real agent, which was stopped, with the store."""
        with sqlite3.connect(self.estate.folder / "agent" / "outbox.sqlite") as outbox:
            state = json.loads(outbox.execute("SELECT body FROM state").fetchone()[0])
        marks, closed = read_store(self.estate.store_url)
        held = marks[self.estate.agent_id]
        found = {
            "the agent began another epoch": any(device == self.estate.agent_id for device, _ in closed),
            "the agent and the store are at different epochs": held.epoch != state["epoch"],
            "the agent holds acknowledged what is not in the store": held.mark < state["acked"],
            "the store holds what the agent never wrote": held.mark > state["last_seq"],
            "records of the agent are missing": held.applied_count
            + state["merged_total"]
            + state["dropped_total"]
            < held.mark,
        }
        return [sentence for sentence, is_so in found.items() if is_so]

    def look(self) -> None:
        """Note how much the collector holds in memory and in its queue."""
        assert self.estate.collector.process is not None
        rss = psutil.Process(self.estate.collector.process.pid).memory_info().rss
        self.largest_rss = max(self.largest_rss, rss)
        self.largest_queue = max(self.largest_queue, int(self.metric("fernbereit_collector_queue_messages")))

    def metric(self, name: str) -> float:
        """Return the value of one of the collector's own metrics, labels as they stand."""
        page: str = self.estate.get("/metrics", expect_json=False, within_s=self.patience_s)
        found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
        assert found is not None, name
        return float(found[1])

    def judged(self) -> list[str]:
        """Let everything be delivered; return every contradiction between what was written and the store."""
        estate = self.estate
        estate.rest()
        mark = self.agents_mark()
        wait_for("a report of the real agent", lambda: self.agents_mark() > mark, HEAL_S)
        estate.agent.stop()
        found = self._agents_faults()
        found += faults(estate.log, estate.store_url, everything=True)
        found += stale_facts(estate.log, estate.store_url)
        if missing := called_missing(estate.log):
            found.append(f"{missing} acknowledged records are not there any more, and nothing was restored")
        if self.largest_rss > LARGEST_MIB * 2**20:
            found.append(f"the collector grew to {self.largest_rss // 2**20} MiB")
        if self.largest_queue > LARGEST_QUEUE:
            found.append(f"{self.largest_queue} messages waited in the collector")
        return found


@contextmanager
def world(
    folder: Path,
    broker: str,
    store: str,
    *,
    seed: str,
    pause_s: float = 2.0,
    devices: int = 40,
    rate_per_s: float = 100,
) -> Iterator[World]:
    """Yield a world in which everything runs and was answered; print how to see the same again."""
    print(f"SEED={seed} broker={broker} store={store}")  # noqa: T201 - shown with a failure
    with ExitStack() as stack:
        database = None
        if store == "postgresql":
            database = Database()
            stack.callback(database.remove)
            database.start()
        url = database.new_database() if database else None
        estate = Estate(folder, url, devices=devices, broker=broker, wired=True, rate_per_s=rate_per_s)
        for wire in estate.wires.values():
            stack.callback(wire.close)
        stack.enter_context(running(estate.broker, estate.collector, estate.senders, estate.agent))
        made = World(estate, database, seed=seed, pause_s=pause_s)
        made.healed()
        yield made
