"""What does Prometheus read? The collector about itself with published counts, and exact ones elsewhere."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from fernbereit_server.collector import Collector
from fernbereit_server.metrics.exact import Exact, ExactCounts
from fernbereit_server.metrics.exposition import END, PublishedText, content_type, render
from fernbereit_server.metrics.handed import FAST, Part, gzipped, part, takes_gzip
from fernbereit_server.metrics.operations import operations_text
from fernbereit_server.metrics.outlook import OutlookMetrics
from fernbereit_server.metrics.own import Vitals, own_metrics
from fernbereit_server.publication.cells import Page

TEXTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Metrics."}
}
Accept = Annotated[str | None, Header(max_length=1000)]
AcceptEncoding = Annotated[str | None, Header(max_length=1000)]


def headers(kind: str, *, packed: bool) -> dict[str, str]:
    """Return the headers of metrics in one format."""
    told = {"Content-Type": kind, "Vary": "Accept, Accept-Encoding"}
    return {**told, "Content-Encoding": "gzip"} if packed else told


def metrics_router(
    collector: Collector,
    page: Callable[[], Page | None],
    published_text: PublishedText,
    outlook_metrics: OutlookMetrics,
    exact: Exact,
) -> APIRouter:
    """Return the routes Prometheus scrapes."""
    router = APIRouter(tags=["metrics"], default_response_class=Response)

    @router.get("/metrics", responses=TEXTS)
    async def published(accept: Accept = None, accept_encoding: AcceptEncoding = None) -> Response:
        """Return published counts and the collector's own metrics, as text 0.0.4 or OpenMetrics 1.0."""
        kind, latest = content_type(accept), page()
        parts = [part(render(own_metrics(collector.tally, _vitals(collector), latest), kind), FAST)]
        if latest is not None:
            parts += [published_text.of(latest), outlook_metrics.part]
        return _answer(parts, kind, packed=takes_gzip(accept_encoding))

    @router.get("/metrics/operations", responses=TEXTS)
    async def operations(accept: Accept = None, accept_encoding: AcceptEncoding = None) -> Response:
        """Return exact counts by unit, lane and status, for the role operations; kept change by change."""
        packed, counts = takes_gzip(accept_encoding), await exact.now()
        raw = await asyncio.to_thread(_exact, counts, packed=packed)
        return _answer([raw], content_type(accept), packed=packed)

    return router


def _exact(counts: ExactCounts, *, packed: bool) -> Part:
    raw = operations_text(counts)
    return part(raw, FAST if packed else 0)


def _answer(parts: Sequence[Part], kind: str, *, packed: bool) -> Response:
    whole = (*parts, END[kind])
    body = gzipped(one.piece for one in whole) if packed else b"".join(one.raw for one in whole)
    return Response(body, headers=headers(kind, packed=packed))


def _vitals(collector: Collector) -> Vitals:
    return Vitals(
        queue_depth=collector.queued,
        paused=collector.state == "paused",
        connected=collector.state == "reading",
        generation=collector.generation,
        verdicts_differing=collector.verdicts_differing,
    )
