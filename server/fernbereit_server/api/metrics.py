"""What does Prometheus read? The collector about itself with published counts, and exact ones elsewhere."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from fernbereit_server.collector import Collector
from fernbereit_server.metrics.exposition import content_type, render, render_page, whole
from fernbereit_server.metrics.operations import operations_metrics
from fernbereit_server.metrics.outlook import OutlookMetrics
from fernbereit_server.metrics.own import Vitals, own_metrics
from fernbereit_server.publication import census
from fernbereit_server.publication.ticks import Publisher

_TEXTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Metrics."}
}
Accept = Annotated[str | None, Header(max_length=1000)]


def metrics_router(collector: Collector, publisher: Publisher, outlook_metrics: OutlookMetrics) -> APIRouter:
    """Return the routes Prometheus scrapes."""
    router = APIRouter(tags=["metrics"], default_response_class=Response)

    @router.get("/metrics", responses=_TEXTS)
    def published(accept: Accept = None) -> Response:
        """Return published counts and the collector's own metrics, as text 0.0.4 or OpenMetrics 1.0."""
        kind, page = content_type(accept), publisher.page
        parts = [render(own_metrics(collector.tally, _vitals(collector), page), kind)]
        if page is not None:
            parts.append(render_page(page, publisher.families, kind))
            parts.append(outlook_metrics.text(kind))
        return Response(whole(parts, kind), headers={"Content-Type": kind})

    @router.get("/metrics/operations", responses=_TEXTS)
    def operations(accept: Accept = None) -> Response:
        """Return exact counts by unit, lane and status, for the role operations; counted when asked."""
        kind, now = content_type(accept), collector.clock()
        devices, never_seen = list(collector.fleet.devices.values()), collector.fleet.missing_inventory
        decisions, zone = collector.decisions, collector.settings.zone
        counted = census.take(
            devices,
            never_seen,
            now=now,
            interval_s=collector.settings.report_interval_s,
            contested=decisions.contested,
            zone=zone,
        )
        today = now.astimezone(zone).date()
        metrics = operations_metrics(devices, never_seen, counted, today, decisions)
        return Response(whole([render(metrics, kind)], kind), headers={"Content-Type": kind})

    return router


def _vitals(collector: Collector) -> Vitals:
    return Vitals(
        queue_depth=collector.queued,
        paused=collector.state == "paused",
        connected=collector.state == "reading",
        generation=collector.generation,
        verdicts_differing=collector.verdicts_differing,
    )
