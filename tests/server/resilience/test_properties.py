"""What must hold for every authority? Generated ones, with the truth behind each unknown device."""

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fernbereit_server.organisation.model import Gateway, Organisation
from fernbereit_server.resilience.counts import Group, Kind, Path, Verdict, read_counts
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.result import DrillResult
from fernbereit_server.resilience.scenario import SCENARIOS, Scenario
from generated_authorities import NEAR, SLOW, World, counted, groups, organisations, worlds

OFFICE_CLOSED = SCENARIOS[0]


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(world=worlds())
def test_the_truth_lies_between_the_bounds_of_a_thousand_fleets(world: World) -> None:
    """In all, for every unit and for every service, whatever the unknown devices really are."""
    check_bounds(world)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(world=worlds())
def test_the_truth_lies_between_the_bounds(world: World) -> None:
    """The same over a few fleets, for every day."""
    check_bounds(world)


def check_bounds(world: World) -> None:
    said = drill(world.organisation, counted(world.known), OFFICE_CLOSED)
    true = drill(world.organisation, counted(world.truth), OFFICE_CLOSED)

    assert said.able.low - NEAR <= true.able.low <= said.able.high + NEAR
    for bounds, exact in zip(said.units, true.units, strict=True):
        assert bounds.able.low - NEAR <= exact.able.low <= bounds.able.high + NEAR
    for claimed, real in zip(said.services, true.services, strict=True):
        assert claimed.staffed.low - NEAR <= real.staffed.low <= claimed.staffed.high + NEAR
        assert claimed.holds in {real.holds, "unknown"}


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(world=worlds(), data=st.data())
def test_the_order_of_rows_does_not_matter(world: World, data: st.DataObject) -> None:
    """Rows add up, wherever they stand."""
    shuffled = data.draw(st.permutations(world.known))

    assert flat(drill(world.organisation, counted(shuffled), OFFICE_CLOSED)) == pytest.approx(
        flat(drill(world.organisation, counted(world.known), OFFICE_CLOSED)), abs=NEAR
    )


def flat(result: DrillResult) -> list[float]:
    return [
        result.able.low,
        result.able.high,
        *(figure for unit in result.units for figure in (unit.able.low, unit.able.high)),
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(world=worlds())
def test_totals_are_consistent(world: World) -> None:
    """Units' low figures add up to no more than the total, high ones to no less; all stay in bounds."""
    result = drill(world.organisation, counted(world.known), OFFICE_CLOSED)

    assert sum(unit.able.low for unit in result.units) <= result.able.low + NEAR
    assert sum(unit.able.high for unit in result.units) >= result.able.high - NEAR
    assert 0 <= result.able.low <= result.able.high <= result.suitable + NEAR
    assert result.able.low <= result.equipped.low + NEAR
    assert result.able.high <= result.equipped.high + NEAR
    assert sum(piece.people for piece in result.cut) == pytest.approx(result.able.low, abs=1e-3)
    for unit in result.units:
        assert -NEAR <= unit.able.low <= unit.able.high <= unit.suitable + NEAR


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(organisation=organisations(shared_limits=False), data=st.data(), more=st.integers(1, 30))
def test_a_greater_gateway_lowers_nobody(organisation: Organisation, data: st.DataObject, more: int) -> None:
    """With gateways that share nothing, whoever may use them and whoever comes first."""
    assume(organisation.gateways)
    counts = counted(data.draw(groups(organisation)))
    grown = data.draw(st.sampled_from(organisation.gateways or ()))
    before = drill(organisation, counts, OFFICE_CLOSED)
    after = drill(with_gateway(organisation, grown, more), counts, OFFICE_CLOSED)

    for old, new in zip(flat(before), flat(after), strict=True):
        assert new >= old - NEAR


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(organisation=organisations(), data=st.data(), more=st.integers(1, 30))
def test_more_of_the_outermost_limit_lowers_nobody(
    organisation: Organisation, data: st.DataObject, more: int
) -> None:
    """More licences lower nobody where no line holds the pool; lines and gateways likewise."""
    counts = counted(data.draw(groups(organisation)))
    pool = data.draw(st.sampled_from(organisation.licence_pools))
    of_pool = {way.name for way in organisation.gateways or () if way.licences == pool.name}
    of_line = {way.name for way in organisation.gateways or () if way.uplink == "L"}
    assume(of_pool and not of_pool < of_line and of_pool != of_line)
    pools = tuple(
        one.model_copy(update={"sessions": one.sessions + more * (one.name == pool.name)})
        for one in organisation.licence_pools
    )
    before = drill(organisation, counts, OFFICE_CLOSED)
    after = drill(organisation.model_copy(update={"licence_pools": pools}), counts, OFFICE_CLOSED)

    for old, new in zip(flat(before), flat(after), strict=True):
        assert new >= old - NEAR


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(organisation=organisations(), data=st.data(), more=st.integers(1, 30))
def test_more_capacity_never_lowers_the_total(
    organisation: Organisation, data: st.DataObject, more: int
) -> None:
    """Anywhere in any network, behind shared licences too."""
    assume(organisation.gateways)
    counts = counted(data.draw(groups(organisation)))
    grown = data.draw(st.sampled_from(organisation.gateways or ()))
    before = drill(organisation, counts, OFFICE_CLOSED)
    after = drill(with_gateway(organisation, grown, more), counts, OFFICE_CLOSED)

    assert after.able.low >= before.able.low - NEAR
    assert after.able.high >= before.able.high - NEAR


def with_gateway(organisation: Organisation, grown: Gateway, more: int) -> Organisation:
    gateways = tuple(
        way.model_copy(update={"sessions": (way.sessions or 0) + more}) if way.name == grown.name else way
        for way in organisation.gateways or ()
    )
    return organisation.model_copy(update={"gateways": gateways})


def test_no_rule_can_spare_everybody_behind_a_shared_pool() -> None:
    """Why the property above stops at shared pools: 10 licences, gateways of 2 and 20 on either side.

    Whoever fills the pool in both halves gives 8 to one side and then to the other; with both gateways at 20,
    8 + 8 > 10, so one side must lose, by whatever rule.
    """
    fleet = {Group(unit, Path.VPN, Verdict.READY, Kind.PERSONAL): 20 for unit in "AB"}
    halves = [able_behind_a_pool(fleet, {"A": a, "B": b}) for a, b in ((2, 20), (20, 2), (20, 20))]

    assert [pytest.approx(half) for half in ([2, 8], [8, 2], [5, 5])] == halves


def able_behind_a_pool(fleet: dict[Group, int], sessions: dict[str, int]) -> list[float]:
    organisation = Organisation.model_validate(
        {
            "units": [{"name": unit, "headcount": 20} for unit in sessions],
            "gateways": [
                {"name": unit, "sessions": number, "units": [unit], "licences": "P"}
                for unit, number in sessions.items()
            ],
            "licence_pools": [{"name": "P", "sessions": 10}],
        },
        strict=False,
    )
    return [unit.able.low for unit in drill(organisation, Counter(fleet), OFFICE_CLOSED).units]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
def test_every_shipped_scenario_answers_for_an_authority_of_one_unit(scenario: Scenario) -> None:
    """Without sites, gateways or dependencies there may be nothing to lose, and that is said."""
    organisation = Organisation.model_validate({"units": [{"name": "A", "headcount": 3}]}, strict=False)
    counts = read_counts(b"unit,path,verdict,kind,count\nA,direct,ready,personal,2\n", ["A"], [])
    result = drill(organisation, counts, scenario)
    said = any(note.word == "nothing_to_lose" for note in result.notes)

    assert result.able.low == pytest.approx(2)
    assert said == (scenario.key not in {"office-closed", "storm-day"})
