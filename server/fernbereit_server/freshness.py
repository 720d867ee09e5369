"""How long ago did a device last report, in words?"""

from datetime import datetime
from typing import Literal

Freshness = Literal["fresh", "late", "stale", "silent", "never"]

DAY_S = 86_400.0
STALE_S = 14 * DAY_S


def freshness(last_report_at: float | None, now: datetime, interval_s: float) -> Freshness:
    """Say how long ago a device last reported (Unix seconds), against its interval.

    `fresh` < 2 intervals, `late` < 24 h, `stale` < 14 d, `silent` beyond, `never` for None.
    """
    if last_report_at is None:
        return "never"
    age = now.timestamp() - last_report_at
    if age < 2 * interval_s:
        return "fresh"
    if age < DAY_S:
        return "late"
    return "stale" if age < STALE_S else "silent"
