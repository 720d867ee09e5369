"""When do metrics of single devices change, and is what is handed out whole?"""

import asyncio
import gzip
import uuid
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from fernbereit.code import device_code
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.metrics import device_tier
from fernbereit_server.metrics.device_tier import DeviceTier, Shard, bucket_of, packed, plain
from fernbereit_server.metrics.exposition import TEXT
from small_fleet import NOW, TODAY, device_id, put, two_units

WHOLE = Shard()


class Morning:
    """A tier over a small fleet, with a clock and a judge of its own."""

    def __init__(self, fleet: Fleet, *, agreed_on: date | None = TODAY) -> None:
        self.fleet, self.now, self.to_judge = fleet, NOW, 0
        self.tier = DeviceTier(
            agreed_on=agreed_on,
            devices=lambda: list(fleet.devices.values()),
            policy=lambda: NOTHING_DECIDED.policy,
            still_to_judge=lambda: self.to_judge,
            clock=self.clock,
            zone=ZoneInfo("Europe/Berlin"),
        )

    def clock(self) -> datetime:
        return self.now

    def text(self, shard: Shard = WHOLE, kind: str = TEXT) -> str:
        """Let it look at the clock and return what it hands out."""
        asyncio.run(self.tier.tick())
        assert self.tier.prepared is not None
        return joined(plain(self.tier.prepared, shard, kind)).decode()


def joined(blocks: AsyncIterator[bytes]) -> bytes:
    async def everything() -> bytes:
        return b"".join([block async for block in blocks])

    return asyncio.run(everything())


def codes(text: str) -> set[str]:
    return {sample.labels["device"] for family in parse_text(text) for sample in family.samples}


@pytest.mark.parametrize("agreed_on", [None, TODAY + timedelta(days=1)], ids=["no agreement", "not yet"])
def test_without_an_agreement_nothing_is_even_written(agreed_on: date | None) -> None:
    """Off is off: not only unserved."""
    morning = Morning(two_units(), agreed_on=agreed_on)

    asyncio.run(morning.tier.tick())

    assert (morning.tier.agreed_on, morning.tier.prepared) == (None, None)


def test_it_begins_on_the_day_of_the_agreement() -> None:
    """At midnight of the authority's zone."""
    morning = Morning(two_units(), agreed_on=TODAY + timedelta(days=1))

    morning.now = NOW + timedelta(days=1)

    assert len(codes(morning.text())) == 21


def test_nothing_changes_before_the_next_day() -> None:
    """Whoever asks every minute sees no laptop being switched on; the next morning tells what is new."""
    fleet = two_units()
    morning = Morning(fleet)
    before = morning.text()

    put(fleet, 0, {"disk_encryption": DiskEncryption(state=EncryptionState.ENCRYPTED)})
    put(fleet, 99, {"disk_encryption": DiskEncryption(state=EncryptionState.ENCRYPTED)})
    morning.now = NOW.replace(hour=22, minute=59)  # 23:59 in Berlin
    in_the_evening = morning.text()
    morning.now = NOW.replace(hour=23, minute=1)

    assert in_the_evening == before
    assert f'fernbereit_device_encryption{{device="{device_code(device_id(0))}"}} 1\n' in morning.text()
    assert device_code(device_id(99)) in codes(morning.text())


def test_a_series_ends_with_retirement_alone() -> None:
    """Not with silence, and not with quarantine."""
    fleet = two_units()
    morning = Morning(fleet)
    statuses = {device_id(0): "retired", device_id(1): "revoked", device_id(2): "quarantined"}
    put(fleet, 3, {}, silent_for=timedelta(days=300))

    fleet.set_statuses(statuses, before=frozenset())
    shown = codes(morning.text())

    assert [device_code(device_id(number)) in shown for number in range(4)] == [False, False, True, True]


def test_nothing_but_its_code_names_a_device() -> None:
    """No serial number, no label, no identifier."""
    fleet = two_units()
    text = Morning(fleet).text()

    for device in fleet.devices.values():
        assert device.device_id not in text
        assert device.label is not None
        assert device.label not in text


def test_two_devices_with_one_code_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prometheus would refuse the second line; the one that came first keeps the code."""
    monkeypatch.setattr(device_tier, "device_code", lambda _: "SX64EC")

    shown = codes(Morning(two_units()).text())

    assert shown == {"SX64EC", *(f"SX64EC-{number}" for number in range(2, 22))}


@pytest.mark.parametrize("shards", [1, 2, 3, 64])
def test_shards_are_the_whole_and_share_nothing(shards: int) -> None:
    """Whatever their number is."""
    morning = Morning(two_units())

    parts = [codes(morning.text(Shard(shard=shard, shards=shards))) for shard in range(shards)]

    assert sum(map(len, parts)) == 21
    assert set().union(*parts) == codes(morning.text())


def test_a_device_keeps_its_bucket_for_ever() -> None:
    """Else its series would move when a version changes; the numbers are those of SHA-256."""
    assert [bucket_of(str(uuid.UUID(int=number))) for number in range(4)] == [62, 1, 41, 17]


@pytest.mark.parametrize("kind", [TEXT, OPENMETRICS], ids=["text", "OpenMetrics"])
def test_each_gauge_stands_in_one_place_and_reads_back(kind: str) -> None:
    """Both formats demand it; each line once, no line with a timestamp."""
    text = Morning(two_units()).text(kind=kind)
    parse = parse_text if kind == TEXT else parse_openmetrics

    names = [family.name for family in parse(text)]
    samples = [sample for family in parse(text) for sample in family.samples]

    assert len(names) == len(set(names)) == text.count("# TYPE")
    assert len({(one.name, *one.labels.items()) for one in samples}) == len(samples)
    assert all(sample.timestamp is None for sample in samples)
    assert text.endswith("# EOF\n") is (kind == OPENMETRICS)


@pytest.mark.parametrize("block", [1, 2_000, 1 << 18], ids=["piece by piece", "some pieces", "at once"])
def test_both_ways_out_say_the_same(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed or not, however much goes out at once."""
    monkeypatch.setattr(device_tier, "_BLOCK", block)
    morning = Morning(two_units())
    text = morning.text(kind=OPENMETRICS)
    assert morning.tier.prepared is not None

    with_gzip = joined(packed(morning.tier.prepared, WHOLE, OPENMETRICS))

    assert gzip.decompress(with_gzip).decode() == text


def test_the_day_waits_for_the_judge_but_not_for_ever() -> None:
    """A verdict of yesterday would stand until tomorrow; a judge that never ends must not stop everything."""
    morning = Morning(two_units())
    morning.to_judge = 5

    asyncio.run(morning.tier.tick())
    early = morning.tier.prepared
    morning.now = NOW + timedelta(hours=2)
    asyncio.run(morning.tier.tick())

    assert early is None
    assert morning.tier.prepared is not None


@pytest.mark.parametrize(
    ("devices", "shards"), [(0, 1), (2_500, 1), (2_501, 2), (10_000, 4), (100_000, 64), (10**6, 64)]
)
def test_a_fleet_is_divided_into_shards_of_some_megabytes(devices: int, shards: int) -> None:
    """Prometheus and VictoriaMetrics refuse pages that are too large."""
    morning = Morning(two_units())
    morning.tier._devices = lambda: [None] * devices  # type: ignore[list-item]

    assert morning.tier.shards == shards
