"""What does the SMBIOS table of Windows say of the machine?

GetSystemFirmwareTable('RSMB') -> 8 bytes of head (length at 4), then structures: type, length, handle,
fields, texts ended by zeros. Source: DMTF DSP0134, sections 6.1 and 7.1 to 7.4. A table that ends early says
what it says up to there. Serial number and asset tag stay on the laptop; the UUID is not looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEAD = 8
END_OF_TABLE = 127
_KEPT: dict[int, tuple[int, ...]] = {0: (4, 5, 8), 1: (4, 5, 6), 3: (4,)}
"""Where in a structure the numbers of texts stand that name no single machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """The texts of types 0 and 1 and the codes of all enclosures; empty text where there is none."""

    maker: str = ""
    product: str = ""
    version: str = ""
    serial: str = ""
    firmware_date: str = ""
    chassis: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Structure:
    kind: int
    fields: bytes
    texts: Sequence[str]

    def text(self, at: int) -> str:
        """Return the text whose number stands at a place; number 0 is none."""
        number = self.fields[at] if at < len(self.fields) else 0
        return self.texts[number - 1] if 0 < number <= len(self.texts) else ""


def decode(table: bytes) -> Firmware:
    """Return what the table says; anything that is no table says nothing."""
    found = list(_structures(table))
    firmware = next((each for each in found if each.kind == 0), None)
    system = next((each for each in found if each.kind == 1), None)
    return Firmware(
        maker=system.text(4) if system else "",
        product=system.text(5) if system else "",
        version=system.text(6) if system else "",
        serial=system.text(7) if system else "",
        firmware_date=firmware.text(8) if firmware else "",
        chassis=tuple(each.fields[5] & 0x7F for each in found if each.kind == 3 and len(each.fields) > 5),
    )


def redacted(table: bytes) -> bytes:
    """Return a table with the same facts, without all that names one machine or is not looked at."""
    told = bytearray()
    for each in _structures(table):
        if each.kind not in _KEPT:
            continue
        fields = bytearray(each.fields)
        if each.kind == 1:
            fields[8:24] = bytes(len(fields[8:24]))
        kept = [_text_kept(each, number) for number in range(1, len(each.texts) + 1)]
        texts = b"".join(text.encode("latin-1", errors="replace") + b"\0" for text in kept)
        told += bytes(fields) + (texts or b"\0") + b"\0"
    told += bytes((END_OF_TABLE, 4, 0, 0, 0, 0))
    return table[:4] + len(told).to_bytes(4, "little") + bytes(told)


def _text_kept(each: _Structure, number: int) -> str:
    used = {at for at in _KEPT[each.kind] if at < len(each.fields) and each.fields[at] == number}
    return each.texts[number - 1] or " " if used else "REDACTED"


def _structures(table: bytes) -> Iterator[_Structure]:
    end = min(len(table), HEAD + int.from_bytes(table[4:8], "little"))
    at = HEAD
    while at + 4 <= end:
        kind, length = table[at], table[at + 1]
        if length < 4 or at + length > end or kind == END_OF_TABLE:
            return
        stop = table.find(b"\0\0", at + length, end)
        if stop < 0:
            return
        texts = table[at + length : stop].split(b"\0") if stop > at + length else []
        yield _Structure(kind, table[at : at + length], [_text(each) for each in texts])
        at = stop + 2


def _text(found: bytes) -> str:
    """Return a text of the firmware; makers write their names in Latin-1 if not in ASCII."""
    return found.decode("latin-1").strip()
