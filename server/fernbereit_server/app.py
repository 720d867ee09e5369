"""What does the collector answer over HTTP? Health, metrics, the API, and the console for people.

Everything is read-only and on loopback only, until identity and roles are built. Routes that read the store
are plain functions: they run in threads, never on the event loop that takes reports in.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI

from fernbereit import __version__
from fernbereit_server.api.change import change_router
from fernbereit_server.api.decided import decided_router
from fernbereit_server.api.device_metrics import device_metrics_router
from fernbereit_server.api.devices import devices_router
from fernbereit_server.api.drill_days import drill_days_router
from fernbereit_server.api.goals import goals_router
from fernbereit_server.api.guard import Guard
from fernbereit_server.api.health import health_router
from fernbereit_server.api.metrics import metrics_router
from fernbereit_server.api.plan import plan_router
from fernbereit_server.api.problems import answer_problems
from fernbereit_server.api.resilience import resilience_router
from fernbereit_server.api.summary import summary_router
from fernbereit_server.collector import Collector
from fernbereit_server.console import build_router, no_such_page
from fernbereit_server.desk import Desk
from fernbereit_server.metrics.device_tier import LOOK_S as TIER_LOOK_S
from fernbereit_server.metrics.device_tier import DeviceTier
from fernbereit_server.metrics.exact import LOOK_S as EXACT_LOOK_S
from fernbereit_server.metrics.exact import Exact
from fernbereit_server.metrics.exposition import PublishedText
from fernbereit_server.metrics.outlook import OutlookMetrics
from fernbereit_server.outlook import Outlook, OutlookError
from fernbereit_server.outlook.collected import collected
from fernbereit_server.publication.drill_days import LOOK_S as DRILL_DAY_LOOK_S
from fernbereit_server.publication.drill_days import DrillDays
from fernbereit_server.publication.ticks import LOOK_S, PATIENCE_S, Publisher


def create_app(collector: Collector) -> FastAPI:
    """Return the application of a collector that is not started yet: the publication's tick joins its loops.

    `app.state.publisher` is the `Publisher`, `app.state.desk` the `Desk`, `app.state.outlook` the `Outlook`.
    """
    settings = collector.settings
    published = PublishedText(lambda: publisher.families)
    publisher = Publisher(
        collector.fleet,
        collector.engine,
        settings,
        collector.clock,
        lambda: collector.decisions,
        patience_s=PATIENCE_S,
        prepare=published.prepare,
    )
    collector.every(min(LOOK_S, settings.publication.tick_s), publisher.tick)
    desk = Desk(
        collector.engine,
        collector.fleet,
        settings,
        collector.clock,
        inventory_key=collector.inventory_key,
        policy=lambda: collector.decisions.policy,
    )
    outlook = Outlook(
        collector.engine,
        settings,
        collector.clock,
        decisions=lambda: collector.decisions,
        page=lambda: publisher.page,
        collected=lambda organisation: collected(
            list(collector.fleet.devices.values()),
            collector.fleet.missing_inventory,
            organisation,
            collector.decisions.policy,
        ),
    )
    outlook_metrics = OutlookMetrics(
        outlook, lambda: (publisher.page and publisher.page.tick_at, collector.decisions.version)
    )
    collector.every(min(LOOK_S, settings.publication.tick_s), outlook_metrics.tick)
    exact = Exact(
        collector.fleet,
        decisions=lambda: collector.decisions,
        today=lambda: collector.clock().astimezone(settings.zone).date(),
    )
    collector.every(EXACT_LOOK_S, exact.keep_up)
    tier = DeviceTier(
        agreed_on=settings.device_metrics.agreed_on,
        devices=lambda: list(collector.fleet.devices.values()),
        policy=lambda: collector.decisions.policy,
        still_to_judge=lambda: collector.judge.due,
        clock=collector.clock,
        zone=settings.zone,
    )
    collector.every(TIER_LOOK_S, tier.tick)
    drill_days = DrillDays(
        collector.engine,
        collector.fleet,
        settings,
        clock=collector.clock,
        decisions=lambda: collector.decisions,
        predict=partial(_predicted, outlook),
    )
    collector.every(DRILL_DAY_LOOK_S, drill_days.tick)
    # Interactive documentation would load scripts from elsewhere; /openapi.json is all there is.
    app = FastAPI(title="Fernbereit", version=__version__, docs_url=None, redoc_url=None)
    app.state.publisher, app.state.desk, app.state.outlook = publisher, desk, outlook
    app.state.outlook_metrics, app.state.exact, app.state.device_tier = outlook_metrics, exact, tier
    answer_problems(app, no_such_page)
    for router in (
        health_router(collector),
        metrics_router(collector, lambda: publisher.page, published, outlook_metrics, exact),
        device_metrics_router(tier, settings.http),
        summary_router(collector, publisher),
        devices_router(desk),
        resilience_router(outlook),
        plan_router(outlook),
        decided_router(collector),
        change_router(outlook),
        goals_router(outlook),
        drill_days_router(outlook),
        build_router(collector, desk=desk, publisher=publisher, outlook=outlook),
    ):
        app.include_router(router)
    app.add_middleware(Guard)
    return app


def _predicted(outlook: Outlook, scenario: str) -> Mapping[str, Any] | None:
    """Predict a drill day anew; None where there is no answer, so that the announced one stays."""
    try:
        return outlook.predicted(scenario)
    except OutlookError:
        return None
