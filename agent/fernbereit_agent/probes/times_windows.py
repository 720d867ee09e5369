"""Which day do the times of Windows name?"""

import math
import struct
from datetime import UTC, date, datetime, timedelta

_FIRST_FILETIME = datetime(1601, 1, 1, tzinfo=UTC)
_FIRST_OLE_DAY = date(1899, 12, 30)
FIRST_PLAUSIBLE_DAY = date(2010, 1, 1)
"""Older than any Windows this agent runs on: what lies before it was never set."""


def day_of_filetime(block: bytes) -> date | None:
    """Return the day of a FILETIME, 100 ns since 1601 in eight bytes; None for any other content.

    >>> day_of_filetime(bytes.fromhex("009b558c8961d201"))
    datetime.date(2016, 12, 29)
    """
    if len(block) != 8:
        return None
    (ticks,) = struct.unpack("<Q", block)
    try:
        return _plausible((_FIRST_FILETIME + timedelta(microseconds=ticks // 10)).date())
    except OverflowError:
        return None


def day_of_omadm(text: str) -> date | None:
    """Return the day of a time of the device management client, UTC.

    >>> day_of_omadm("20261120T071502Z")
    datetime.date(2026, 11, 20)
    """
    if not (len(text) == 16 and text.isascii()):
        return None
    try:
        return _plausible(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).date())
    except ValueError:
        return None


def day_of_ole(days: float) -> date | None:
    """Return the day of an OLE date, days since 1899-12-30.

    >>> day_of_ole(46345.5)
    datetime.date(2026, 11, 19)
    """
    try:
        return _plausible(_FIRST_OLE_DAY + timedelta(days=math.floor(days)))
    except (OverflowError, ValueError):
        return None


def _plausible(day: date) -> date | None:
    return day if day >= FIRST_PLAUSIBLE_DAY else None
