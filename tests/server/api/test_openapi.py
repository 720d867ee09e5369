"""Does every address answer as its description says, whatever it is asked?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CheckFunction

from fernbereit_server.decisions import read_decisions
from fernbereit_server.settings import DeviceMetricsSettings
from outlook_world import organisation, store_organisation
from served import Served
from small_fleet import TODAY

HOST = {"Host": "127.0.0.1"}
OPERATIONS = [
    "/healthz",
    "/readyz",
    "/metrics",
    "/metrics/operations",
    "/metrics/devices",
    "/sd/devices",
    "/api/v1/summary",
    "/api/v1/history",
    "/api/v1/devices",
    "/api/v1/devices/{ref}",
    "/api/v1/scenarios",
    "/api/v1/drill",
    "/api/v1/trend",
    "/api/v1/headroom",
    "/api/v1/blockers",
    "/api/v1/cliffs",
    "/api/v1/change",
    "/api/v1/goals",
    "/api/v1/measures",
    "/api/v1/drill-days",
    "/api/v1/drill-days/{drill_day_id}",
    "/api/v1/plan",
    "/api/v1/policy",
    "/api/v1/organisation",
]


AWAY = {"/readyz", "/metrics/devices"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small fleet of a known organisation."""
    folder: Path = tmp_path_factory.mktemp("served")
    served = Served(folder, device_metrics=DeviceMetricsSettings(agreed_on=TODAY))
    served.publish()
    store_organisation(served.collector.engine, organisation())
    with served.collector.engine.connect() as connection:
        served.collector.decisions = read_decisions(connection)
    yield served
    served.close()


def test_every_described_address_is_tried(served: Served) -> None:
    """A new route must join the list above."""
    assert sorted(served.app.openapi()["paths"]) == sorted(OPERATIONS)


@pytest.mark.parametrize("path", OPERATIONS)
def test_an_address_answers_as_described(served: Served, path: str) -> None:
    """Status, type and shape of every answer are in the description; none is an error of the program."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", served.app, headers=HOST)
    operation = schema[path]["GET"]
    # No broker is connected here, and saying so with 503 is the answer that is described.
    may_be_away: list[CheckFunction] = [schemathesis.checks.not_a_server_error] if path in AWAY else []

    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def holds(case: schemathesis.Case[Any]) -> None:
        answer = case.call_and_validate(headers=HOST, excluded_checks=may_be_away)

        assert answer.status_code < 500 or path in AWAY

    holds()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.text(max_size=60), query=st.text(max_size=60))
def test_no_address_at_all_is_an_error_of_the_program(served: Served, path: str, query: str) -> None:
    """Whatever is typed behind the host name."""
    answer = served.client.request("GET", "/" + quote(path), params={"q": query, "after": query})

    assert answer.status_code < 500
