"""Is the figure for hundreds of days the figure of the drill?"""

import pytest
from hypothesis import given, settings

from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.scenario import SCENARIOS, Scenario
from fernbereit_server.resilience.total import able_in_all
from generated_authorities import NEAR, SLOW, World, counted, worlds


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(world=worlds())
def test_the_total_is_that_of_the_drill(scenario: Scenario, world: World) -> None:
    """Both bounds, and the people they are a share of, whatever is lost."""
    counts = counted(world.known)
    whole = drill(world.organisation, counts, scenario)

    able, suitable = able_in_all(world.organisation, counts, scenario)

    assert (able.low, able.high) == pytest.approx((whole.able.low, whole.able.high), abs=NEAR)
    assert suitable == whole.suitable
