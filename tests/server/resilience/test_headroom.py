"""How much is left at the gateways, in sessions?"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Group, Kind, Path, Verdict
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.headroom import headroom
from fernbereit_server.resilience.result import Bounds
from fernbereit_server.resilience.scenario import SCENARIOS
from generated_authorities import NEAR, SLOW, World, counted, worlds

OFFICE_CLOSED, GATEWAY_LOST, STORM_DAY = SCENARIOS[:3]


def authority(*gateways: dict[str, Any], **more: Any) -> Organisation:
    """Units A and B of 100 people, of whom four in five are connected at once."""
    units = [{"name": name, "headcount": 100} for name in "AB"]
    return Organisation.model_validate(
        {"units": units, "gateways": gateways, "concurrency": 0.8, **more}, strict=False
    )


def ready(unit: str, path: Path, number: int, verdict: Verdict = Verdict.READY) -> Counter[Group]:
    return Counter({Group(unit, path, verdict, Kind.PERSONAL): number})


def test_sessions_are_people_times_those_connected_at_once() -> None:
    """Fifty people who need a tunnel ask for forty sessions of sixty; on a storm day for fifty."""
    organisation = authority({"name": "VPN", "sessions": 60})
    fleet = ready("A", Path.VPN, 50)

    found, storm = (headroom(organisation, fleet, scenario) for scenario in (OFFICE_CLOSED, STORM_DAY))

    assert found.total is not None
    assert found.total.demanded == Bounds(40, 40)
    assert found.total.capacity == pytest.approx(60)
    assert (found.total.left.low, found.total.left.high) == pytest.approx((20, 20))
    assert found.ceiling == 160
    assert storm.demanded == Bounds(50, 50)


def test_unknown_devices_make_the_demand_a_range() -> None:
    """Those that may need a tunnel count in the high figure only; those known to work without in neither."""
    organisation = authority({"name": "VPN", "sessions": 60})
    fleet = ready("A", Path.VPN, 10) + ready("A", Path.UNKNOWN, 20) + ready("A", Path.DIRECT, 30)
    fleet += ready("A", Path.VPN, 10, Verdict.UNKNOWN)

    assert headroom(organisation, fleet, OFFICE_CLOSED).demanded == Bounds(8, 32)


def test_people_go_where_there_is_room() -> None:
    """A may use both, B the second only: nobody says that the second is overloaded while A can give way."""
    organisation = authority(
        {"name": "first", "sessions": 80, "units": ["A"]}, {"name": "second", "sessions": 80}
    )
    fleet = ready("A", Path.VPN, 100) + ready("B", Path.VPN, 90)

    loads = headroom(organisation, fleet, OFFICE_CLOSED).gateways

    assert [load.name for load in loads] == ["first", "second"]
    assert [load.demanded.high for load in loads] == pytest.approx([76, 76])
    assert [load.capacity for load in loads] == pytest.approx([80, 80])


def test_a_gateway_for_one_unit_is_the_tightest_though_others_stand_empty() -> None:
    """What is left elsewhere does not help who may not use it."""
    organisation = authority(
        {"name": "small", "sessions": 20, "units": ["A"]},
        {"name": "large", "sessions": 500, "units": ["B"]},
    )

    found = headroom(organisation, ready("A", Path.VPN, 50), OFFICE_CLOSED)

    assert found.tightest is not None
    assert found.tightest.name == "small"
    assert found.tightest.left.low == pytest.approx(-20)


def test_shared_licences_are_a_limit_of_their_own() -> None:
    """Two gateways of 60 behind 80 licences carry 80 sessions."""
    gateways = [{"name": name, "sessions": 60, "licences": "pool"} for name in ("one", "two")]
    organisation = authority(*gateways, licence_pools=[{"name": "pool", "sessions": 80}])

    found = headroom(organisation, ready("A", Path.VPN, 50), OFFICE_CLOSED)

    assert found.total is not None
    assert found.total.capacity == pytest.approx(80)
    assert {load.name: load.demanded.high for load in found.gateways} == {
        "one": pytest.approx(20),
        "two": pytest.approx(20),
        "pool": pytest.approx(40),
    }


def test_a_lost_gateway_carries_nothing() -> None:
    """Its people go to the other one; where there is none, they stay asking at the lost one."""
    two = authority({"name": "large", "sessions": 60}, {"name": "small", "sessions": 40})
    one = authority({"name": "only", "sessions": 60})
    fleet = ready("A", Path.VPN, 50)

    left, nothing = (headroom(organisation, fleet, GATEWAY_LOST) for organisation in (two, one))

    assert [(load.name, load.demanded.high, load.capacity) for load in left.gateways] == [
        ("large", 0, 0),
        ("small", pytest.approx(40), pytest.approx(40)),
    ]
    (load,) = nothing.gateways
    assert (load.demanded.high, load.capacity) == pytest.approx((40, 0))


def test_capacity_that_nobody_stated_is_not_invented() -> None:
    """Demand is known, what is left is not."""
    organisation = authority().model_copy(update={"gateways": None})
    found = headroom(organisation, ready("A", Path.VPN, 50), OFFICE_CLOSED)

    assert (found.demanded.high, found.total, found.gateways, found.tightest) == (40, None, (), None)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(world=worlds())
def test_whoever_has_headroom_at_every_limit_loses_nobody_to_the_gateways(world: World) -> None:
    """The two ways of computing agree: nothing is overloaded, so everybody with a ready laptop is able."""
    counts = counted(world.truth)
    found = headroom(world.organisation, counts, OFFICE_CLOSED)
    result = drill(world.organisation, counts, OFFICE_CLOSED)
    if found.total is None:
        return
    unserved = result.equipped.high - result.able.high
    overloaded = any(load.left.low < -NEAR for load in found.gateways)
    for_all = bool(world.organisation.gateways) and all(
        way.units is None for way in world.organisation.gateways or ()
    )

    assert found.demanded.low == pytest.approx(found.demanded.high, abs=NEAR)
    if not overloaded and for_all:
        assert unserved == pytest.approx(0, abs=1e-3)
    if unserved < NEAR:
        assert not overloaded
