"""Which day is it at the authority?"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    age_s=st.floats(0, 4 * 86_400),
)
def test_the_short_way_to_yesterday_is_no_other_day(now: datetime, age_s: float) -> None:
    """The calendar says the same, whatever the clocks did in between."""
    moment = datetime.fromtimestamp(now.timestamp() - age_s, BERLIN)
    assert Days(now, BERLIN).ago(age_s) == moment.date()
