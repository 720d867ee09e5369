"""When do metrics of single devices change, and how are they handed out? Once a day, and as they are kept.

After midnight, once the day's judging is done, every device in the store that nobody retired or revoked is
written anew, one `BUCKETS`-th of the fleet after the other, in a thread that rests as long as it works. A
bucket of one gauge is kept as a compressed piece and nothing else is kept: 10,000 devices are about a
megabyte. A scrape joins the pieces of its buckets gauge by gauge, since each gauge has to stand in one place.
Between two days nothing changes, so how often Prometheus asks tells nobody anything. A device is named by its
code, which the desk asks for; the second of two with the same code gets `-2`.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from fernbereit.code import device_code
from fernbereit.readiness import CompiledPolicy
from fernbereit_server.device import Device
from fernbereit_server.metrics.device_gauges import DeviceGauge, device_gauges
from fernbereit_server.metrics.exposition import END
from fernbereit_server.metrics.handed import Member, Piece, squeeze, unsqueeze
from fernbereit_server.metrics.lines import head
from fernbereit_server.stalls import let_go, none_looked_for

BUCKETS = 64
"""Of a fixed number, so that a device keeps its bucket whatever number of shards is asked for."""
SHARD_DEVICES = 2_500
"""As many shards are named that each holds about this many: some megabytes before compression."""
LOOK_S = 10.0
PATIENCE_S = 3600.0
"""A day begins without those who are still to be judged after this long."""
FEW_OF = 50
"""One device in so many may be still to be judged."""
_BLOCK = 1 << 18
"""Bytes handed out at once."""
_GONE = frozenset({"retired", "revoked"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """One day's metrics: of each gauge its head and a piece for each bucket."""

    day: date
    gauges: tuple[tuple[Piece, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Which buckets are asked for: every `shards`-th, from `shard` on."""

    shard: int = 0
    shards: int = 1

    @property
    def buckets(self) -> range:
        """Return the numbers of its buckets."""
        return range(self.shard, BUCKETS, self.shards)


class DeviceTier:
    """Holds the day's metrics of single devices, if a works agreement allows for any."""

    def __init__(
        self,
        *,
        agreed_on: date | None,
        devices: Callable[[], list[Device]],
        policy: Callable[[], CompiledPolicy],
        still_to_judge: Callable[[], int],
        clock: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._agreed_on = agreed_on
        self._devices, self._policy, self._still_to_judge = devices, policy, still_to_judge
        self._clock, self._zone = clock, zone
        self._waiting_since: datetime | None = None
        self.prepared: Prepared | None = None

    @property
    def agreed_on(self) -> date | None:
        """Return the day of the works agreement, or None while there is none or it lies ahead."""
        agreed = self._agreed_on
        return agreed if agreed is not None and agreed <= self._today() else None

    @property
    def shards(self) -> int:
        """Return into how many shards the fleet is best divided."""
        shards, devices = 1, len(self._devices())
        while shards < BUCKETS and shards * SHARD_DEVICES < devices:
            shards *= 2
        return shards

    async def tick(self) -> None:
        """Write a new day's metrics if there is one; to be called every `LOOK_S` seconds or oftener."""
        if self.agreed_on is None:
            return
        if (self.prepared is None or self.prepared.day != self._today()) and not self._waits():
            await self.prepare()

    async def prepare(self) -> None:
        """Write every device now."""
        day, gauges = self._today(), device_gauges(self._policy())
        heads = [squeeze(head(gauge.name, gauge.help).encode()) for gauge in gauges]
        written = []
        with none_looked_for():
            buckets, named = await asyncio.to_thread(_buckets, self._devices())
            while buckets:
                began = time.monotonic()
                written.append(await asyncio.to_thread(_written, gauges, buckets.pop(0), named))
                await asyncio.sleep(time.monotonic() - began)
            self.prepared = Prepared(day, tuple(zip(heads, zip(*written, strict=True), strict=True)))

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _waits(self) -> bool:
        """Tell whether to wait for the judge: a verdict of yesterday would stand for a whole day."""
        now = self._clock()
        if self._still_to_judge() * FEW_OF <= len(self._devices()):
            self._waiting_since = None
            return False
        self._waiting_since = self._waiting_since or now
        return 0 <= (now - self._waiting_since).total_seconds() < PATIENCE_S


async def packed(prepared: Prepared, shard: Shard, kind: str) -> AsyncIterator[bytes]:
    """Hand out a shard as one gzip member."""
    member = Member()
    block = [member.begin()]
    size = 0
    for piece in _pieces(prepared, shard, kind):
        block.append(member.piece(piece))
        size += len(piece.deflated)
        if size >= _BLOCK:
            yield b"".join(block)
            block, size = [], 0
            await asyncio.sleep(0)
    yield b"".join((*block, member.end()))


async def plain(prepared: Prepared, shard: Shard, kind: str) -> AsyncIterator[bytes]:
    """Hand out a shard for whoever takes no gzip."""
    block: list[Piece] = []
    for piece in _pieces(prepared, shard, kind):
        block.append(piece)
        if sum(one.size for one in block) >= _BLOCK:
            yield await asyncio.to_thread(_read, block)
            block = []
    yield await asyncio.to_thread(_read, block)


def _pieces(prepared: Prepared, shard: Shard, kind: str) -> Iterator[Piece]:
    for first, pieces in prepared.gauges:
        yield first
        for bucket in shard.buckets:
            yield pieces[bucket]
    yield END[kind].piece


def _read(block: Sequence[Piece]) -> bytes:
    return b"".join(map(unsqueeze, block))


def _buckets(devices: Sequence[Device]) -> tuple[list[list[Device]], dict[str, str]]:
    """Divide a fleet by a hash that stays; return also the names of devices whose code another one has."""
    told = [device for device in devices if device.status not in _GONE]
    buckets: list[list[Device]] = [[] for _ in range(BUCKETS)]
    for device in told:
        buckets[bucket_of(device.device_id)].append(device)
    codes = Counter(device_code(device.device_id) for device in told)
    some = {code for code, number in codes.items() if number > 1}
    let_go(codes)
    alike: dict[str, list[Device]] = defaultdict(list)
    if some:
        for device in told:
            if (code := device_code(device.device_id)) in some:
                alike[code].append(device)
    named = {
        device.device_id: f"{code}-{number}"
        for code, shared in alike.items()
        for number, device in enumerate(sorted(shared, key=_first_seen), 1)
        if number > 1
    }
    return buckets, named


def _first_seen(device: Device) -> tuple[date, str]:
    return device.first_seen_on, device.device_id


def bucket_of(device_id: str) -> int:
    """Return the bucket of a device, from bits of SHA-256(device_id) that its code does not use."""
    return sha256(device_id.encode()).digest()[4] % BUCKETS


def _written(
    gauges: Sequence[DeviceGauge], bucket: Sequence[Device], named: Mapping[str, str]
) -> list[Piece]:
    codes = [named.get(device.device_id) or device_code(device.device_id) for device in bucket]
    return [squeeze("".join(_lines(gauge, codes, bucket)).encode()) for gauge in gauges]


def _lines(gauge: DeviceGauge, codes: Sequence[str], bucket: Sequence[Device]) -> Iterator[str]:
    begin = f'{gauge.name}{{device="'
    for code, device in zip(codes, bucket, strict=True):
        for tail, number in gauge.of(device):
            yield f'{begin}{code}"{tail}}} {number}\n'
