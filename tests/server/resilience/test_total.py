"""Is the figure for hundreds of days the figure of the drill?"""

import pytest
from hypothesis import given, settings

from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.headroom import headroom
from fernbereit_server.resilience.scenario import SCENARIOS, Scenario
from fernbereit_server.resilience.total import totals
from generated_authorities import NEAR, SLOW, World, counted, worlds


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(world=worlds())
def test_the_total_is_that_of_the_drill(scenario: Scenario, world: World) -> None:
    """Both bounds, the people they are a share of, the sessions asked for, whatever is lost."""
    counts = counted(world.known)
    whole = drill(world.organisation, counts, scenario)

    found = totals(world.organisation, counts, scenario)
    asked = headroom(world.organisation, counts, scenario).demanded

    assert (found.able.low, found.able.high) == pytest.approx((whole.able.low, whole.able.high), abs=NEAR)
    assert found.suitable == whole.suitable
    assert found.sessions == asked
