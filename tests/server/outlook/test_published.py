"""What authority do published cells stand for?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit_server.metrics.family import OTHER_SITES, OTHER_UNITS
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.published import FIX, WORDS, Grouped, arrange, filled, fixes, grouped
from fernbereit_server.publication.cells import Cell
from fernbereit_server.publication.groups import Group as Place
from fernbereit_server.publication.groups import Place as Known
from fernbereit_server.publication.groups import merge
from fernbereit_server.publication.rounding import round_row
from fernbereit_server.resilience.counts import Group, Kind, Path, Verdict
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.scenario import SCENARIOS
from fernbereit_server.resilience.total import totals
from generated_authorities import NEAR, SLOW

K = 5
OFFICE_CLOSED = SCENARIOS[0]


def organisation(*units: tuple[str, str | None, int], **more: object) -> Organisation:
    """Units by name, site and headcount, and one gateway that carries everybody."""
    written = [{"name": name, "site": site, "headcount": people} for name, site, people in units]
    return Organisation.model_validate(
        {"units": written, "gateways": [{"name": "VPN", "sessions": 1000}], **more}, strict=False
    )


def cells(*groups: tuple[str, str, int]) -> dict[Place, Counter[str]]:
    """So many ready devices of each published site and unit."""
    return {Place(site, unit): Counter(ready_vpn=number) for site, unit, number in groups}


def people(found: Grouped) -> dict[str, int]:
    return {unit.name: unit.headcount for unit in found.organisation.units}


def devices(found: Grouped, kind: Kind = Kind.PERSONAL) -> dict[str, int]:
    return {
        unit: sum(n for group, n in found.counts.items() if group.unit == unit and group.kind is kind)
        for unit in sorted({group.unit for group in found.counts if group.kind is kind})
    }


def test_units_that_are_published_alone_stay_themselves() -> None:
    """With their own people and their own devices."""
    found = grouped(organisation(("A", "S", 20), ("B", "S", 30)), cells(("S", "A", 10), ("S", "B", 15)), K)

    assert people(found) == {"A": 20, "B": 30}
    assert devices(found) == {"A": 10, "B": 15}
    assert not found.members


@pytest.mark.parametrize(
    ("word", "path", "verdict"),
    [
        ("ready_direct", Path.DIRECT, Verdict.READY),
        ("ready_vpn", Path.VPN, Verdict.READY),
        ("ready_unknown", Path.UNKNOWN, Verdict.READY),
        ("unknown", Path.UNKNOWN, Verdict.UNKNOWN),
        ("limited", Path.UNKNOWN, Verdict.LIMITED),
        ("not_ready", Path.UNKNOWN, Verdict.NOT_READY),
        ("a word of a later version", Path.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_a_word_says_path_and_verdict(word: str, path: Path, verdict: Verdict) -> None:
    """What is not understood is unknown, never ready."""
    found = grouped(organisation(("A", "S", 20)), {Place("S", "A"): Counter({word: 10})}, K)

    assert found.counts == {Group("A", path, verdict, Kind.PERSONAL): 10}


def test_units_that_are_not_published_alone_stand_together_with_their_people() -> None:
    """Sums of headcount, suitable staff and service minima; the members are named."""
    written = organisation(
        ("A", "S", 20),
        ("B", "S", 6),
        ("C", "S", 4),
        services=[{"name": "paying", "minimum": {"B": 2, "C": 1, "A": 3}}],
    )

    found = grouped(written, cells(("S", "A", 10), ("S", OTHER_UNITS, 5)), K)

    assert people(found) == {"A": 20, "other units (S)": 10}
    assert devices(found) == {"A": 10, "other units (S)": 5}
    assert found.members == {"other units (S)": ("B", "C")}
    assert found.places["other units (S)"] == Place("S", OTHER_UNITS)
    assert found.organisation.services[0].minimum == {"A": 3, "other units (S)": 3}


def test_sites_that_are_not_published_alone_stand_together_as_well() -> None:
    """Units of any site that has no others of its own."""
    written = organisation(("A", "S", 20), ("B", "T", 6), ("C", "U", 7))

    found = grouped(written, cells(("S", "A", 10), (OTHER_SITES, OTHER_UNITS, 5)), K)

    assert people(found) == {"A": 20, OTHER_UNITS: 13}
    assert found.members == {OTHER_UNITS: ("B", "C")}


def test_a_unit_that_no_group_could_hold_has_no_devices() -> None:
    """It stands by itself: everybody is published, it is not among them."""
    found = grouped(organisation(("A", "S", 20), ("B", "S", 30)), cells(("S", "A", 10)), K)

    assert people(found) == {"A": 20, "B": 30}
    assert devices(found) == {"A": 10}
    assert not found.members


def test_others_of_a_site_the_organisation_does_not_know_go_to_units_nobody_found() -> None:
    """The inventory writes no sites, the organisation does."""
    written = organisation(("A", "S", 20), ("B", "S", 8))

    found = grouped(written, cells(("no site", "A", 10), ("no site", OTHER_UNITS, 5)), K)

    assert people(found) == {"A": 20, "other units (no site)": 8}
    assert devices(found) == {"A": 10, "other units (no site)": 5}


def test_others_without_any_unit_left_make_nobody_able() -> None:
    """A remainder of devices without a unit, say."""
    found = grouped(organisation(("A", "S", 20)), cells(("S", "A", 10), ("S", OTHER_UNITS, 5)), K)

    assert devices(found) == {"": 5, "A": 10}


def test_devices_of_a_unit_nobody_declared_make_nobody_able_and_are_named() -> None:
    """So that somebody corrects the name."""
    found = grouped(
        organisation(("A", "S", 20)), cells(("S", "A", 10), ("S", "Amt A", 5), ("S", "no unit", 5)), K
    )

    assert devices(found) == {"": 10, "A": 10}
    assert found.strangers == ("Amt A",)


def test_a_shared_pool_stands_at_a_place_of_its_name() -> None:
    """Its devices are shared out by the drill's own rule."""
    written = organisation(("A", "S", 20), device_pools=[{"name": "Pool", "units": ["A"]}])

    found = grouped(written, cells(("S", "A", 10), ("S", "Pool", 5)), K)

    assert devices(found, Kind.POOL) == {"Pool": 5}


def test_units_of_few_people_are_told_with_others_however_many_devices_they_have() -> None:
    """Two people with six laptops are two people."""
    written = organisation(("A", "S", 20), ("B", "S", 2), ("C", "T", 30))

    found = grouped(written, cells(("S", "A", 10), ("S", "B", 5), ("T", "C", 20)), K)

    assert people(found) == {"other units (S)": 22, "C": 30}
    assert devices(found) == {"C": 20, "other units (S)": 15}


def test_units_together_may_use_what_one_of_them_may_and_stop_where_one_of_them_would() -> None:
    """Gateways, pools and targets know the new name only."""
    written = organisation(
        ("A", "S", 20),
        ("B", "S", 6),
        ("C", "S", 6),
        gateways=[{"name": "G", "sessions": 9, "units": ["B", "A"]}],
        targets=[{"name": "mail", "path": "cloud", "needs": ["identity"]}],
        device_pools=[{"name": "Pool", "units": ["B", "C"]}],
    )
    with_mail = tuple(
        unit.model_copy(update={"essential": ("mail",)}) if unit.name == "B" else unit
        for unit in written.units
    )
    written = written.model_copy(update={"units": with_mail})

    found = grouped(written, cells(("S", "A", 10), ("S", OTHER_UNITS, 5)), K).organisation

    together = found.units[1]
    paths = {target.name: target.path for target in found.targets}
    assert found.gateways is not None
    assert found.gateways[0].units == ("other units (S)", "A")
    assert found.device_pools[0].units == ("other units (S)",)
    assert "mail" in together.essential
    assert {paths[name] for name in together.essential} == {"cloud", "internal"}


def test_what_one_step_would_make_ready_carries_the_step() -> None:
    """At most as many as there are devices that are not ready, since both are rounded by themselves."""
    place = Place("S", "A")
    groups = {place: Counter(not_ready=10, limited=5, unknown=5)}
    page = [
        Cell(family=FIX, site="S", unit="A", word=word, count=count, base=20)
        for word, count in (("laptop", 5), ("settings", 15), ("several", 5), ("unknown", 5), ("none", 5))
    ]

    found = filled(arrange(organisation(("A", "S", 20)), groups, K), groups, fixes(page))

    by_fix = {(group.verdict, group.fix): number for group, number in found.counts.items()}
    assert by_fix == {
        (Verdict.NOT_READY, "laptop"): 5,
        (Verdict.NOT_READY, "settings"): 5,
        (Verdict.LIMITED, "settings"): 5,
        (Verdict.UNKNOWN, ""): 5,
    }


LONG = "Amt für " + "Angelegenheiten " * 6


@pytest.mark.parametrize(
    ("groups", "held"),
    [([("S", LONG[:96], 10)], 10), ([("S", OTHER_UNITS, 10)], 10), ([("S", "A", 10)], 0)],
)
def test_units_whose_long_names_begin_alike_are_told_as_one(
    groups: list[tuple[str, str, int]], held: int
) -> None:
    """They are published under one name, so nobody of either is lost, with devices or without."""
    written = organisation(("A", "S", 20), (f"{LONG} I", "S", 30), (f"{LONG} II", "S", 40))

    found = grouped(written, cells(*groups), K)

    assert sum(people(found).values()) == 90
    assert (f"{LONG} I", f"{LONG} II") in {members[-2:] for members in found.members.values()}
    together = next(name for name, members in found.members.items() if f"{LONG} I" in members)
    assert devices(found).get(together, 0) == held


def test_no_two_groups_of_units_bear_one_name() -> None:
    """Not even where long names begin alike at two sites."""
    names = [(f"{LONG} {number}", "ST"[number % 2], 20) for number in range(4)]

    found = grouped(organisation(*names), cells(), K)

    assert sum(people(found).values()) == 80
    assert len(people(found)) == 2


@dataclass(frozen=True)
class Published:
    """An authority, its devices by place, and the groups they are published in."""

    organisation: Organisation
    exact: Mapping[Place, Counter[str]]
    rounded: Mapping[Place, Counter[str]]
    groups: Mapping[Known, Place]


@st.composite
def published(draw: st.DrawFn) -> Published:
    """Up to six units at two sites, small ones among them, published as a tick would."""
    units = [
        (name, draw(st.sampled_from(["S", "T"])), draw(st.integers(K, 30)))
        for name in "ABCDEF"[: draw(st.integers(1, 6))]
    ]
    held = {
        Known(site, name): Counter({word: draw(st.integers(0, 9)) for word in WORDS})
        for name, site, _ in units
    }
    groups = merge({place: words.total() for place, words in held.items() if words.total()}, K)
    exact: dict[Place, Counter[str]] = {}
    for place, group in groups.items():
        exact.setdefault(group, Counter()).update(held[place])
    rounded = {
        group: Counter(dict(zip(WORDS, round_row([words[word] for word in WORDS], K), strict=True)))
        for group, words in exact.items()
    }
    sessions = draw(st.integers(0, 100))
    written = organisation(*units, gateways=[{"name": "VPN", "sessions": sessions}])
    return Published(written, exact, rounded, groups)


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(world=published())
def test_the_published_drill_is_as_far_from_the_exact_one_as_rounding_and_no_further(
    world: Published,
) -> None:
    """No published count is k or more away from the counted one, and each device moves one person at most."""
    if not world.exact:
        return
    exact, seen = (grouped(world.organisation, cells, K) for cells in (world.exact, world.rounded))
    off = sum(
        abs(world.exact[place][word] - world.rounded[place][word]) for place in world.exact for word in WORDS
    )
    true = totals(exact.organisation, exact.counts, OFFICE_CLOSED).able
    told = totals(seen.organisation, seen.counts, OFFICE_CLOSED).able

    assert off <= len(world.exact) * len(WORDS) * (K - 1)
    assert abs(told.low - true.low) <= off + NEAR
    assert abs(told.high - true.high) <= off + NEAR


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(world=published())
def test_people_stand_where_their_devices_are_counted(world: Published) -> None:
    """Nobody and nothing is lost or counted twice, and each unit is in the group that holds its devices."""
    if not world.rounded:
        return
    found = grouped(world.organisation, world.rounded, K)
    member_of = {member: name for name in people(found) for member in found.members.get(name, (name,))}

    assert sorted(member_of) == sorted(unit.name for unit in world.organisation.units)
    assert sum(people(found).values()) == sum(unit.headcount for unit in world.organisation.units)
    assert found.counts.total() == sum(words.total() for words in world.rounded.values())
    for known, place in world.groups.items():
        assert found.places[member_of[known.unit or ""]] == place
    assert all(unit.headcount >= K for unit in found.organisation.units)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(world=published())
def test_merged_units_are_drilled_like_any_other(world: Published) -> None:
    """The merged authority is one the drill takes, service by service and gateway by gateway."""
    if not world.rounded:
        return
    found = grouped(world.organisation, world.rounded, K)

    result = drill(found.organisation, found.counts, OFFICE_CLOSED)

    assert result.suitable == sum(unit.staff for unit in world.organisation.units)
    assert {unit.name for unit in result.units} == set(found.places)
