"""What is published, now and by day? Rounded counts of groups, never of one device."""

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from fernbereit_server.api.problems import documented
from fernbereit_server.collector import Collector
from fernbereit_server.publication.cells import Cell
from fernbereit_server.publication.changes import HELP as CHANGES
from fernbereit_server.publication.changes import changes_of
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.store.published import PublishedCell, read_history

_YEAR = timedelta(days=396)
_FIRST_DAY = date(2020, 1, 1)
"""Nothing was published before; dates far outside would overflow."""
_LONGEST = timedelta(days=800)
Family = Annotated[str, Query(max_length=128, description="As `family` in the summary.")]
Place = Annotated[str, Query(max_length=128)]


class Summary(BaseModel):
    """The page in force; `cells` is empty as long as fewer than `smallest_group` devices are known.

    Site and unit of a cell are empty for the whole fleet. Counts and bases are multiples of
    `smallest_group`. Freshness is counted less often than the rest.
    """

    counted_at: datetime | None
    freshness_counted_at: datetime | None
    smallest_group: int
    families: dict[str, str]
    cells: tuple[Cell, ...]


class History(BaseModel):
    """The last published count of each day, rounded as it was that day: `smallest_group` may have changed."""

    cells: tuple[PublishedCell, ...]


def summary_router(collector: Collector, publisher: Publisher) -> APIRouter:
    """Return the routes about published counts."""
    router = APIRouter(prefix="/api/v1", tags=["published"])
    smallest = collector.settings.publication.k

    @router.get("/summary")
    def summary() -> Summary:
        """Return every published count of the page in force, and what each family counts."""
        page = publisher.page
        return Summary(
            counted_at=page.tick_at if page else None,
            freshness_counted_at=page.freshness_at if page else None,
            smallest_group=smallest,
            families={family.key: family.help for family in publisher.families}
            | {cell.family: CHANGES for cell in changes_of(page.cells if page else ())},
            cells=page.cells if page else (),
        )

    @router.get(
        "/history",
        responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    )
    def history(
        family: Family = "fernbereit_devices_by_freshness",
        site: Place = "",
        unit: Place = "",
        since: date | None = None,
        until: date | None = None,
    ) -> History:
        """Return one family of the fleet, or of one unit, by day; without dates the last 13 months."""
        today = collector.clock().astimezone(collector.settings.zone).date()
        last = max(min(until or today, today), _FIRST_DAY)
        first = max(since or _FIRST_DAY, last - (_LONGEST if since else _YEAR))
        cells = read_history(collector.engine, family=family, since=first, until=last, site=site, unit=unit)
        return History(cells=tuple(cells))

    return router
