"""Which day is it at the authority?"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from fernbereit_server.ingest.days import Days

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "age_s", "day"),
    [
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), 0, date(2026, 7, 1)),
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), 1801, date(2026, 6, 30)),
        (datetime(2026, 3, 29, 10, 0, tzinfo=UTC), 11 * 3600 - 1, date(2026, 3, 29)),
        (datetime(2026, 3, 29, 10, 0, tzinfo=UTC), 11 * 3600 + 1, date(2026, 3, 28)),
        (datetime(2026, 3, 29, 10, 0, tzinfo=UTC), -5, date(2026, 3, 29)),
    ],
    ids=[
        "after midnight in Berlin, before it in Greenwich",
        "just before that midnight",
        "a day of 23 hours, after its midnight",
        "a day of 23 hours, before its midnight",
        "in the future",
    ],
)
def test_a_day_begins_at_local_midnight(now: datetime, age_s: float, day: date) -> None:
    """Also on days that are an hour short."""
    assert Days(now, BERLIN).ago(age_s) == day
