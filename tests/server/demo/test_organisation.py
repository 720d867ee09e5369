"""Is Musterstadt an authority that the drill can answer for, however many devices it has?"""

from datetime import date

import pytest

from fernbereit_server.demo.authority import Authority, make_authority
from fernbereit_server.demo.organisation import LICENCES, TUNNELS_BEFORE, organisation_of
from fernbereit_server.demo.town import POOL, UNITS
from fernbereit_server.demo.verdict import policy
from fernbereit_server.organisation.file import parse
from fernbereit_server.organisation.model import Organisation

TODAY = date(2026, 11, 22)


def musterstadt(devices: int, seed: int = 1) -> Authority:
    return make_authority(seed=seed, devices=devices, today=TODAY, key=bytes(32))


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return organisation_of(musterstadt(300))


@pytest.mark.parametrize("devices", [1, 3, 20, 50, 300, 2000], ids=lambda n: f"{n} devices")
def test_an_organisation_file_could_say_the_same(devices: int) -> None:
    """Whatever the number of devices, the authority passes every check that a file has to pass."""
    made = organisation_of(musterstadt(devices))

    assert parse(made.model_dump_json(exclude_unset=True)) == made


def test_its_units_and_sites_are_those_of_the_inventory(organisation: Organisation) -> None:
    """Nobody's laptop belongs to a unit that the organisation does not know; pool devices have their pool."""
    known = {(unit.name, unit.site) for unit in organisation.units}
    known |= {(pool.name, pool.site) for pool in organisation.device_pools}

    assert {(row.unit, row.site) for row in musterstadt(300).inventory} == known
    assert [unit.name for unit in organisation.units] == [unit.name for unit in UNITS]


def test_people_and_laptops_stand_in_a_sensible_relation(organisation: Organisation) -> None:
    """Most units have more people than laptops in hand, one has fewer; nobody is suited who is not there."""
    in_hand = dict.fromkeys((unit.name for unit in organisation.units), 0)
    for row in musterstadt(300).inventory:
        if row.kind in {"personal", "loan"}:
            in_hand[row.unit] += 1
    fewer = [unit.name for unit in organisation.units if unit.headcount < in_hand[unit.name]]

    assert fewer == ["Amt für Digitalisierung"]
    assert all(unit.staff <= unit.headcount <= 2 * in_hand[unit.name] for unit in organisation.units)


def test_everything_the_policy_costs_has_a_price(organisation: Organisation) -> None:
    """The planner meets no failure whose remedy has no price."""
    items = {check.cost_item for check in policy().policy.checks if check.cost_item}

    assert items <= set(organisation.prices)
    assert {"laptop", "vpn_session"} <= set(organisation.prices)


def test_the_gateways_share_licences_that_are_fewer_than_their_sessions(organisation: Organisation) -> None:
    """Another gateway alone helps nobody; more licences do."""
    assert organisation.gateways is not None
    (pool,) = organisation.licence_pools

    assert {gateway.licences for gateway in organisation.gateways} == {pool.name} == {LICENCES}
    assert sum(gateway.sessions or 0 for gateway in organisation.gateways) > pool.sessions


def test_there_were_fewer_tunnels_once() -> None:
    """The adopted measure bought some, which a look back shows."""
    before = organisation_of(musterstadt(300), tunnels=TUNNELS_BEFORE)

    assert before.licence_pools[0].sessions < organisation_of(musterstadt(300)).licence_pools[0].sessions


def test_pool_devices_of_the_technical_hall_belong_to_no_unit() -> None:
    """They are shared out by the drill's rule."""
    kinds = {row.kind for row in musterstadt(300).inventory if row.unit == POOL}

    assert kinds == {"pool"}
