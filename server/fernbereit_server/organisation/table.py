"""What do the rows of a CSV file say?

`,` or `;`, UTF-8 with or without a byte order mark, or Windows-1252, as spreadsheets export it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fernbereit.nearest import nearest
from fernbereit_server.organisation.faults import Fault, FaultyFileError


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, and its cells by column."""

    line: int
    cells: Mapping[str, str]


def read_table(
    data: bytes, columns: Mapping[str, Sequence[str]], *, needed: Sequence[str]
) -> tuple[list[Row], dict[str, str]]:
    """Return the rows, and how the file calls each column; `columns` are names with synonyms.

    Raises `FaultyFileError` for a column that is missing, unknown or there twice, for rows of another length,
    and for a table without rows.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=";" if head.count(";") > head.count(",") else ",",
        strict=True,
    )
    try:
        header = next(reader, [])
        places = _places(header, columns, needed)
        rows, faults = [], []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                values = {"found": len(cells), "expected": len(header)}
                faults.append(Fault(line=reader.line_num, field="", word="cells", values=values))
                continue
            found = {column: cells[place].strip() for column, place in places.items()}
            rows.append(Row(reader.line_num, found))
    except csv.Error:
        raise FaultyFileError([Fault(line=reader.line_num, field="", word="no_csv")]) from None
    if not rows and not faults:
        faults.append(Fault(line=1, field="", word="no_rows", example=",".join(needed)))
    if faults:
        raise FaultyFileError(faults)
    return rows, {column: header[place].strip() for column, place in places.items()}


def _places(
    header: Sequence[str], columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> dict[str, int]:
    places: dict[str, int] = {}
    faults: list[Fault] = []
    synonyms = {name: column for column, names in columns.items() for name in names}
    for place, cell in enumerate(header):
        name = cell.strip().casefold()
        column = synonyms.get(name)
        if column is None:
            near = nearest(name, list(columns))
            values = {"known": ", ".join(columns)}
            faults.append(Fault(line=1, field=cell.strip(), word="unknown", values=values, suggestion=near))
        elif column in places:
            faults.append(Fault(line=1, field=cell.strip(), word="twice"))
        else:
            places[column] = place
    faults += [
        Fault(line=1, field=column, word="missing", kind="column", example=",".join(columns))
        for column in needed
        if column not in places
    ]
    if faults:
        raise FaultyFileError(faults)
    return places
