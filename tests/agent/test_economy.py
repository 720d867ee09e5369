"""Can heavy looks wait for a charger, and do they come all the same in the end?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit.facts.network import Network
from fernbereit.record import Observation, Outcome
from fernbereit_agent.economy import AT_MOST, HEAVY, Economy, affordable, metered
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import PROBES
from fernbereit_agent.report import Look

HOUR_S = 3600.0
TARGETS, FIREWALL = (
    Probe(section=name, every=timedelta(hours=1), deadline=timedelta(seconds=9), readers={})
    for name in ("targets", "firewall")
)
LOW = Economy(low_battery=True)


def _run(economy: Economy, age_s: float) -> list[str]:
    last = {"targets": 0.0, "firewall": 0.0}
    return [probe.section for probe in affordable((TARGETS, FIREWALL), last, age_s, economy)]


@pytest.mark.parametrize(
    ("economy", "saves"),
    [
        (Economy(), False),
        (Economy(low_battery=False, metered=False), False),
        (LOW, True),
        (Economy(metered=True), True),
    ],
    ids=["nothing known", "no reason", "low battery", "a metered link"],
)
def test_only_a_reason_puts_a_heavy_look_off(economy: Economy, *, saves: bool) -> None:
    """All that costs nothing is looked at as ever."""
    assert _run(economy, HOUR_S) == (["firewall"] if saves else ["targets", "firewall"])


def test_a_heavy_look_is_put_off_no_longer_than_four_times_its_wait() -> None:
    """A laptop that never sees a charger is judged all the same."""
    assert _run(LOW, AT_MOST * HOUR_S - 1) == ["firewall"]
    assert _run(LOW, AT_MOST * HOUR_S) == ["targets", "firewall"]


def test_the_first_report_is_complete_whatever_it_costs() -> None:
    """What was never looked at is looked at."""
    assert affordable((TARGETS,), {}, 5, LOW) == (TARGETS,)


@given(st.lists(st.booleans(), max_size=200))
def test_no_course_of_the_battery_hides_a_section(low: list[bool]) -> None:
    """Looked at every quarter of an hour, a heavy section is never older than four hours and one report."""
    last: dict[str, float] = {}
    for number, is_low in enumerate(low):
        now = number * 900.0
        due = () if "targets" in last and now - last["targets"] < HOUR_S else (TARGETS,)
        for probe in affordable(due, last, now, Economy(low_battery=is_low)):
            last[probe.section] = now
        assert now - last["targets"] <= AT_MOST * HOUR_S


def test_every_heavy_section_exists() -> None:
    """A section that is renamed is renamed here."""
    assert {probe.section for probe in PROBES} >= HEAVY


def test_whether_the_link_costs_money_is_what_the_network_section_says() -> None:
    """Unknown without it."""
    look = Look(Observation[Network](outcome=Outcome.OK, facts=Network(metered=True)), 0.0)
    assert metered({"network": look}) is True
    assert metered({}) is None
