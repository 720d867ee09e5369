"""What would an import change in what is known?

A device is recognised by its serial number, else by its host name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fernbereit_server.store.changes import InventoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One device whose row changes: which fields, from what to what."""

    before: InventoryRow
    after: InventoryRow

    @property
    def fields(self) -> dict[str, tuple[str | None, str | None]]:
        """Return old and new value of each changed field that people may read."""
        names = ("label", "unit", "site", "kind", "chassis")
        both = {name: (getattr(self.before, name), getattr(self.after, name)) for name in names}
        return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What an import would change; `missing` are known devices that the file does not name."""

    added: tuple[InventoryRow, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[InventoryRow, ...]
    missing: tuple[InventoryRow, ...]


def compare(known: Iterable[InventoryRow], wanted: Iterable[InventoryRow]) -> Comparison:
    """Match the rows of a file with those known; matched rows keep their id, new ones get the next."""
    known = tuple(known)
    by_serial = {row.serial_hash: row for row in known if row.serial_hash}
    by_host_name = {row.host_name_hash: row for row in known if row.host_name_hash}
    number = max((row.id for row in known), default=0)
    added: list[InventoryRow] = []
    changed: list[Changed] = []
    unchanged: list[InventoryRow] = []
    taken: set[int] = set()
    for row in wanted:
        before = by_serial.get(row.serial_hash) if row.serial_hash else None
        if before is None and row.host_name_hash:
            before = by_host_name.get(row.host_name_hash)
            if before is not None and before.serial_hash and row.serial_hash:
                before = None  # another machine got the name
        if before is None or before.id in taken:
            number += 1
            added.append(replace(row, id=number))
            continue
        taken.add(before.id)
        after = replace(
            row,
            id=before.id,
            serial_hash=row.serial_hash or before.serial_hash,
            host_name_hash=row.host_name_hash or before.host_name_hash,
        )
        if after == before:
            unchanged.append(before)
        else:
            changed.append(Changed(before=before, after=after))
    return Comparison(
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        missing=tuple(row for row in known if row.id not in taken),
    )
