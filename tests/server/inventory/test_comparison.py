"""Does an import change what the list says, and nothing else?"""

from dataclasses import replace

import pytest

from fernbereit_server.inventory.comparison import compare
from fernbereit_server.store.changes import InventoryRow

KNOWN = (
    InventoryRow(id=4, serial_hash="a", host_name_hash="h", label="A", unit="U"),
    InventoryRow(id=7, serial_hash="b", label="B"),
)


def wanted(row: InventoryRow, **more: str | None) -> InventoryRow:
    return replace(row, id=0, **more)  # type: ignore[arg-type]


def test_the_same_list_again_changes_nothing() -> None:
    """Importing is safe to repeat."""
    comparison = compare(KNOWN, [wanted(row) for row in KNOWN])

    assert comparison.unchanged == KNOWN
    assert (comparison.added, comparison.changed, comparison.missing) == ((), (), ())


def test_a_changed_field_is_told_with_its_old_value() -> None:
    """The row keeps its id, so that devices keep their match."""
    (change,) = compare(KNOWN, [wanted(KNOWN[0], unit="V")]).changed

    assert change.fields == {"unit": ("U", "V")}
    assert change.after == replace(KNOWN[0], unit="V")


def test_what_the_list_does_not_name_is_missing() -> None:
    """Whether it is removed is somebody else's decision."""
    assert compare(KNOWN, [wanted(KNOWN[0])]).missing == (KNOWN[1],)


def test_a_new_device_gets_the_next_number() -> None:
    """Numbers of removed rows are not used again."""
    assert [row.id for row in compare(KNOWN, [InventoryRow(id=0, serial_hash="c", label="C")]).added] == [8]


@pytest.mark.parametrize(
    ("row", "same"),
    [
        (InventoryRow(id=0, serial_hash="a", host_name_hash="new", label="A"), True),
        (InventoryRow(id=0, host_name_hash="h", label="A"), True),
        (InventoryRow(id=0, serial_hash="other", host_name_hash="h", label="A"), False),
    ],
    ids=["another host name", "the host name alone", "the host name on another machine"],
)
def test_a_device_is_recognised_by_serial_number_else_by_host_name(row: InventoryRow, *, same: bool) -> None:
    """A host name moves to the next machine, a serial number does not."""
    comparison = compare(KNOWN, [row])

    assert bool(comparison.changed) is same
    if same:
        assert comparison.changed[0].after.serial_hash == "a"
