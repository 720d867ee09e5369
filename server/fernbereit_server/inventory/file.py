"""What does a list of the authority's devices say?

CSV as people export it (`fernbereit_server.csv_text`); headers of our own or those of opsi, Intune and GLPI.
Serial numbers and host names are hashed while the file is read; only the hashes leave this module.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from fernbereit.facts.machine import Chassis
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_server.csv_text import NoTextError, csv_text
from fernbereit_server.store.changes import InventoryRow

KINDS = ("personal", "pool", "loan", "stock", "shared")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "serial": ("serial", "serialnumber", "seriennummer", "servicetag"),
    "host_name": (
        "hostname",
        "host",
        "hostid",
        "clientid",
        "devicename",
        "name",
        "rechnername",
        "gerätename",
    ),
    "label": ("label", "bezeichnung", "inventorynumber", "inventarnummer", "assettag"),
    "unit": (
        "unit",
        "einheit",
        "amt",
        "abteilung",
        "department",
        "organisationseinheit",
        "gruppe",
        "group",
        "category",
    ),
    "site": ("site", "standort", "location", "ort"),
    "kind": ("kind", "art", "nutzung", "verwendung"),
    "chassis": ("chassis", "bauform", "type", "typ"),
}
"""What a column is called: in our own files, opsi (`hostId`, `inventoryNumber`), Intune (`Device name`,
`Serial number`, `Category`) and GLPI (`Name`, `Serial number`, `Location`, `Group`, `Type`), in letters and
digits alone. Intune's `Ownership` is left out: its "Personal" is a private device, ours one person's."""

_KIND_WORDS = {
    "persönlich": "personal",
    "personengebunden": "personal",
    "leihe": "loan",
    "leihgerät": "loan",
    "lager": "stock",
    "gemeinsam": "shared",
}
_CHASSIS_WORDS = {"notebook": "laptop", "tower": "desktop", "minitower": "desktop", "detachable": "tablet"}
_LONGEST = 128


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in the file; `word` is a key of the catalogue (`inventory.fault.<word>`)."""

    line: int
    word: str
    values: Mapping[str, object]


class FaultyFileError(Exception):
    """The file cannot be imported; `faults` are all there are, in the order of lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


def parse(data: bytes, key: bytes, on_row: Callable[[], object] = lambda: None) -> list[InventoryRow]:
    """Read a whole file into rows with id 0; raises `FaultyFileError` with every fault."""
    try:
        found = csv_text(data)
    except NoTextError:
        raise FaultyFileError([Fault(1, "no_text", {})]) from None
    reader = csv.reader(io.StringIO(found.text, newline=""), delimiter=found.separator)
    try:
        return _rows(reader, key, on_row, found.first_line)
    except csv.Error:
        raise FaultyFileError([Fault(reader.line_num + found.first_line - 1, "no_csv", {})]) from None


def _rows(reader: Any, key: bytes, on_row: Callable[[], object], first_line: int) -> list[InventoryRow]:
    header: list[str] = next(reader, [])
    places, faults = _places(header, first_line)
    if faults:
        raise FaultyFileError(faults)
    rows: list[InventoryRow] = []
    seen: dict[str, int] = {}
    for cells in reader:
        on_row()
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num + first_line - 1
        if len(cells) != len(header):
            faults.append(Fault(line, "cells", {"found": len(cells), "expected": len(header)}))
            continue
        said = {name: cells[place].strip() for name, place in places.items()}
        row, wrong = _row(said, key, line)
        faults += wrong
        for hashed, word in ((row.serial_hash, "serial_twice"), (row.host_name_hash, "host_name_twice")):
            if hashed is not None and (first := seen.setdefault(hashed, line)) != line:
                faults.append(Fault(line, word, {"first": first}))
        rows.append(row)
    if not rows and not faults:
        faults.append(Fault(first_line, "empty", {}))
    if faults:
        raise FaultyFileError(faults)
    return rows


def _places(header: Sequence[str], line: int) -> tuple[dict[str, int], list[Fault]]:
    names = ["".join(c for c in cell.casefold() if c.isalnum()) for cell in header]
    places: dict[str, int] = {}
    faults: list[Fault] = []
    for column, synonyms in COLUMNS.items():
        found = [place for place, name in enumerate(names) if name in synonyms]
        own = [place for place in found if names[place] == synonyms[0]]
        if len(found) > 1 and len(own) != 1:
            both = ", ".join(header[place].strip() for place in found)
            faults.append(Fault(line, "column_twice", {"column": column, "found": both}))
        elif found:
            places[column] = (own or found)[0]
    if not faults and not {"serial", "host_name"} & set(places):
        known = ", ".join(COLUMNS)
        faults.append(Fault(line, "no_key", {"known": known}))
    return places, faults


def _row(said: Mapping[str, str], key: bytes, line: int) -> tuple[InventoryRow, list[Fault]]:
    faults: list[Fault] = []
    serial = serial_hash(said.get("serial", ""), key)
    host_name = host_name_hash(said.get("host_name", ""), key)
    if serial is None and host_name is None:
        faults.append(Fault(line, "no_device", {}))
    label = said.get("label") or said.get("host_name", "").partition(".")[0]
    if not label:
        faults.append(Fault(line, "no_label", {}))
    faults += [
        Fault(line, "control", {"column": name})
        for name in ("label", "unit", "site")
        if any(category(character) == "Cc" for character in said.get(name, ""))
    ]
    long = [name for name in ("label", "unit", "site") if len(said.get(name, "")) > _LONGEST]
    faults += [Fault(line, "too_long", {"column": name, "most": _LONGEST}) for name in long]
    word = said.get("kind", "").casefold() or KINDS[0]
    kind = _KIND_WORDS.get(word, word)
    if kind not in KINDS:
        faults.append(Fault(line, "kind", {"known": ", ".join(KINDS)}))
    row = InventoryRow(
        id=0,
        serial_hash=serial,
        host_name_hash=host_name,
        label=label,
        unit=said.get("unit") or None,
        site=said.get("site") or None,
        kind=kind,
        chassis=_chassis(said.get("chassis", "")),
    )
    return row, faults


def _chassis(text: str) -> str | None:
    word = text.casefold()
    return Chassis(_CHASSIS_WORDS.get(word, word)).value if word else None
