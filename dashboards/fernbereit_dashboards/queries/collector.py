"""Is the collector itself well?"""

from typing import Final

from fernbereit_dashboards.selectors import COLLECTOR

PROMETHEUS_OWN: Final = ("up", "scrape_duration_seconds", "scrape_samples_post_metric_relabeling")
"""Series that Prometheus writes about each scrape; all others come from the catalogue or `metrics/own.py`."""


def up() -> str:
    """Return 1 if every collector chosen answered the latest scrape, else 0."""
    return f"min(up{COLLECTOR})"


def scrape_seconds() -> str:
    """Return how long the slowest scrape took, in seconds."""
    return f"max(scrape_duration_seconds{COLLECTOR})"
