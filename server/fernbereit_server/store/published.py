"""Where is published kept? The page in force as it was written, and its cells once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, delete, insert, select

from fernbereit import crash
from fernbereit_server.store.database import writing
from fernbereit_server.store.schema import published_cells, published_page

_ROWS_A_STATEMENT = 1000
_DAYS_A_STATEMENT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCell:
    """One published count of one day; site and unit are empty for the whole fleet."""

    day: date
    family: str
    site: str
    unit: str
    word: str
    count: int
    base: int


def load_page(engine: Engine) -> bytes | None:
    """Return the page in force as it was written, or None before the first."""
    with engine.connect() as connection:
        return connection.execute(select(published_page.c.body)).scalar_one_or_none()


def save_page(engine: Engine, *, tick_at: float, body: bytes, cells: Sequence[PublishedCell]) -> None:
    """Replace the page in force and the day's cells in one transaction; `tick_at` in Unix seconds."""
    with writing(engine) as connection:
        connection.execute(delete(published_page))
        connection.execute(insert(published_page).values(id=1, tick_at=tick_at, body=body))
        crash.point("publication.half")
        _replace_days(connection, cells)
    crash.point("publication.written")


def write_history(engine: Engine, cells: Sequence[PublishedCell]) -> None:
    """Replace whole days of history, as the demo does before it starts."""
    with writing(engine) as connection:
        _replace_days(connection, cells)


def read_history(
    engine: Engine, *, family: str, since: date, until: date, site: str = "", unit: str = ""
) -> list[PublishedCell]:
    """Return the cells of one family and place by day, both days included; no place is the whole fleet."""
    columns = published_cells.c
    wanted = (
        select(published_cells)
        .where(columns.family == family, columns.site == site, columns.unit == unit)
        .where(columns.day.between(since, until))
        .order_by(columns.day, columns.word)
    )
    with engine.connect() as connection:
        return [PublishedCell(**row) for row in connection.execute(wanted).mappings()]


def _replace_days(connection: Connection, cells: Sequence[PublishedCell]) -> None:
    for day in sorted({cell.day for cell in cells}):
        connection.execute(delete(published_cells).where(published_cells.c.day == day))
    names = PublishedCell.__dataclass_fields__
    for start in range(0, len(cells), _ROWS_A_STATEMENT):
        some = cells[start : start + _ROWS_A_STATEMENT]
        rows = [{name: getattr(cell, name) for name in names} for cell in some]
        connection.execute(insert(published_cells), rows)


def published_days(engine: Engine, family: str) -> list[date]:
    """Return the days on which a family was published, ascending."""
    columns = published_cells.c
    wanted = select(columns.day).where(columns.family == family).distinct().order_by(columns.day)
    with engine.connect() as connection:
        return list(connection.scalars(wanted))


def read_days(engine: Engine, family: str, days: Sequence[date]) -> dict[date, list[PublishedCell]]:
    """Return every cell of a family, of units and of the fleet, on each of these days."""
    columns = published_cells.c
    found: dict[date, list[PublishedCell]] = {}
    with engine.connect() as connection:
        for start in range(0, len(days), _DAYS_A_STATEMENT):
            wanted = select(published_cells).where(
                columns.family == family, columns.day.in_(days[start : start + _DAYS_A_STATEMENT])
            )
            for row in connection.execute(wanted).mappings():
                found.setdefault(row["day"], []).append(PublishedCell(**row))
    return found
