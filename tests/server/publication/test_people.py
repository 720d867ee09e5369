"""Are there enough people behind a number?"""

import pytest

from fernbereit_server.organisation.model import Organisation, Service, Unit
from fernbereit_server.publication.groups import Place, merge
from fernbereit_server.publication.people import people_and_devices, telling_services

OFFICE = Organisation(
    units=(
        Unit(name="Bauamt", headcount=40),
        Unit(name="Archiv", headcount=3),
        Unit(name="Sozialamt", headcount=60),
    ),
    services=(
        Service(name="Sozialleistungen", minimum={"Sozialamt": 12}),
        Service(name="Akteneinsicht", minimum={"Archiv": 1, "Bauamt": 2}),
    ),
)


def test_a_unit_of_three_people_with_ten_devices_is_not_counted_alone() -> None:
    """Ten numbers about three people are numbers about three people."""
    sizes = {
        Place("Rathaus", "Archiv"): 10,
        Place("Rathaus", "Bauamt"): 20,
        Place("Rathaus", "Sozialamt"): 30,
    }

    groups = merge(people_and_devices(sizes, OFFICE), 5)

    assert groups[Place("Rathaus", "Archiv")] == groups[Place("Rathaus", "Bauamt")]
    assert groups[Place("Rathaus", "Archiv")].unit == "other units"
    assert groups[Place("Rathaus", "Sozialamt")].unit == "Sozialamt"


def test_without_an_organisation_devices_decide() -> None:
    """Nobody has said how many people there are."""
    assert people_and_devices({Place("Rathaus", "Archiv"): 10}, None) == {Place("Rathaus", "Archiv"): 10}


@pytest.mark.parametrize(
    ("sizes", "counted"),
    [
        ({("Rathaus", "Bauamt"): 12}, [12]),
        ({("Rathaus", "Sozialamt"): 90}, [60]),
        ({("Rathaus", "Sozialamt"): 90, ("Bauhof", "Sozialamt"): 30}, [45, 15]),
        ({("Rathaus", "Poolgeräte"): 7, (None, None): 3}, [7, 3]),
    ],
    ids=[
        "fewer devices than people",
        "fewer people than devices",
        "a unit at two places shares its people out",
        "a pool and devices without a unit are counted by devices",
    ],
)
def test_the_lesser_of_people_and_devices_counts(
    sizes: dict[tuple[str | None, str | None], int], counted: list[int]
) -> None:
    """For the size of a group; the numbers themselves are of devices."""
    places = {Place(*place): size for place, size in sizes.items()}

    assert list(people_and_devices(places, OFFICE).values()) == counted


def test_a_service_carried_by_a_unit_of_three_is_not_told() -> None:
    """Whether three named people can keep it up is not for everybody."""
    assert telling_services(OFFICE, 5) == {"Sozialleistungen"}
    assert telling_services(OFFICE, 3) == {"Sozialleistungen", "Akteneinsicht"}
