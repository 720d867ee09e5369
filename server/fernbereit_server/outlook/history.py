"""Which authority was in force on a day, and which devices were published then? Read from the store."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import gcd

from sqlalchemy import Engine, select

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.errors import NoOrganisationError, NothingPublishedError
from fernbereit_server.outlook.published import CAPABILITY
from fernbereit_server.store import schema
from fernbereit_server.store.published import PublishedCell, published_days, read_days


@dataclass(frozen=True, kw_only=True)
class Authority:
    """One import of the organisation."""

    number: int
    imported_on: date
    organisation: Organisation


def authorities(engine: Engine) -> list[Authority]:
    """Read every import, oldest first; raises `NoOrganisationError` if there is none."""
    table = schema.organisations
    with engine.connect() as connection:
        rows = list(connection.execute(select(table).order_by(table.c.id)))
    if not rows:
        raise NoOrganisationError
    return [
        Authority(number=row.id, imported_on=row.imported_on, organisation=_organisation(row.body))
        for row in rows
    ]


def in_force(known: Sequence[Authority], day: date) -> Authority:
    """Return the last import up to a day; days before the first import have the last of its day."""
    until = max(day, known[0].imported_on)
    return [one for one in known if one.imported_on <= until][-1]


def days(engine: Engine) -> list[date]:
    """Return the days on which readiness was published, ascending."""
    return published_days(engine, CAPABILITY)


def last_day(engine: Engine, as_of: date) -> date:
    """Return the last published day up to `as_of`; raises `NothingPublishedError`."""
    published = days(engine)
    place = bisect_right(published, as_of)
    if not place:
        raise NothingPublishedError(as_of, published[0] if published else None)
    return published[place - 1]


def chosen_days(published: Sequence[date], since: date, until: date, every: int) -> list[date]:
    """Pick days, both ends included: the last published one of every so many days, counted back."""
    chosen: dict[int, date] = {}
    for day in published:
        if since <= day <= until:
            chosen[(until - day).days // every] = day
    return [chosen[steps] for steps in sorted(chosen, reverse=True)]


def cells_of(engine: Engine, wanted: Sequence[date]) -> dict[date, list[PublishedCell]]:
    """Read what was published of each of these days about readiness."""
    return read_days(engine, CAPABILITY, wanted)


def rounded_to(cells: Sequence[PublishedCell], k: int) -> int:
    """Return what the counts of a day are multiples of: k as it is set now, unless it was another then."""
    together = gcd(*(cell.count for cell in cells))
    return k if together % k == 0 else together


@lru_cache(maxsize=64)
def _organisation(body: str) -> Organisation:
    return Organisation.model_validate_json(body)
