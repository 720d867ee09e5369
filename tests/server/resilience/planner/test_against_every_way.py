"""Is a plan the best there is? Small authorities, every way of spending tried and drilled."""

import pytest

from fernbereit_server.resilience.planner.plan import plan
from fernbereit_server.resilience.planner.result import Wish
from small_plans import authority, every_way

NEAR = 1e-4


def check_plan(seed: int) -> None:
    here, found = authority(seed)
    ways = list(every_way(here, found))
    for budget, hours in ((0, None), (3, None), (7, 2), (12, 5), (40, None)):
        within = [way for way in ways if way[1] <= budget and (hours is None or way[2] <= hours)]
        most = max(people for people, _, _ in within)
        cheapest = min((euro, spent) for people, euro, spent in within if people > most - NEAR)
        answer = plan(here.organisation, here.counts, here.scenario, Wish(euro=budget, hours=hours))

        assert answer.after.able == pytest.approx(most, abs=NEAR), (seed, budget, hours)
        assert (answer.euro, answer.hours) == pytest.approx(cheapest, abs=1e-3), (seed, budget, hours)
    top = max(people for people, _, _ in ways)
    for target in (0.5, 0.9, 1.0):
        enough = [way for way in ways if way[0] >= target * here.suitable - NEAR]
        answer = plan(here.organisation, here.counts, here.scenario, Wish(target=target))

        assert answer.reached == bool(enough), (seed, target)
        assert answer.at_most == pytest.approx(top, abs=NEAR), (seed, target)
        if enough:
            assert answer.euro == pytest.approx(min(euro for _, euro, _ in enough), abs=1e-3), (seed, target)
        else:
            assert answer.after.able == pytest.approx(top, abs=NEAR), (seed, target)


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 6, 40, 64])
def test_no_way_of_spending_is_better(seed: int) -> None:
    """Neither for a budget, in euro and hours, nor on the way to a target; and none as good is cheaper."""
    check_plan(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(80))
def test_no_way_of_spending_is_better_on_many_more(seed: int) -> None:
    """The same on eighty, of every kind."""
    check_plan(seed)
