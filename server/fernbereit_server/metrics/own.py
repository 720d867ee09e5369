"""How is the collector itself? Its own counters; nothing here tells of one device.

The number of devices is left out on purpose: it would undo the rounding of what is published beside it. What
grows with every report moves in steps, since in a trial with a few laptops each single count says that one
of them is on. So does what one laptop can repeat with every report, such as a clock that is ahead or speaking
on while in quarantine: its first time is shown at once, the next ones in steps.
"""

import platform
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    SummaryMetricFamily,
)

from fernbereit import __version__
from fernbereit_server.ingest.handlers import Word
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.publication.cells import Page

STEP = 100
"""Counters of what laptops send move in steps of this many; faults of the collector are counted at once."""

_TRAFFIC = (
    ("records_applied", "Records taken in, in steps of 100."),
    ("records_duplicate", "Records that had been taken in before, in steps of 100."),
    ("acks_sent", "Answers sent to laptops, in steps of 100."),
    ("policies_sent", "Policies sent to laptops that do not hold the one in force, in steps of 100."),
)
_ORDINARY = (Word.APPLIED, Word.DUPLICATE, Word.GAP)
_REPEATED = (
    ("records_future_dated", "Records taken in although their laptop's clock was ahead: one, then in steps."),
    ("observations_inconsistent", "Observations that contradicted their outcome: one, then in steps."),
    ("unknown_values", "Values this version does not know, read as other: one, then in steps."),
    ("unknown_fields", "Fields this version does not know, left out: one, then in steps."),
)
"""What one laptop may do again with every report."""
_FAULTS = (
    ("records_merged", "Records laptops merged because their outbox was full."),
    ("records_dropped", "Records laptops dropped because their outbox was full."),
    (
        "records_missing",
        "Records laptops were told are safe and this store, restored from a backup, does not hold.",
    ),
    ("pauses", "Times reading from the broker was paused since too much waited for the store."),
    ("commits_failed", "Transactions that failed and were tried again or given up."),
    ("connections", "Connections made to the broker."),
    ("connections_lost", "Connections to the broker that were lost."),
    ("policies_failed", "Attempts to sign or send the policy in force that failed."),
    ("ticks_failed", "Regular tasks that failed, such as publishing."),
    ("sweeps", "Times everything whose retention is over was removed; at start, then daily."),
)
"""Attributes of `Tally` with their help, as in `_TRAFFIC`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What is true of the collector at this moment."""

    queue_depth: int
    paused: bool
    connected: bool
    generation: str
    verdicts_differing: int = 0
    """In tens, as `judging.own_verdict.differing` gives it."""


def stepped(count: int) -> int:
    """Return the last multiple of `STEP` a count has reached.

    >>> stepped(99), stepped(250)
    (0, 200)
    """
    return count - count % STEP


def first_then_stepped(count: int) -> int:
    """Return 1 for the first ones, then the last multiple of `STEP` a count has reached.

    >>> first_then_stepped(0), first_then_stepped(1), first_then_stepped(99), first_then_stepped(250)
    (0, 1, 1, 200)
    """
    return max(stepped(count), min(count, 1))


def own_metrics(tally: Tally, vitals: Vitals, page: Page | None) -> Iterator[Metric]:
    """Return what the collector says of itself at every scrape."""
    yield _info(
        "fernbereit_build",
        "Version of the collector.",
        {"version": __version__, "python": platform.python_version()},
    )
    yield _info(
        "fernbereit_store",
        "Life of the store; a new one begins when a backup is restored.",
        {"generation": vitals.generation},
    )
    words = {
        word.value: (stepped if word in _ORDINARY else first_then_stepped)(tally.messages[word])
        for word in Word
    }
    undecodable = {reason: first_then_stepped(count) for reason, count in tally.undecodable.items()}
    refused = {reason: first_then_stepped(count) for reason, count in tally.refused.items()}
    yield _counter(
        "messages",
        "Messages by what became of them, in steps of 100; the first fault at once.",
        "result",
        words,
    )
    yield _counter(
        "undecodable", "Messages that are no envelope, by reason: one, then in steps.", "reason", undecodable
    )
    yield _counter(
        "refused_records", "Records passed over, by reason: one, then in steps.", "reason", refused
    )
    yield _counter(
        "reflector_datagrams",
        "Datagrams by what the reflector made of them, in steps of 100.",
        "result",
        {result: stepped(count) for result, count in tally.datagrams.items()},
    )
    swept = {kind: first_then_stepped(count) for kind, count in tally.swept.items()}
    yield _counter("swept", "Removed at the end of its time, by kind: one, then in steps.", "kind", swept)
    for name, text in _TRAFFIC:
        yield CounterMetricFamily(f"fernbereit_collector_{name}", text, value=stepped(getattr(tally, name)))
    for name, text in _REPEATED:
        count = first_then_stepped(getattr(tally, name))
        yield CounterMetricFamily(f"fernbereit_collector_{name}", text, value=count)
    for name, text in _FAULTS:
        yield CounterMetricFamily(f"fernbereit_collector_{name}", text, value=getattr(tally, name))
    commits = stepped(tally.commits)
    yield SummaryMetricFamily(
        "fernbereit_collector_commit_seconds",
        "Time spent in transactions, in steps of 100 transactions of average length.",
        count_value=commits,
        sum_value=tally.commit_seconds * commits / tally.commits if commits else 0.0,
    )
    yield from _gauges(vitals, page)


def _gauges(vitals: Vitals, page: Page | None) -> Iterator[Metric]:
    yield _gauge("collector_queue_messages", "Messages waiting for a transaction.", vitals.queue_depth)
    yield _gauge(
        "collector_paused", "Whether reading is paused because nothing can be stored.", vitals.paused
    )
    yield _gauge("collector_connected", "Whether the broker is connected.", vitals.connected)
    yield _gauge(
        "collector_verdicts_differing",
        "Laptops whose own verdict by the policy in force is not ours, in tens, counted at each tick.",
        vitals.verdicts_differing,
    )
    if page is not None:
        yield _gauge(
            "publication_tick_timestamp_seconds",
            "When what is published was counted.",
            page.tick_at.timestamp(),
        )
        yield _gauge(
            "publication_freshness_tick_timestamp_seconds",
            "When freshness was counted.",
            page.freshness_at.timestamp(),
        )
        yield _gauge("publication_smallest_group_devices", "Fewer devices are never counted alone.", page.k)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"fernbereit_{name}", text, value=value)


def _counter(name: str, text: str, label: str, counts: Counter[str] | dict[str, int]) -> Metric:
    family = CounterMetricFamily(f"fernbereit_collector_{name}", text, labels=[label])
    for word, count in sorted(counts.items()):
        family.add_metric([word], count)
    return family


def _info(name: str, text: str, values: dict[str, str]) -> Metric:
    return InfoMetricFamily(name, text, value=values)
