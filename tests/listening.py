"""A collector that only listens: all between a message and the pages of metrics, without broker and store."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.batch import Message, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import Word, admit
from fernbereit_server.ingest.rates import Buckets
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.device_tier import DeviceTier, Shard, plain
from fernbereit_server.metrics.exact import Exact
from fernbereit_server.metrics.exposition import TEXT, PublishedText, render
from fernbereit_server.metrics.operations import operations_text
from fernbereit_server.metrics.own import Vitals, own_metrics
from small_fleet import NOW, TODAY, page_of, two_units

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = NOTHING_DECIDED.policy
VITALS = Vitals(queue_depth=0, paused=False, connected=True, generation="g")


class Listening:
    """Two units of laptops, and what is said by them."""

    def __init__(self) -> None:
        self.fleet: Fleet = two_units()
        self.tally = Tally()
        self.exact = Exact(self.fleet, decisions=lambda: NOTHING_DECIDED, today=lambda: TODAY)
        self.buckets = Buckets(rate_per_s=1e9, burst=10**9)
        self.tier = DeviceTier(
            agreed_on=TODAY,
            devices=lambda: list(self.fleet.devices.values()),
            policy=lambda: POLICY,
            still_to_judge=lambda: 0,
            clock=self.clock,
            zone=BERLIN,
        )

    def clock(self) -> datetime:
        return NOW

    def hear(self, topic: str, payload: bytes) -> None:
        """Take in one message, as the intake does."""
        admitted = admit(topic, retained=False, now_s=NOW.timestamp(), buckets=self.buckets)
        if isinstance(admitted, Word):
            self.tally.messages[admitted] += 1
            return
        batch = decide_all(
            [Message(admitted, payload, NOW.timestamp())],
            known=lambda name: device.standing() if (device := self.fleet.devices.get(name)) else None,
            days=lambda _: Days(NOW, BERLIN),
            generation="00000000-0000-4000-8000-000000000001",
        )
        for change in batch.changes.values():
            self.fleet.apply(change)
        batch.count(self.tally)

    def series(self) -> list[str]:
        """Return every series of every page; a device's own words of an enumeration are left out."""
        asyncio.run(self.tier.prepare())
        assert self.tier.prepared is not None
        pages = (
            render(own_metrics(self.tally, VITALS, None), TEXT),
            PublishedText(lambda: families(POLICY)).of(page_of(self.fleet)).raw,
            operations_text(self.exact.settled()),
            asyncio.run(_whole(self.tier)),
        )
        lines = [line for page in pages for line in page.decode().splitlines() if not line.startswith("#")]
        return [
            line.partition(",site=")[0] if "device_info" in line else line.rpartition(" ")[0]
            for line in lines
        ]


async def _whole(tier: DeviceTier) -> bytes:
    assert tier.prepared is not None
    return b"".join([block async for block in plain(tier.prepared, Shard(), TEXT)])
