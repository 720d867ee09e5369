"""Does the API answer what commands and console answer, from published numbers only?"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result
from fernbereit_server.cli import app
from fernbereit_server.decisions import read_decisions
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.published import CAPABILITY
from outlook_world import TODAY, organisation, page, store_organisation, store_page
from served import Served

UNITS = [
    {"name": "Bauamt", "site": "Rathaus", "headcount": 20},
    {"name": "Sozialamt", "site": "Nord", "headcount": 30, "suitable": 15},
]


def authority() -> Organisation:
    """Return the units of the served fleet, with one gateway that is too small."""
    return organisation(
        units=UNITS,
        gateways=[{"name": "VPN Rathaus", "sessions": 6}],
        services=[{"name": "Auszahlen", "minimum": {"Sozialamt": 5}}],
    )


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Served]:
    """Serve a small fleet of which nothing is published."""
    served = Served(tmp_path)
    yield served
    served.close()


@pytest.fixture
def served(bare: Served) -> Served:
    """Judge two of three laptops ready and the others not, import an organisation, publish."""
    collector = bare.collector
    policy = collector.decisions.policy
    for number, device in enumerate(collector.fleet.devices.values()):
        ready = number % 3 > 0
        results = [Result.PASS] * len(policy.judged)
        if not ready:
            results[next(n for n, check in enumerate(policy.judged) if check.essential)] = Result.FAIL
        judged = Judged(
            policy_version=policy.policy.version,
            verdict=Verdict.READY if ready else Verdict.NOT_READY,
            compliance=Compliance.COMPLIANT if ready else Compliance.NON_COMPLIANT,
            outdated=False,
            results=tuple(results),
            counted=(Result.PASS,) * len(policy.counted),
        )
        collector.fleet.set_judged(device, judged)
    decide(bare, authority())
    bare.publish()
    bare.app.state.outlook_metrics.refresh()
    return bare


def decide(served: Served, written: Organisation) -> None:
    store_organisation(served.collector.engine, written)
    with served.collector.engine.connect() as connection:
        served.collector.decisions = read_decisions(connection)


def get(served: Served, path: str, status: int = 200, **asked: Any) -> dict[str, Any]:
    answer = served.client.get(f"/api/v1/{path}", params=asked)
    found: dict[str, Any] = answer.json()
    assert answer.status_code == status, found
    return found


@pytest.mark.parametrize("scenario", ["office-closed", "Gateway lost", "storm-day", "Halbe Leitung"])
def test_the_drill_by_api_is_the_drill_by_command(served: Served, tmp_path: Path, scenario: str) -> None:
    """One page, one organisation, one answer, in the same shape."""
    settings = tmp_path / "collector.toml"
    settings.write_text(f'data = "{tmp_path.as_posix()}"\n', encoding="utf-8")
    command = ["drill", scenario, "--json", "--settings", str(settings), "--lang", "de"]

    by_command = json.loads(CliRunner().invoke(app, command).stdout)
    forecast = by_command.pop("forecast")

    assert get(served, "drill", scenario=scenario) == by_command
    assert get(served, "headroom", scenario=scenario)["forecast"] == forecast


def test_judged_laptops_make_people_able(served: Served) -> None:
    """Published, rounded, bounded by what was never seen."""
    answer = get(served, "drill")

    assert (answer["source"], answer["rounded_to"], answer["as_of"]) == ("published", 5, "2026-03-02")
    assert answer["suitable"] == 35
    assert 0 <= answer["able"]["low"] <= answer["able"]["high"] <= 35
    assert answer["equipped"]["high"] > 0
    assert [unit["name"] for unit in answer["units"]] == ["Bauamt", "Sozialamt"]
    assert answer["devices"] % 5 == 0


def test_the_metrics_say_what_the_drill_says(served: Served) -> None:
    """For Prometheus, beside the cells they were made from."""
    answer, text = get(served, "drill"), served.client.get("/metrics").text
    able = {unit["name"]: unit["able"]["high"] for unit in answer["units"]}

    assert (
        f'fernbereit_able_staff{{bound="high",site="Rathaus",unit="Bauamt"}} {float(able["Bauamt"])}' in text
    )
    assert f'fernbereit_fleet_able_staff{{bound="low"}} {float(answer["able"]["low"])}' in text
    assert "fernbereit_sessions_capacity 6.0" in text
    assert len(text) < 200_000


def test_titles_are_in_the_language_asked_for(served: Served) -> None:
    """German first."""
    assert get(served, "drill")["scenario"]["title"] == "Büro geschlossen"
    assert get(served, "drill", lang="en")["scenario"]["title"] == "Office closed"


def test_scenarios_are_listed_page_by_page(served: Served) -> None:
    """The authority's own first."""
    whole = [one["key"] for one in get(served, "scenarios")["scenarios"]]
    first = get(served, "scenarios", limit=2)
    rest = get(served, "scenarios", after=first["next"])

    assert whole[:2] == ["Halbe Leitung", "office-closed"]
    assert [one["key"] for one in (*first["scenarios"], *rest["scenarios"])] == whole
    assert rest["next"] is None


def test_blockers_name_the_check_that_stops_most(served: Served) -> None:
    """Nine of 21 fail one essential check, and nothing else."""
    answer = get(served, "blockers", limit=1)
    whole = get(served, "blockers")

    assert answer["checks"][0]["essential"]
    assert answer["checks"][0]["devices"]["fail"] >= 5
    assert answer["checks"] == whole["checks"][:1]
    assert get(served, "blockers", after=answer["next"], limit=1)["checks"] == whole["checks"][1:2]
    assert {check["check"] for check in whole["checks"]} >= {
        check.id for check in served.collector.decisions.policy.judged
    }
    assert all(count % 5 == 0 for check in whole["checks"] for count in check["devices"].values())


def test_cliffs_count_ready_devices_by_when_they_end(served: Served) -> None:
    """None of these ends at all."""
    answer = get(served, "cliffs")

    assert [one["within_days"] for one in answer["cliffs"]] == [30, 90, 180, 365]
    assert answer["later"] > 0
    assert answer["cliffs"][-1]["together"] == sum(one["devices"] for one in answer["cliffs"])


def test_the_trend_tells_published_days(served: Served) -> None:
    """A page of last week in the store, and today's."""
    then = TODAY - timedelta(days=7)
    today = served.publisher.page
    assert today is not None
    week_ago = page({("Rathaus", "Bauamt"): {"ready_direct": 10, "not_ready": 20}}, then)
    store_page(served.collector.engine, week_ago)

    points = get(served, "trend")["points"]

    assert [point["day"] for point in points] == [then.isoformat(), TODAY.isoformat()]
    assert points[0]["able"] == {"low": 10, "high": 10}
    assert points[0]["devices"] == 30
    assert get(served, "trend", until=then.isoformat())["points"] == points[:1]


def test_as_of_is_answered_as_published_then(served: Served) -> None:
    """And before the first day with a refusal that names it."""
    before = get(served, "drill", 409, as_of="2026-01-01")

    assert get(served, "drill", as_of="2026-03-02")["asked_for"] == "2026-03-02"
    assert "the first day is 2026-03-02" in before["detail"]
    assert before["next_step"] == "Ask for a later day."


def test_a_scenario_nobody_knows_is_not_found_and_another_suggested(served: Served) -> None:
    """With the address that lists them."""
    answer = get(served, "drill", 404, scenario="gatway lost")

    assert 'Did you mean "gateway-lost"?' in answer["detail"]
    assert "/api/v1/scenarios" in answer["next_step"]


@pytest.mark.parametrize("path", ["scenarios", "drill", "trend", "headroom"])
def test_without_an_organisation_the_answer_is_a_conflict_with_a_next_step(bare: Served, path: str) -> None:
    """Nobody has said who works where."""
    bare.publish()

    answer = get(bare, path, 409)

    assert "organisation" in answer["detail"]
    assert answer["next_step"].startswith("fernbereit organisation import FILE")


@pytest.mark.parametrize("path", ["drill", "headroom", "blockers", "cliffs"])
def test_without_a_page_the_answer_is_a_conflict_too(bare: Served, path: str) -> None:
    """Nothing is counted yet."""
    decide(bare, authority())

    assert "published" in get(bare, path, 409)["detail"]


def test_nothing_but_published_cells_is_behind_an_answer(served: Served) -> None:
    """Whoever exchanges the fleet and leaves the page gets the same."""
    paths = ("drill", "trend", "headroom", "blockers", "cliffs")
    before = [get(served, path) for path in paths]
    served.collector.fleet.devices.clear()
    served.collector.decisions = replace(
        served.collector.decisions, version=served.collector.decisions.version + 1
    )

    assert [get(served, path) for path in paths] == before
    assert any(cell.family == CAPABILITY for cell in served.publisher.page.cells)  # type: ignore[union-attr]


PRICED = {"prices": {"vpn_session": {"euro": 40, "it_hours": 0.5}}}


def test_a_plan_over_the_api_is_the_planners(served: Served) -> None:
    """Sessions bind, so sessions are bought; at a concurrency of 0.8 each serves a person and a quarter."""
    gateway = {"name": "VPN Rathaus", "sessions": 6}
    decide(served, organisation(units=UNITS, services=[], gateways=[gateway], **PRICED))

    plan = get(served, "plan", budget=80, lang="en")

    assert plan["source"] == "published"
    (step,) = plan["steps"]
    (bought,) = step["purchases"]
    assert (bought["item"], bought["number"], bought["where"]) == ("vpn_session", 2, {"VPN Rathaus": 2})
    assert (step["euro"], step["gain"], plan["after"]["able"]) == (80, 2.5, plan["before"]["able"] + 2.5)
    assert plan["before"]["binding_constraint"]["names"] == ["VPN Rathaus"]


@pytest.mark.parametrize(
    "asked",
    [{}, {"budget": 1, "target": 0.5}, {"hours": 3}, {"hours": 3, "target": 0.5}],
    ids=["nothing", "both", "hours alone", "hours for a target"],
)
def test_a_plan_wants_a_budget_or_a_target(served: Served, asked: dict[str, Any]) -> None:
    """Anything else is refused with what is expected."""
    assert "either budget" in get(served, "plan", 409, **asked)["detail"]


def test_a_plan_for_an_unknown_scenario_names_the_near_one(served: Served) -> None:
    """As everywhere else."""
    assert "storm-day" in str(get(served, "plan", 404, budget=1, scenario="storm-dey"))


def test_what_is_in_force_can_be_read(served: Served) -> None:
    """The shipped policy as long as nobody adopted one, and the organisation as it was imported."""
    policy = get(served, "policy")
    assert (policy["adopted_on"], policy["policy"]["version"]) == (None, 1)
    assert policy["policy"]["checks"][0]["remedy"]["staff"]["de"]

    found = get(served, "organisation")
    assert found["imported_on"] == TODAY.isoformat()
    assert [unit["name"] for unit in found["organisation"]["units"]] == ["Bauamt", "Sozialamt"]


def test_without_an_organisation_the_next_step_is_told(bare: Served) -> None:
    """As everywhere else."""
    assert "fernbereit organisation import" in str(get(bare, "organisation", 409))
