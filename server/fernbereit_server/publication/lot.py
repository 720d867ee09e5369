"""Which device of each published group speaks for another one? Drawn by a secret lot that nobody can redo.

Drawn anew every Monday, when published numbers begin anew: that they move then may always be the lot's doing.
`cells` says what it is good for, docs/decisions/010 why. The key never leaves the data folder; whoever has
it and the inventory could tell which devices were drawn.
"""

from datetime import date, timedelta
from hashlib import blake2b

from fernbereit_server.secret_file import secret
from fernbereit_server.settings import Settings


def lot_key(settings: Settings, today: date) -> bytes:
    """Return the key of this week's lot; its secret is made in the data folder once. Raises `StoreError`."""
    key = secret(settings.data / "publication.key", what="the key of the publication")
    return blake2b(week_of(today).isoformat().encode(), key=key, digest_size=32).digest()


def week_of(day: date) -> date:
    """Return the Monday of the week of a day.

    >>> week_of(date(2026, 3, 8)), week_of(date(2026, 3, 9))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 9))
    """
    return day - timedelta(days=day.weekday())


def lot_name(device_id: str, inventory_id: int | None) -> str:
    """Return the name a device is drawn by wherever it is counted: its row of the inventory, if any."""
    return device_id if inventory_id is None else f"row {inventory_id}"


def drawn(key: bytes, name: str) -> bytes:
    """Return both lots of a device, sixteen bytes each: the lowest of the first is drawn in each group.

    The lowest of the second among the others speaks for it.
    """
    return blake2b(name.encode(), key=key, digest_size=32).digest()
