"""What may only root know on a Mac? When it last spoke with Jamf.

/var/log/jamf.log    "Sat Nov 21 07:15:02 mac jamf[812]: Checking for policies triggered by "recurring..."

The lines name no year; it is that of the file's last change, or the one before. Believed, seen on no Mac.
"""

import re
from datetime import UTC, date, datetime
from pathlib import Path

from fernbereit.facts.management import Management, ManagementClient, Provider
from fernbereit.tolerance import OpenModel

LOG = Path("/var/log/jamf.log")
LAST_BYTES = 1 << 18
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CONTACT = re.compile(
    r"^\w{3} (\w{3}) {1,2}([0-9]{1,2}) [0-9:]{8} .{0,200}?jamf\[[0-9]+\]: Checking for policies ",
    re.MULTILINE,
)


def read() -> dict[str, OpenModel]:
    """Read the end of the log; without one nothing is known."""
    try:
        with LOG.open("rb") as file:
            changed = datetime.fromtimestamp(LOG.stat().st_mtime, tz=UTC).date()
            file.seek(max(0, file.seek(0, 2) - LAST_BYTES))
            text = file.read(LAST_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return {}
    day = last_contact(text, changed)
    client = ManagementClient(provider=Provider.JAMF, last_sync_on=day)
    return {"management": Management(clients=(client,))} if day else {}


def last_contact(log: str, changed: date) -> date | None:
    """Return the day of the last line that tells of a contact.

    >>> last_contact("Sat Nov 21 07:15:02 mac jamf[8]: Checking for policies triggered", date(2026, 11, 22))
    datetime.date(2026, 11, 21)
    """
    found = CONTACT.findall(log)
    if not found or found[-1][0] not in MONTHS:
        return None
    month, day = MONTHS.index(found[-1][0]) + 1, int(found[-1][1])
    for year in (changed.year, changed.year - 1):
        try:
            contact = date(year, month, day)
        except ValueError:
            continue
        if contact <= changed:
            return contact
    return None
