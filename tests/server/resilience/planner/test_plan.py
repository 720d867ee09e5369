"""What does a plan say, and does the drill agree once it is carried out?"""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

import pytest

from fernbereit_server.organisation.file import read_organisation
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, read_counts
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.planner.applied import applied
from fernbereit_server.resilience.planner.measure import What
from fernbereit_server.resilience.planner.plan import plan
from fernbereit_server.resilience.planner.result import Plan, Wish
from fernbereit_server.resilience.planner.situation import situation
from fernbereit_server.resilience.scenario import SCENARIOS, Scenario
from small_plans import authority

OFFICE_CLOSED = SCENARIOS[0]
CASES = FilePath(__file__).parents[1] / "cases"
NEAR = 1e-4


def of(units: Any, fleet: str, **more: Any) -> tuple[Organisation, Counts]:
    organisation = Organisation.model_validate({"units": units, **more}, strict=False)
    names = [unit["name"] for unit in units]
    pools = [pool.name for pool in organisation.device_pools]
    head = "unit,path,verdict,kind,fix,count\n"
    return organisation, read_counts((head + fleet).encode(), names, pools) if fleet else Counter()


def bought(answer: Plan) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for step in answer.steps:
        for one in step.purchases:
            found[one.what, one.item] += one.number
    return found


def agree(answer: Plan, organisation: Organisation, counts: Counts, scenario: Scenario) -> None:
    """Drill the authority after each step."""
    held = situation(organisation, counts, scenario).scenario
    able = drill(organisation, counts, held).able.low
    for step in answer.steps:
        after = drill(*applied(organisation, counts, step.taken), held)
        assert after.able.low - able == pytest.approx(step.gain, abs=NEAR)
        assert after.able.low == pytest.approx(step.after.able, abs=NEAR)
        assert after.binding == step.after.binding
        able = after.able.low
    assert answer.after.able == pytest.approx(able, abs=NEAR)


def berlin() -> tuple[Organisation, Counts]:
    case = CASES / "berlin-2021"
    organisation = read_organisation(case / "organisation.yaml")
    prices = {"laptop": {"euro": 1200, "it_hours": 3}, "vpn_session": {"euro": 45, "it_hours": 0.1}}
    priced = Organisation.model_validate({**organisation.model_dump(), "prices": prices}, strict=False)
    return priced, read_counts((case / "fleet.csv").read_bytes(), ["Verwaltung"], [])


def test_berlin_in_2021_needs_tunnels_and_no_laptop() -> None:
    """15,500 tunnels for 697,500 euro make 15,500 more people able; laptops alone, however many, nobody."""
    organisation, counts = berlin()
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=697_500))

    assert bought(answer) == {("session", "vpn_session"): 15_500}
    assert (answer.gain, answer.euro, answer.hours) == pytest.approx((15_500, 697_500, 1_550))
    assert {single.item: single.gain for single in answer.singles} == {"laptop": 0, "vpn_session": 15_500}
    assert answer.after.binding.tied == ("devices",)
    agree(answer, organisation, counts, OFFICE_CLOSED)


def test_berlin_in_2021_needs_both_after_that() -> None:
    """Half of the suitable staff: 15,500 tunnels first, then laptops and tunnels in pairs, as one bundle."""
    organisation, counts = berlin()
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(target=0.5))

    assert answer.reached
    assert bought(answer) == {("session", "vpn_session"): 30_000, ("laptop", "laptop"): 14_500}
    assert [step.gain for step in answer.steps] == pytest.approx([15_500, 14_500])
    assert [one.alone for one in answer.steps[1].purchases] == pytest.approx([0, 0])


def test_two_things_that_bind_together_are_one_step() -> None:
    """Forty free laptops add nothing, tunnels add nothing, together forty people."""
    organisation, counts = of(
        [{"name": "A", "headcount": 100}],
        "A,vpn,ready,personal,,50",
        gateways=[{"name": "VPN", "sessions": 50}],
        prices={"laptop": {"euro": 1000, "it_hours": 2}, "vpn_session": {"euro": 10}},
        stock={"laptop": 40},
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=400))

    assert [step.gain for step in answer.steps] == pytest.approx([40])
    assert [(one.what, one.number, one.from_stock, one.alone) for one in answer.steps[0].purchases] == [
        ("laptop", 40, 40, 0),
        ("session", 40, 0, 0),
    ]
    assert (answer.euro, answer.hours) == pytest.approx((400, 80))


def test_what_is_free_comes_first_then_what_brings_most() -> None:
    """Settings cost nothing, a battery 80 euro, a laptop 1,000: in this order, each as often as it helps."""
    organisation, counts = of(
        [{"name": "A", "headcount": 100}],
        "A,direct,not_ready,personal,settings,20\nA,direct,limited,personal,battery,30\n"
        "A,direct,ready,personal,,10",
        gateways=[{"name": "VPN", "sessions": 100}],
        prices={"laptop": {"euro": 1000}, "settings": {"euro": 0}, "battery": {"euro": 80, "it_hours": 0.5}},
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=10_000))

    assert [step.purchases[0].item for step in answer.steps] == ["settings", "battery", "laptop"]
    assert [step.gain for step in answer.steps] == pytest.approx([20, 30, 7])
    assert [step.able_per_euro for step in answer.steps] == [
        None,
        pytest.approx(1 / 80),
        pytest.approx(1 / 1000),
    ]
    assert answer.steps[1].able_per_hour == pytest.approx(2)
    agree(answer, organisation, counts, OFFICE_CLOSED)


def test_hours_limit_a_plan_as_money_does() -> None:
    """Cheap repairs that take long give way to dearer ones that are quick."""
    organisation, counts = of(
        [{"name": "A", "headcount": 50}],
        "A,direct,not_ready,personal,battery,20\nA,direct,not_ready,personal,headset,20",
        gateways=[],
        prices={"battery": {"euro": 10, "it_hours": 5}, "headset": {"euro": 40, "it_hours": 1}},
    )

    assert plan(organisation, counts, OFFICE_CLOSED, Wish(euro=800, hours=20)).gain == pytest.approx(20)
    assert bought(plan(organisation, counts, OFFICE_CLOSED, Wish(euro=200))) == {("fix", "battery"): 20}


def test_a_session_brings_its_licence_unless_licences_have_a_price() -> None:
    """Then both are bought."""
    units = [{"name": "A", "headcount": 30}]
    network = {
        "gateways": [{"name": "VPN", "sessions": 10, "licences": "P"}],
        "licence_pools": [{"name": "P", "sessions": 10}],
    }
    with_licence = {"vpn_session": {"euro": 10}}
    apart = {**with_licence, "vpn_licence": {"euro": 30}}
    fleet = "A,vpn,ready,personal,,30"

    brings = plan(*of(units, fleet, prices=with_licence, **network), OFFICE_CLOSED, Wish(euro=120))
    both = plan(*of(units, fleet, prices=apart, **network), OFFICE_CLOSED, Wish(euro=120))

    assert bought(brings) == {("session", "vpn_session"): 12}
    assert bought(both) == {("session", "vpn_session"): 3, ("licence", "vpn_licence"): 3}


def test_lines_are_bought_by_the_megabit() -> None:
    """At the gateway and on the shared line."""
    organisation, counts = of(
        [{"name": "A", "headcount": 40}],
        "A,vpn,ready,personal,,40",
        gateways=[{"name": "VPN", "bandwidth_mbit": 25, "per_session_mbit": 2.5, "uplink": "L"}],
        uplinks=[{"name": "L", "bandwidth_mbit": 50, "per_session_mbit": 2.5}],
        prices={"bandwidth_mbit": {"euro": 1}},
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(target=1.0))

    assert bought(answer) == {("line", "bandwidth_mbit"): 75, ("uplink", "bandwidth_mbit"): 50}
    agree(answer, organisation, counts, OFFICE_CLOSED)


def test_nothing_is_bought_for_people_whose_device_is_only_unknown() -> None:
    """It may be ready: first somebody looks. The plan says so, and how far it goes without."""
    organisation, counts = of(
        [{"name": "A", "headcount": 10}],
        "A,direct,unknown,personal,,6",
        gateways=[],
        targets=[{"name": "Cloud", "path": "cloud"}],
        prices={"laptop": {"euro": 1}},
    )
    organisation = organisation.model_copy(
        update={"units": (organisation.units[0].model_copy(update={"essential": ("Cloud",)}),)}
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(target=1.0))

    assert answer.reached is False
    assert answer.at_most == pytest.approx(4)
    assert answer.gain == pytest.approx(4)
    assert ("unknown_devices", 6) in [(note.word, note.values.get("number")) for note in answer.notes]


def test_a_trial_day_is_said_and_not_counted() -> None:
    """It may show that five need no tunnel; until then they count as needing one."""
    organisation, counts = of(
        [{"name": "A", "headcount": 20}],
        "A,unknown,ready,personal,,5\nA,vpn,ready,personal,,10",
        gateways=[{"name": "VPN", "sessions": 10}],
        prices={"trial_day": {"euro": 0}},
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=1000))

    assert not answer.steps
    assert [note.values for note in answer.notes if note.word == "trial_day"] == [{"devices": 5, "people": 5}]


def test_pool_devices_are_handed_out_where_they_help() -> None:
    """Divided by rule, half of them wait for a unit without a gateway."""
    organisation, counts = of(
        [{"name": "A", "headcount": 10}, {"name": "B", "headcount": 10}],
        "pool,vpn,ready,pool,,10",
        gateways=[{"name": "VPN", "sessions": 20, "units": ["A"]}],
        device_pools=[{"name": "pool", "units": ["A", "B"]}],
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=0))

    assert answer.gain == pytest.approx(5)
    assert [dict(one.where) for step in answer.steps for one in step.purchases] == [{"A": 10}]
    agree(answer, organisation, counts, OFFICE_CLOSED)


def test_what_has_no_price_is_named_and_not_planned() -> None:
    """A misspelt price is named too."""
    organisation, counts = of(
        [{"name": "A", "headcount": 10}],
        "A,vpn,not_ready,personal,headset,4",
        gateways=[{"name": "VPN", "sessions": 2}],
        prices={"headsets": {"euro": 30}},
    )
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=1000))

    assert answer.unpriced == ("headset", "laptop", "vpn_session")
    assert not answer.steps
    assert ("idle_prices", "headsets") in [(note.word, note.values.get("names")) for note in answer.notes]


@pytest.mark.parametrize(
    ("units", "fleet", "more", "able"),
    [
        pytest.param([{"name": "A", "headcount": 0}], "", {"gateways": []}, 0, id="a unit without people"),
        pytest.param([{"name": "A", "headcount": 5}], "", {"gateways": []}, 0, id="no gateways"),
        pytest.param([{"name": "A", "headcount": 5}], "", {}, 0, id="unknown capacity"),
        pytest.param(
            [{"name": "A", "headcount": 5}],
            "",
            {"gateways": [{"name": "VPN", "sessions": 0}]},
            5,
            id="prices of zero",
        ),
        pytest.param(
            [{"name": "A", "headcount": 5}],
            "A,vpn,ready,personal,,9",
            {"gateways": [{"name": "VPN", "sessions": 3}]},
            5,
            id="more devices than people",
        ),
    ],
)
def test_unusual_authorities_have_a_plan_too(units: Any, fleet: str, more: Any, able: int) -> None:
    """Free of charge, so everything that helps is taken and nothing else."""
    prices = {"laptop": {"euro": 0}, "vpn_session": {"euro": 0}}
    organisation, counts = of(units, fleet, prices=prices, **more)
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=0))

    assert answer.after.able == pytest.approx(able)
    agree(answer, organisation, counts, OFFICE_CLOSED)


def test_the_loss_of_the_largest_gateway_stays_the_loss_of_todays() -> None:
    """Else growing the other would only change which one is lost."""
    organisation, counts = of(
        [{"name": "A", "headcount": 100}],
        "A,vpn,ready,personal,,100",
        gateways=[{"name": "G", "sessions": 60}, {"name": "H", "sessions": 40}],
        prices={"vpn_session": {"euro": 1}},
    )
    answer = plan(organisation, counts, SCENARIOS[1], Wish(euro=60))

    assert answer.after.able == pytest.approx(100)
    assert [dict(one.where) for one in answer.steps[0].purchases] == [{"H": 60}]
    assert ("lost_today", "G") in [(note.word, note.values.get("names")) for note in answer.notes]
    agree(answer, organisation, counts, SCENARIOS[1])


@pytest.mark.parametrize("seed", range(10))
def test_the_drill_agrees_after_every_step(seed: int) -> None:
    """Gain, people able and what binds, for generated authorities in every scenario."""
    here, _ = authority(seed, most=10**9)
    for wish in (Wish(euro=6), Wish(euro=random.Random(seed).randint(0, 40), hours=4), Wish(target=0.8)):
        answer = plan(here.organisation, here.counts, here.scenario, wish)

        agree(answer, here.organisation, here.counts, here.scenario)
        assert wish.euro is None or answer.euro <= wish.euro + NEAR
        assert wish.hours is None or answer.hours <= wish.hours + NEAR


@pytest.mark.parametrize("seed", [4, 7, 9, 11])
def test_more_budget_never_makes_fewer_people_able(seed: int) -> None:
    """Nor more hours, nor a higher target fewer people."""
    here, _ = authority(100 + seed, most=10**9)

    def able(**wish: float) -> float:
        return plan(here.organisation, here.counts, here.scenario, Wish(**wish)).after.able

    for series in (
        [able(euro=euro) for euro in (0, 2, 5, 9, 20)],
        [able(euro=20, hours=hours) for hours in (0, 1, 3, 9)],
        [able(target=share) for share in (0.1, 0.5, 0.9)],
    ):
        assert all(later >= earlier - NEAR for earlier, later in pairwise(series))


def test_steps_bring_less_and_less_for_a_euro() -> None:
    """In every plan of the generated authorities, free ones first."""
    for seed in range(200, 208):
        here, _ = authority(seed, most=10**9)
        answer = plan(here.organisation, here.counts, here.scenario, Wish(euro=30))
        rates = [step.able_per_euro for step in answer.steps]
        paid = [rate for rate in rates if rate is not None]

        assert rates[: len(rates) - len(paid)] == [None] * (len(rates) - len(paid))
        assert all(later <= earlier * 1.02 for earlier, later in pairwise(paid))


GATEWAY = {"name": "VPN", "sessions": 2}
LINE = {"name": "VPN", "bandwidth_mbit": 4, "per_session_mbit": 2}
POOL = {"name": "P", "sessions": 2}
READY, NOT_READY = "A,vpn,ready,personal,,9", "A,direct,not_ready,personal,battery,9"
EXAMPLES: dict[What, tuple[str, dict[str, Any]]] = {
    What.LAPTOP: (READY.replace("9", "1"), {"gateways": [{"name": "VPN", "sessions": 9}]}),
    What.SESSION: (READY, {"gateways": [GATEWAY]}),
    What.LICENCE: (
        READY,
        {"gateways": [{"name": "VPN", "sessions": 9, "licences": "P"}], "licence_pools": [POOL]},
    ),
    What.LINE: (READY, {"gateways": [LINE]}),
    What.UPLINK: (
        READY,
        {
            "gateways": [{"name": "VPN", "sessions": 9, "uplink": "L"}],
            "uplinks": [{"name": "L", "bandwidth_mbit": 4, "per_session_mbit": 2}],
        },
    ),
    What.FIX: (NOT_READY, {"gateways": []}),
    What.POOL: (
        "pool,vpn,ready,pool,,9",
        {
            "gateways": [{"name": "VPN", "sessions": 9, "units": ["A"]}],
            "device_pools": [{"name": "pool", "units": ["A", "B"]}],
        },
    ),
}
"""For each measure a fleet and an authority in which nothing else makes everybody of A able."""


@pytest.mark.parametrize("what", What, ids=str)
def test_every_kind_of_measure_does_in_the_drill_what_the_plan_says(what: What) -> None:
    """A measure that the program knows and `applied` does not, or the reverse, fails here."""
    fleet, more = EXAMPLES[what]
    units = [
        {"name": "A", "headcount": 9},
        {"name": "B", "headcount": 9, "suitable": 0 if fleet[0] == "A" else 9},
    ]
    items = ("laptop", "vpn_session", "vpn_licence", "bandwidth_mbit", "battery")
    organisation, counts = of(units, fleet, prices={item: {"euro": 1} for item in items}, **more)
    answer = plan(organisation, counts, OFFICE_CLOSED, Wish(euro=50))

    assert [one.what for one in answer.steps[0].purchases] == [what]
    assert answer.gain > 1
    agree(answer, organisation, counts, OFFICE_CLOSED)


@pytest.mark.parametrize("what", What, ids=str)
def test_every_kind_of_measure_is_called_something(what: What) -> None:
    """In German and English, on the pages and in the terminal."""
    from fernbereit_server.resilience import telling

    for language in ("de", "en"):
        assert f"plan.what.{what}" in telling.words(language).texts
