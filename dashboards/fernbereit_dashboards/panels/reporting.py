"""How many devices report, and what share of them did so lately?"""

from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.queries import fleet
from fernbereit_dashboards.subjects import FRESHNESS
from fernbereit_dashboards.words import Words


def devices(words: Words) -> sdk.stat.Panel:
    """Return the number of devices in use."""
    return house.stat(words, "reporting.devices", fleet.devices())


def recent(words: Words) -> sdk.stat.Panel:
    """Return the share of devices whose latest report is less than a day old."""
    return house.stat(words, "reporting.recent", fleet.share(FRESHNESS, "good"), house.SHARE).decimals(0)
