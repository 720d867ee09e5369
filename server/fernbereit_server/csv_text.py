"""How did a spreadsheet write this table? Its text, and what stands between two cells.

UTF-8 with or without a byte order mark, UTF-16 with one (what Excel calls Unicode text), else Windows-1252;
`,`, `;` or tabs; a first line `sep=;`, which Excel writes and reads, is taken at its word.
"""

import codecs
import re
from dataclasses import dataclass

_SEPARATOR = re.compile(r"sep=(.)\r?\n?\Z", re.IGNORECASE)
_KNOWN = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class CsvText:
    """The text from its heading on, and on which line of the file that stands."""

    text: str
    separator: str
    first_line: int


class NoTextError(ValueError):
    """The file is no text: a workbook, or UTF-16 that does not say so."""


def csv_text(data: bytes) -> CsvText:
    """Return the text of a CSV file; raises `NoTextError`."""
    text = _decoded(data)
    head, end, rest = text.partition("\n")
    if said := _SEPARATOR.match(head):
        return CsvText(rest, said[1], 2)
    counts = {separator: head.count(separator) for separator in _KNOWN}
    return CsvText(head + end + rest, max(_KNOWN, key=lambda one: counts[one]), 1)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise NoTextError from None
    if b"\0" in data.partition(b"\n")[0]:
        raise NoTextError
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
