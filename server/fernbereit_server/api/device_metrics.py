"""What does Prometheus read of single devices, and where? Nothing, unless a works agreement allows for it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from fernbereit_server.api.metrics import TEXTS, Accept, AcceptEncoding, headers
from fernbereit_server.api.problems import documented, problem
from fernbereit_server.metrics.device_tier import BUCKETS, DeviceTier, Shard, packed, plain
from fernbereit_server.metrics.exposition import content_type
from fernbereit_server.metrics.handed import takes_gzip
from fernbereit_server.settings import HttpSettings

PATH = "/metrics/devices"
_REFUSALS = documented(
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

ShardNumber = Annotated[int, Query(ge=0, lt=BUCKETS, description="which part of the fleet, from 0")]
Shards = Annotated[int, Query(ge=1, le=BUCKETS, description="into how many parts the fleet is divided")]


class Targets(BaseModel):
    """One entry of Prometheus' HTTP service discovery."""

    targets: list[str] = Field(min_length=1)
    labels: dict[str, str]


def device_metrics_router(tier: DeviceTier, http: HttpSettings) -> APIRouter:
    """Return the routes of the device tier."""
    router = APIRouter(tags=["metrics"], default_response_class=Response)

    @router.get(PATH, responses={**TEXTS, **_REFUSALS})
    async def devices(
        shard: ShardNumber = 0,
        shards: Shards = 1,
        accept: Accept = None,
        accept_encoding: AcceptEncoding = None,
    ) -> Response:
        """Return what is known of each device as of this morning, as text 0.0.4 or OpenMetrics 1.0."""
        if tier.agreed_on is None:
            return _off()
        if shard >= shards:
            return problem(HTTPStatus.NOT_FOUND, f"There is no shard {shard} of {shards}.", "Count from 0.")
        if tier.prepared is None:
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Today's metrics of single devices are still being written.",
                "Try again in a minute.",
            )
        kind, with_gzip = content_type(accept), takes_gzip(accept_encoding)
        body = (packed if with_gzip else plain)(tier.prepared, Shard(shard=shard, shards=shards), kind)
        return StreamingResponse(body, headers=headers(kind, packed=with_gzip))

    @router.get("/sd/devices", response_class=JSONResponse)
    async def targets() -> list[Targets]:
        """List the shards for Prometheus' HTTP service discovery; none while no works agreement allows."""
        if tier.agreed_on is None:
            return []
        address = f"[{http.host}]:{http.port}" if ":" in http.host else f"{http.host}:{http.port}"
        shards = str(tier.shards)
        return [
            Targets(
                targets=[address],
                labels={
                    "__metrics_path__": PATH,
                    "__param_shard": str(shard),
                    "__param_shards": shards,
                    "shard": str(shard),
                },
            )
            for shard in range(tier.shards)
        ]

    return router


def _off() -> Response:
    return problem(
        HTTPStatus.FORBIDDEN,
        "There are no metrics of single devices: no works agreement that allows for them is in force.",
        'Set agreed_on = "YYYY-MM-DD" below [device_metrics] in the collector\'s settings to the day of the '
        "agreement and start the collector again; docs/privacy/device-metrics.md says what is then told. "
        "In a demonstration: fernbereit demo --data FOLDER, end it, set the day in FOLDER/collector.toml, "
        "then fernbereit serve --settings FOLDER/collector.toml.",
    )
