"""How do counts become what Prometheus reads: text 0.0.4, or OpenMetrics 1.0 for whoever asks for it?

Published cells change at a tick only, so their bytes are made and compressed then, and handed out at a
scrape. They are gauges, which both formats write alike. No sample carries a timestamp: a number that is no
longer published must go stale at once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.registry import Collector

from fernbereit_server.metrics.family import Family
from fernbereit_server.metrics.handed import Part, part
from fernbereit_server.publication.cells import Cell, Page
from fernbereit_server.publication.changes import HELP as CHANGES
from fernbereit_server.publication.changes import changes_of, placed

TEXT = CONTENT_TYPE_PLAIN_0_0_4
_OPENMETRICS_END = b"# EOF\n"
END = {TEXT: part(b""), OPENMETRICS: part(_OPENMETRICS_END)}
"""What comes last in each format."""

Gauge = GaugeMetricFamily
"""One metric with its samples; `operations` makes its own."""


class _Given(Collector):
    """Metrics as they are, in the shape the client library asks for."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


class _Series(NamedTuple):
    """Where the metric of a cell belongs: its name, its help, its labels."""

    name: str
    help: str
    labels: tuple[str, ...]


def content_type(accept: str | None) -> str:
    """Choose the format for an Accept header: OpenMetrics 1.0 where it is asked for, else text 0.0.4.

    >>> content_type("text/plain;version=0.0.4")
    'text/plain; version=0.0.4; charset=utf-8'
    """
    for offer in (accept or "").split(","):
        kind, *parameters = (part.strip() for part in offer.split(";"))
        if kind == "application/openmetrics-text" and (
            "version=1.0.0" in parameters or not any(p.startswith("version=") for p in parameters)
        ):
            return OPENMETRICS
    return TEXT


def render(metrics: Iterable[Metric], kind: str) -> bytes:
    """Write metrics in the format `kind`, a content type of `content_type`, without OpenMetrics' end."""
    given = _Given(metrics)
    if kind == OPENMETRICS:
        return generate_openmetrics(given).removesuffix(_OPENMETRICS_END)  # type: ignore[no-untyped-call,no-any-return]
    return generate_latest(given)


class PublishedText:
    """Holds the published cells of the page in force as they are handed out."""

    def __init__(self, families: Callable[[], Sequence[Family]]) -> None:
        self._families = families
        self._prepared: tuple[Page, Part] | None = None

    def prepare(self, page: Page) -> Part:
        """Write and compress a page that comes into force; in the thread that counted it."""
        prepared = part(render(page_metrics(page, self._families()), TEXT))
        self._prepared = (page, prepared)
        return prepared

    def of(self, page: Page) -> Part:
        """Return the lines of a page, which are as a rule prepared."""
        prepared = self._prepared
        return prepared[1] if prepared and prepared[0] is page else self.prepare(page)


def gauge(name: str, text: str, labels: Sequence[str], rows: Iterable[tuple[Sequence[str], float]]) -> Gauge:
    """Return a gauge with one sample a row of label values and number."""
    family = Gauge(name, text, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def page_metrics(page: Page, families: Sequence[Family]) -> list[Metric]:
    """Turn published cells into gauges, one family after the other.

    A cell of a family that the policy in force does not have is left out, and so are units of `cells_only`.
    """
    known = {family.key: family for family in families}
    placed = [
        (_series(known[cell.family], cell), cell)
        for cell in page.cells
        if cell.family in known and not (cell.unit and known[cell.family].cells_only)
    ]
    order = {series: place for place, series in enumerate(dict.fromkeys(series for series, _ in placed))}
    placed.sort(key=lambda pair: order[pair[0]])
    gauges = [
        _gauge(series, [cell for _, cell in cells], known)
        for series, cells in groupby(placed, lambda p: p[0])
    ]
    return [*gauges, *_changes(page)]


def _changes(page: Page) -> list[Gauge]:
    """Turn what changed into two gauges: by cause, and of single checks, which are part of their cause."""
    rows: dict[bool, list[tuple[Sequence[str], float]]] = {False: [], True: []}
    for cell in changes_of(page.cells):
        days, part = placed(cell)
        if part is not None:
            cause, _, check = part.cause.partition(":")
            labels = (str(days), part.direction, cause, *((check,) if check else ()))
            rows[bool(check)].append((labels, cell.count))
    common = ("days", "direction", "cause")
    single = f"{CHANGES[:-1]}, where one check alone decided."
    named = (
        (rows[False], "fernbereit_change_devices", CHANGES, common),
        (rows[True], "fernbereit_change_check_devices", single, (*common, "check")),
    )
    return [gauge(name, text, labels, found) for found, name, text, labels in named if found]


def _series(family: Family, cell: Cell) -> _Series:
    own = (*((family.part_label,) if family.part else ()), *((family.label,) if family.label else ()))
    if cell.unit:
        return _Series(family.name, family.help, ("site", "unit", *own))
    text = family.help if family.level == "fleet" else f"{family.help[:-1]}, over the whole fleet."
    return _Series(family.fleet_name, text, own)


def _gauge(series: _Series, cells: Iterable[Cell], known: Mapping[str, Family]) -> Gauge:
    rows = []
    for cell in cells:
        family = known[cell.family]
        values = {
            "site": cell.site,
            "unit": cell.unit,
            family.part_label: family.part,
            family.label: cell.word,
        }
        rows.append(([values[label] for label in series.labels], cell.count))
    return gauge(series.name, series.help, series.labels, rows)
