"""Which day was it at the authority, so many seconds ago?"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

OLDEST_S = 10 * 366 * 86_400.0
"""Nobody reports what is older; beyond it the age is a broken clock's and this age is taken."""


class Days:
    """Local days seen from one moment `now` (aware)."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._now = now.astimezone(zone)
        self.today: date = self._now.date()
        midnight = datetime.combine(self.today, datetime.min.time(), zone)
        self._since_midnight_s = now.timestamp() - midnight.timestamp()
        self._yesterday = self.today - timedelta(days=1)
        before = datetime.combine(self._yesterday, datetime.min.time(), zone)
        self._since_yesterday_s = now.timestamp() - before.timestamp()

    def ago(self, age_s: float) -> date:
        """Return the local day `age_s` seconds ago; for a negative age it is today."""
        if age_s <= self._since_midnight_s:
            return self.today
        if age_s <= self._since_yesterday_s:  # what is looked at once a day: no arithmetic with time zones
            return self._yesterday
        moment = self._now.timestamp() - min(age_s, OLDEST_S)
        return datetime.fromtimestamp(moment, self._now.tzinfo).date()
