"""Are there enough people behind a published number, not only enough devices?

A unit of three people with ten laptops is still three people. Where the organisation is known, a unit counts
as no larger than its headcount when it is decided which units are counted alone (`groups.merge`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.publication.groups import Place


def people_and_devices(sizes: Mapping[Place, int], organisation: Organisation | None) -> dict[Place, int]:
    """Return the lesser of devices and people of each place, for `groups.merge`.

    Units are found by name; a unit at several places shares its people out in proportion to its devices. A
    place that the organisation does not list, such as a pool of devices, has as many people as devices.
    """
    if organisation is None:
        return dict(sizes)
    people = {unit.name: unit.headcount for unit in organisation.units}
    devices: Counter[str] = Counter()
    for place, size in sizes.items():
        devices[place.unit or ""] += size
    return {
        place: size
        if place.unit not in people
        else min(size, people[place.unit] * size // devices[place.unit])
        for place, size in sizes.items()
    }


def telling_services(organisation: Organisation, k: int) -> frozenset[str]:
    """Return the services whose staffing may be published: k people or more in every unit that carries them.

    What is said of a service is said of the people of its units, so the smallest of them decides.
    """
    people = {unit.name: unit.headcount for unit in organisation.units}
    carried: dict[str, list[int]] = defaultdict(list)
    for service in organisation.services:
        carried[service.name] += [people.get(unit, 0) for unit in service.minimum]
    return frozenset(name for name, staff in carried.items() if min(staff) >= k)
