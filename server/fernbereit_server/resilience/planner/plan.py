"""What does the next euro buy, or what is the cheapest way to a target?

Most people able in the drill's low figure, over the whole authority: the optimum in whole numbers
(`optimum.py`), then its parts in the order in which to take them (`bundles.py`). Why it is computed this way:
docs/decisions/011-a-plan-is-bundles.md.
"""

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.planner.bundles import in_order
from fernbereit_server.resilience.planner.measure import Measure, What
from fernbereit_server.resilience.planner.measures import possible
from fernbereit_server.resilience.planner.notes import notes
from fernbereit_server.resilience.planner.optimum import HAIR, able_at_most, enough_able, most_able
from fernbereit_server.resilience.planner.program import program_of
from fernbereit_server.resilience.planner.result import Plan, Single, Wish
from fernbereit_server.resilience.planner.situation import Situation, situation
from fernbereit_server.resilience.planner.standing import standing
from fernbereit_server.resilience.planner.steps import Ledger, steps_of
from fernbereit_server.resilience.scenario import Scenario


def plan(organisation: Organisation, counts: Counts, scenario: Scenario, wish: Wish) -> Plan:
    """Return what to do; `wish` is a budget or a target. Raises `ArithmeticError` if the solver gives up."""
    here = situation(organisation, counts, scenario)
    found = possible(here)
    program = program_of(here, found)
    before = standing(here, {})
    at_most = max(before.able, able_at_most(program))
    wanted = (wish.target or 0.0) * here.suitable
    if wish.target is None:
        chosen = most_able(program, wish.euro, wish.hours)
    elif at_most < wanted - HAIR:
        chosen = most_able(program, None, None)
    else:
        chosen = enough_able(program, wanted)
    ledger = Ledger(here, found, program, chosen)
    steps = steps_of(ledger, in_order(program, chosen, ledger.able, ledger.costs))
    after = steps[-1].after if steps else before
    return Plan(
        organisation=organisation.name,
        scenario=scenario.key,
        title=scenario.title,
        wish=wish,
        suitable=here.suitable,
        before=before,
        steps=steps,
        reached=None if wish.target is None else after.able >= wanted - 10 * HAIR,
        at_most=max(at_most, after.able),
        singles=_singles(here, found.measures, before.able),
        unpriced=found.unpriced,
        notes=tuple(notes(here, scenario, ledger.numbers(chosen))),
    )


def _singles(here: Situation, measures: tuple[Measure, ...], before: float) -> tuple[Single, ...]:
    """Take each kind of measure that has a price by itself, as often as it can be taken."""
    kinds: dict[tuple[What, str], list[Measure]] = {}
    for measure in measures:
        if measure.item in here.organisation.prices:
            kinds.setdefault((measure.what, measure.item), []).append(measure)
    return tuple(
        Single(
            what=what,
            item=item,
            most=sum(measure.most for measure in of_kind),
            gain=max(0.0, standing(here, {measure: measure.most for measure in of_kind}).able - before),
        )
        for (what, item), of_kind in sorted(kinds.items())
    )
