"""What does the fleet itself count to, for operations?"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from fernbereit.facts.readiness import Readiness
from fernbereit.facts.remote_access import RemoteAccess, VpnClient
from fernbereit.policy import shipped_policy
from fernbereit.readiness import Result, compile_policy
from fernbereit_server.fleet import Fleet
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook import outlook_of_store
from fernbereit_server.outlook.collected import Collected, collected
from fernbereit_server.resilience.counts import Group, Kind, Verdict
from fernbereit_server.resilience.counts import Path as Way
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.scenario import SCENARIOS
from generated_authorities import NEAR, SLOW
from outlook_world import TODAY, fresh_store, organisation, store_organisation
from small_fleet import NOW, device_id, put, row

POLICY = compile_policy(shipped_policy())
OFFICE_CLOSED = SCENARIOS[0]
AUTHORITY = Organisation.model_validate(
    {
        "units": [{"name": "Bauamt", "headcount": 9}],
        "device_pools": [{"name": "Pool", "units": ["Bauamt"]}],
        "gateways": [{"name": "VPN", "sessions": 4}],
    },
    strict=False,
)


def judged(verdict: Verdict, failing: str = "") -> Judged:
    """Return a judgement in which one check fails."""
    return Judged(
        policy_version=POLICY.policy.version,
        verdict=verdict,  # type: ignore[arg-type]
        compliance=Compliance.COMPLIANT,
        outdated=False,
        results=tuple(Result.FAIL if check.id == failing else Result.PASS for check in POLICY.judged),
        counted=(),
    )


def fleet_of(*devices: tuple[str | None, str, Verdict | None]) -> Fleet:
    """Let devices of a unit and a kind have reported, judged or not yet."""
    fleet = Fleet()
    fleet.set_inventory(row(n, unit, kind=kind) for n, (unit, kind, _) in enumerate(devices))
    for n, (_, _, verdict) in enumerate(devices):
        put(fleet, n, {})
        if verdict is not None:
            fleet.set_judged(fleet.devices[device_id(n)], judged(verdict))
    return fleet


def count(fleet: Fleet, authority: Organisation = AUTHORITY) -> Collected:
    return collected(fleet.devices.values(), fleet.missing_inventory, authority, POLICY)


def test_devices_are_counted_by_unit_verdict_and_kind() -> None:
    """Stock and shared ones too: the drill says that they make nobody able."""
    fleet = fleet_of(
        ("Bauamt", "personal", Verdict.READY),
        ("Bauamt", "loan", Verdict.READY),
        ("Bauamt", "stock", Verdict.READY),
        ("Bauamt", "shared", Verdict.READY),
    )

    assert count(fleet).counts == {
        Group("Bauamt", Way.UNKNOWN, Verdict.READY, kind): 1
        for kind in (Kind.PERSONAL, Kind.LOAN, Kind.STOCK, Kind.SHARED)
    }


def test_what_nobody_judged_or_heard_of_is_unknown() -> None:
    """Whether it reported or stands in the inventory only."""
    fleet = fleet_of(("Bauamt", "personal", None))
    fleet.set_inventory([row(0, "Bauamt"), row(7, "Bauamt")])

    assert count(fleet).counts == {Group("Bauamt", Way.UNKNOWN, Verdict.UNKNOWN, Kind.PERSONAL): 2}


def test_the_way_in_is_what_was_proven_else_the_client() -> None:
    """A client alone does not say that it works without."""
    fleet = Fleet()
    fleet.set_inventory([row(n, "Bauamt") for n in range(2)])
    put(fleet, 0, {"readiness": Readiness(direct=True)})
    put(fleet, 1, {"remote_access": RemoteAccess(clients=(VpnClient.NCP,))})

    assert {group.path for group in count(fleet).counts} == {Way.DIRECT, Way.VPN}


def test_a_device_of_a_pool_is_the_pools_and_of_a_stranger_nobodys() -> None:
    """Strangers are named, so that somebody corrects the name."""
    fleet = fleet_of(
        ("Pool", "personal", Verdict.READY),
        ("Bau-Amt", "personal", Verdict.READY),
        (None, "personal", Verdict.READY),
    )
    found = count(fleet)

    assert found.counts == {
        Group("Pool", Way.UNKNOWN, Verdict.READY, Kind.POOL): 1,
        Group("", Way.UNKNOWN, Verdict.READY, Kind.PERSONAL): 2,
    }
    assert found.strangers == ("Bau-Amt",)


@pytest.mark.parametrize("status", ["retired", "quarantined", "revoked"])
def test_only_active_devices_count(status: str) -> None:
    """What was retired makes nobody able."""
    fleet = Fleet()
    fleet.set_inventory([row(0, "Bauamt")])
    put(fleet, 0, {}, status=status)

    assert not count(fleet).counts


def test_one_failing_check_with_a_price_is_a_fix_for_the_planner() -> None:
    """By what it takes; a ready device needs none."""
    check = next(check for check in POLICY.judged if check.essential and check.cost_item)
    fleet = fleet_of(("Bauamt", "personal", None), ("Bauamt", "personal", Verdict.READY))
    fleet.set_judged(fleet.devices[device_id(0)], judged(Verdict.NOT_READY, check.id))

    assert {(group.verdict, group.fix) for group in count(fleet).counts} == {
        (Verdict.NOT_READY, check.cost_item),
        (Verdict.READY, ""),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(
    fleet=st.lists(
        st.tuples(st.sampled_from([*Verdict, None]), st.sampled_from([Verdict.READY, Verdict.NOT_READY])),
        max_size=12,
    )
)
def test_bounds_of_exact_counts_hold_the_truth(fleet: list[tuple[Verdict | None, Verdict]]) -> None:
    """Whatever the devices really are that are unknown today."""
    now = fleet_of(*(("Bauamt", "personal", seen) for seen, _ in fleet))
    known = {Verdict.READY, Verdict.NOT_READY, Verdict.LIMITED}
    truth = fleet_of(*(("Bauamt", "personal", seen if seen in known else true) for seen, true in fleet))
    said = drill(AUTHORITY, count(now).counts, OFFICE_CLOSED)
    for way in (Way.VPN, Way.DIRECT):
        counts = count(truth).counts
        real = type(counts)()
        for group, number in counts.items():
            real[Group(group.unit, way, group.verdict, group.kind)] += number
        true = drill(AUTHORITY, real, OFFICE_CLOSED)

        assert said.able.low - NEAR <= true.able.low <= said.able.high + NEAR


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Make a store with an organisation and one judged laptop that settings would make ready."""
    engine, _ = fresh_store(tmp_path)
    store_organisation(engine, organisation())
    yield engine
    engine.dispose()


def test_the_store_alone_counts_judgements(engine: Engine, tmp_path: Path) -> None:
    """While no collector runs; one by another policy says its verdict and no fix."""
    from fernbereit_server.settings import Settings
    from fernbereit_server.store import schema
    from fernbereit_server.store.database import writing

    check = next(check for check in POLICY.judged if check.essential and check.cost_item)
    states = {
        one.id: [("fail" if one is check else "pass"), TODAY.isoformat(), None] for one in POLICY.judged
    }
    with writing(engine) as connection:
        for n, version in enumerate((POLICY.policy.version, POLICY.policy.version + 1)):
            device = {"device_id": device_id(n), "status": "active", "status_on": TODAY, "code": f"AAAAA{n}"}
            connection.execute(insert(schema.devices), {**device, "first_seen_on": date(2026, 1, 1)})
            connection.execute(
                insert(schema.judgements),
                {
                    "device_id": device_id(n),
                    "policy_version": version,
                    "judged_on": TODAY,
                    "verdict": "not_ready",
                    "verdict_since_on": TODAY,
                    "compliance": "non_compliant",
                    "compliance_since_on": TODAY,
                    "low_permille": 0,
                    "high_permille": 0,
                    "coverage_permille": 1000,
                    "outdated": False,
                    "checks": json.dumps(states),
                },
            )

    seen = outlook_of_store(engine, Settings(data=tmp_path), lambda: NOW).fleet(exact=True)

    assert seen.counts == {
        Group("", Way.UNKNOWN, Verdict.NOT_READY, Kind.PERSONAL, check.cost_item or ""): 1,
        Group("", Way.UNKNOWN, Verdict.NOT_READY, Kind.PERSONAL): 1,
    }
