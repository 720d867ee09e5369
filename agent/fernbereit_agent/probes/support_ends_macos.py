"""Until which day does a macOS get security updates, by its build?

Apple announces no ends. Each major version since 10.13 got security updates until the third one after it came
out, in the middle of September at the earliest. Sources, read on 2026-11-22:

10.15 to 13    endoflife.date, the page on macOS: the days that have come true
14             Apple's product page of macOS 27, which came out on 2026-09-14
15, 26, 27     that rule: the first of September of the year in which the third version after it is due, so
           that nothing is called supported longer than Apple has always done. To be read again each autumn.
"""

import re
from datetime import date

SUPPORT_ENDS: dict[int, tuple[str, date]] = {
    19: ("10.15", date(2022, 9, 12)),
    20: ("11", date(2023, 9, 26)),
    21: ("12", date(2024, 9, 16)),
    22: ("13", date(2025, 9, 15)),
    23: ("14", date(2026, 9, 14)),
    24: ("15", date(2027, 9, 1)),
    25: ("26", date(2028, 9, 1)),
    26: ("27", date(2029, 9, 1)),
}
"""By the number a build begins with, 24 in "24G325": version, and last day with security updates."""


def release_number(build: str) -> int | None:
    """Return the number a build begins with.

    >>> release_number("25B78"), release_number("macOS")
    (25, None)
    """
    found = re.match(r"(\d{2})[A-Z]\d", build, re.ASCII)
    return int(found.group(1)) if found else None


def release_of(build: str) -> tuple[str, date] | tuple[None, None]:
    """Return major version and last day with security updates of a build, nothing for an unknown one.

    >>> release_of("22H730")
    ('13', datetime.date(2025, 9, 15))
    """
    return SUPPORT_ENDS.get(release_number(build) or 0, (None, None))
