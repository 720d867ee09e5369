"""How does an authority read whose smallest units are told together?"""

from collections.abc import Iterable, Mapping

from fernbereit_server.organisation.model import Organisation, Target, Unit


def together(organisation: Organisation, members: Mapping[str, tuple[Unit, ...]]) -> Organisation:
    """Return the authority with the units that `members` says, each unit of its own in one of them.

    Together they may use every gateway that one of them may, and stand still where one of them would.
    """
    unit_of = {unit.name: name for name, units in members.items() for unit in units}
    units: list[Unit] = []
    targets = list(organisation.targets)
    cloud = {target.name for target in targets if target.path == "cloud"}
    order = {unit.name: position for position, unit in enumerate(organisation.units)}
    for name, several in sorted(members.items(), key=lambda pair: order[pair[1][0].name]):
        first = several[0]
        if several == (first,) and first.name == name:
            units.append(first)
            continue
        essential = _once(target for unit in several for target in unit.essential)
        if set(essential) <= cloud and not all(unit.essential for unit in several):
            # Whoever named no target is not known to work without a tunnel.
            targets.append(Target(name=name, path="internal"))
            essential = (*essential, name)
        sites = {unit.site for unit in several}
        units.append(
            Unit(
                name=name,
                site=first.site if len(sites) == 1 else None,
                headcount=sum(unit.headcount for unit in several),
                suitable=None
                if all(unit.suitable is None for unit in several)
                else sum(unit.staff for unit in several),
                essential=essential,
            )
        )
    changed = {
        "units": tuple(units),
        "targets": tuple(targets),
        "services": tuple(
            service.model_copy(update={"minimum": _added(service.minimum, unit_of)})
            for service in organisation.services
        ),
        "device_pools": tuple(
            pool.model_copy(update={"units": _once(unit_of[unit] for unit in pool.units)})
            for pool in organisation.device_pools
        ),
        "gateways": None
        if organisation.gateways is None
        else tuple(
            way
            if way.units is None
            else way.model_copy(update={"units": _once(unit_of[unit] for unit in way.units)})
            for way in organisation.gateways
        ),
    }
    return organisation.model_copy(update=changed)


def _added(minimum: Mapping[str, int], unit_of: Mapping[str, str]) -> dict[str, int]:
    added: dict[str, int] = {}
    for unit, people in minimum.items():
        added[unit_of[unit]] = added.get(unit_of[unit], 0) + people
    return added


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
