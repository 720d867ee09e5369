"""Is every usual list of devices understood, and every fault of it told with its line?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_server.inventory.file import FaultyFileError, parse
from fernbereit_server.store.changes import InventoryRow

KEY = b"k" * 32

OWN = "serial,host_name,label,unit,site,kind,chassis\nPF-1,NB-1,Laptop 1,B\u00fcrgeramt,Rathaus,pool,laptop\n"
OWN_ROW = InventoryRow(
    id=0,
    serial_hash=serial_hash("PF-1", KEY),
    host_name_hash=host_name_hash("NB-1", KEY),
    label="Laptop 1",
    unit="B\u00fcrgeramt",
    site="Rathaus",
    kind="pool",
    chassis="laptop",
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (OWN, "utf-8"),
        (OWN, "utf-8-sig"),
        (OWN, "cp1252"),
        (OWN.replace(",", ";"), "cp1252"),
        ("sep=;\n" + OWN.replace(",", ";"), "utf-8"),
        (OWN.replace(",", "\t"), "utf-16"),
        (OWN.replace("\n", "\r\n"), "utf-8"),
        (OWN.replace("\n", "\n\n,,,,,,\n"), "utf-8"),
        (
            OWN.upper().replace(
                "PF-1,NB-1,LAPTOP 1,BÜRGERAMT,RATHAUS", "PF-1,NB-1,Laptop 1,Bürgeramt,Rathaus"
            ),
            "utf-8",
        ),
        (OWN.replace("Laptop 1", '"Laptop 1"'), "utf-8"),
    ],
    ids=[
        "UTF-8",
        "UTF-8 with byte order mark",
        "Windows-1252",
        "semicolons",
        "a hint for Excel",
        "Unicode text of Excel",
        "Windows line ends",
        "empty lines",
        "capitals",
        "quotes",
    ],
)
def test_a_list_is_read_however_it_was_saved(text: str, encoding: str) -> None:
    """Programs and countries differ in how they write CSV."""
    assert parse(text.encode(encoding), KEY) == [OWN_ROW]


@pytest.mark.parametrize(
    ("text", "label", "unit", "site", "chassis"),
    [
        (
            "Device name,Serial number,Category,Ownership\nNB-1,PF-1,Amt A,Personal\n",
            "NB-1",
            "Amt A",
            None,
            None,
        ),
        ("hostId;description;inventoryNumber\nnb-1.amt.example;x;I-7\n", "I-7", None, None, None),
        (
            (
                '"Name";"Seriennummer";"Standort";"Gruppe";"Typ";"Inventarnummer"\n'
                '"NB-1";"PF-1";"Rathaus";"Amt A";"Notebook";"I-7"\n'
            ),
            "I-7",
            "Amt A",
            "Rathaus",
            "laptop",
        ),
        ("Name,Serial number,Location,Type\nNB-1,PF-1,Rathaus,Blade\n", "NB-1", None, "Rathaus", "other"),
    ],
    ids=["Intune", "opsi", "GLPI in German", "GLPI in English, without inventory numbers"],
)
def test_an_export_is_read_as_it_is(
    text: str, label: str, unit: str | None, site: str | None, chassis: str | None
) -> None:
    """Nobody renames columns first."""
    (row,) = parse(text.encode(), KEY)

    assert (row.label, row.unit, row.site, row.chassis) == (label, unit, site, chassis)
    assert row.kind == "personal"
    assert row.host_name_hash == host_name_hash("NB-1", KEY)


@pytest.mark.parametrize(
    ("word", "kind"), [("", "personal"), ("Lager", "stock"), ("LOAN", "loan"), ("Leihgerät", "loan")]
)
def test_kinds_may_be_german(word: str, kind: str) -> None:
    """As the list was kept."""
    assert parse(f"serial,label,kind\nPF-1,L,{word}\n".encode(), KEY)[0].kind == kind


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "no_key")]),
        ("label,unit\nx,y\n", [(1, "no_key")]),
        ("serial,label\n", [(1, "empty")]),
        ("serial,seriennummer,servicetag\n1,2,3\n", []),
        ("seriennummer,servicetag,label\nPF-1,PF-2,x\n", [(1, "column_twice")]),
        ("serial,label\nPF-1,a\nPF-2,b,c\n", [(3, "cells")]),
        ("serial,label\nPF-1,a\npf-1 ,b\n", [(3, "serial_twice")]),
        ("host_name,label\nNB-1,a\nnb-1.amt.example,b\n", [(3, "host_name_twice")]),
        ("serial,label\nDefault string,a\n", [(2, "no_device")]),
        ("serial,label\nPF-1,\n", [(2, "no_label")]),
        (f'serial,label\nPF-1,"{"x" * 140_000}\n', [(2, "no_csv")]),
        (f"serial,label\nPF-1,{'x' * 129}\n", [(2, "too_long")]),
        ("serial,label,unit\nPF-1,a\x1b[31m,b\x00\n", [(2, "control"), (2, "control")]),
        ("serial,label,kind\nPF-1,a,toy\n\nPF-2,,toy\n", [(2, "kind"), (4, "no_label"), (4, "kind")]),
    ],
    ids=[
        "an empty file",
        "no column that names a device",
        "no device",
        "our own name beside others",
        "two columns that could be it",
        "a cell too many",
        "a serial number twice",
        "a host name twice",
        "a placeholder for a serial number",
        "no label",
        "a quotation mark that never ends",
        "a label that is too long",
        "characters that act on a terminal",
        "several faults",
    ],
)
def test_every_fault_is_told_with_its_line(text: str, faults: list[tuple[int, str]]) -> None:
    """All at once, so that the list is mended once."""
    try:
        parse(text.encode(), KEY)
        found: list[tuple[int, str]] = []
    except FaultyFileError as error:
        found = [(fault.line, fault.word) for fault in error.faults]
    wanted = faults or [(2, "no_label"), (2, "no_device")]
    assert sorted(found) == sorted(wanted)


def test_serial_numbers_and_host_names_leave_no_trace_in_clear() -> None:
    """Only the label is kept as it was written."""
    (row,) = parse(b"serial,host_name,label\nPF-123456,NB-123456,Laptop 1\n", KEY)
    assert "123456" not in repr(row)


@given(data=st.binary(max_size=300))
def test_any_bytes_are_rows_or_faults(data: bytes) -> None:
    """No other error leaves the reader."""
    faults: tuple[object, ...] = ()
    rows: list[InventoryRow] = []
    try:
        rows = parse(data, KEY)
    except FaultyFileError as error:
        faults = error.faults
    assert bool(rows) != bool(faults)
