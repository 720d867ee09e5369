"""Is the collector itself well? Its own metrics are those of `fernbereit_server/metrics/own.py`."""

from typing import Final

from fernbereit_dashboards.selectors import COLLECTOR, narrowed

PROMETHEUS_OWN: Final = ("up", "scrape_duration_seconds")
"""Series that Prometheus writes about each scrape."""
_MESSAGES: Final = "fernbereit_collector_messages_total"
_TAKEN: Final = ("applied",)
_KNOWN: Final = ("duplicate", "gap", "other_life", "retained")
MESSAGE_GROUPS: Final = ("taken", "known", "not_taken")
"""Taken in; nothing new in it; not taken in, whatever the reason."""


def up() -> str:
    """Return 1 if every collector chosen answered the latest scrape, else 0."""
    return f"min(up{COLLECTOR})"


def connected() -> str:
    """Return 1 if every collector chosen is connected to its broker, else 0."""
    return f"min(fernbereit_collector_connected{COLLECTOR})"


def paused() -> str:
    """Return 1 if a collector pauses reading because it cannot store anything, else 0."""
    return f"max(fernbereit_collector_paused{COLLECTOR})"


def age_seconds() -> str:
    """Return how old the published counts are."""
    return f"time() - min(fernbereit_publication_tick_timestamp_seconds{COLLECTOR})"


def scrape_seconds() -> str:
    """Return how long the slowest scrape took."""
    return f"max(scrape_duration_seconds{COLLECTOR})"


def queue() -> str:
    """Return how many messages wait for a transaction."""
    return f"sum(fernbereit_collector_queue_messages{COLLECTOR})"


def dropped() -> str:
    """Return how many records laptops dropped in the time range because their outbox was full."""
    return f"sum(increase(fernbereit_collector_records_dropped_total{COLLECTOR}[$__range]))"


def messages() -> str:
    """Return messages a second by what became of them, under the label `group`."""
    taken = narrowed(COLLECTOR, "result", *_TAKEN)
    known = narrowed(COLLECTOR, "result", *_KNOWN)
    others = narrowed(COLLECTOR, "result", *_TAKEN, *_KNOWN).replace("result=~", "result!~")
    return " or ".join(
        f'label_replace(sum(rate({_MESSAGES}{selector}[$__rate_interval])), "group", "{group}", "", "")'
        for group, selector in zip(MESSAGE_GROUPS, (taken, known, others), strict=True)
    )
