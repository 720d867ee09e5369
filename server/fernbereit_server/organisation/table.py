"""What do the rows of a CSV file say, as spreadsheets export it?"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fernbereit.nearest import nearest
from fernbereit_server.csv_text import NoTextError, csv_text
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
        found = csv_text(data)
    except NoTextError:
        raise FaultyFileError([Fault(line=1, field="", word="no_text", example=",".join(needed))]) from None
    above = found.first_line - 1
    reader = csv.reader(io.StringIO(found.text, newline=""), delimiter=found.separator, strict=True)
    try:
        header = next(reader, [])
        places = _places(header, columns, needed, found.first_line)
        rows, faults = [], []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            line = reader.line_num + above
            if len(cells) != len(header):
                values = {"found": len(cells), "expected": len(header)}
                faults.append(Fault(line=line, field="", word="cells", values=values))
                continue
            named = {column: cells[place].strip() for column, place in places.items()}
            rows.append(Row(line, named))
    except csv.Error:
        raise FaultyFileError([Fault(line=reader.line_num + above, field="", word="no_csv")]) from None
    if not rows and not faults:
        missing = Fault(line=found.first_line, field="", word="no_rows", example=",".join(needed))
        faults.append(missing)
    if faults:
        raise FaultyFileError(faults)
    return rows, {column: header[place].strip() for column, place in places.items()}


def _places(
    header: Sequence[str], columns: Mapping[str, Sequence[str]], needed: Sequence[str], line: int
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
            faults.append(
                Fault(line=line, field=cell.strip(), word="unknown", values=values, suggestion=near)
            )
        elif column in places:
            faults.append(Fault(line=line, field=cell.strip(), word="twice"))
        else:
            places[column] = place
    faults += [
        Fault(line=line, field=column, word="missing", kind="column", example=",".join(columns))
        for column in needed
        if column not in places
    ]
    if faults:
        raise FaultyFileError(faults)
    return places
