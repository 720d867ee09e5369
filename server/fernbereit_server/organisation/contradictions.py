"""Does an organisation contradict itself? Unknown names, more minimum than staff, crossing limits."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from fernbereit.nearest import nearest
from fernbereit_server.organisation.faults import Fault
from fernbereit_server.organisation.items import ITEMS
from fernbereit_server.organisation.model import Organisation, dependencies
from fernbereit_server.yaml_lines import Path, dotted, line_of

_ITEM = re.compile(r"[a-z][a-z0-9_]{0,31}")
_LISTS = (
    "units",
    "services",
    "gateways",
    "licence_pools",
    "uplinks",
    "targets",
    "device_pools",
    "scenarios",
)


def contradictions(organisation: Organisation, lines: Mapping[Path, int]) -> list[Fault]:
    """Return every fault that lies between parts, each on its line."""
    return [
        Fault(
            line=line_of(lines, path),
            field=dotted(path),
            word=word,
            values=values,
            suggestion=str(values.get("suggestion", "")),
        )
        for path, word, values in (
            *_doubles(organisation),
            *_strangers(organisation),
            *_figures(organisation),
            *_crossings(organisation),
            *_overrides(organisation),
            *_misnamed(organisation),
        )
    ]


_Found = tuple[Path, str, dict[str, object]]


def _doubles(organisation: Organisation) -> Iterator[_Found]:
    for part in _LISTS:
        seen: set[str] = set()
        for position, item in enumerate(getattr(organisation, part) or ()):
            if _alike(item.name) in seen:
                yield (part, position, "name"), "name_twice", {"name": item.name}
            seen.add(_alike(item.name))
    units = {_alike(unit.name) for unit in organisation.units}
    for position, pool in enumerate(organisation.device_pools):
        if _alike(pool.name) in units:
            yield ("device_pools", position, "name"), "name_twice", {"name": pool.name}


def _alike(name: str) -> str:
    """Return what two names have in common that nobody could tell apart in a list."""
    return " ".join(name.casefold().split())


def _strangers(organisation: Organisation) -> Iterator[_Found]:
    units = [unit.name for unit in organisation.units]
    gateways = [gateway.name for gateway in organisation.gateways or ()]
    sites = list(organisation.sites or {unit.site for unit in organisation.units if unit.site})
    targets = [target.name for target in organisation.targets]
    pools = [pool.name for pool in organisation.licence_pools]
    uplinks = [uplink.name for uplink in organisation.uplinks]
    needed = dependencies(organisation)
    for n, unit in enumerate(organisation.units):
        yield from _unknown(("units", n, "essential"), unit.essential, targets)
        if organisation.sites is not None:
            yield from _unknown(("units", n, "site"), [unit.site], sites)
    for n, service in enumerate(organisation.services):
        yield from _unknown(("services", n, "minimum"), service.minimum, units, keyed=True)
    for n, gateway in enumerate(organisation.gateways or ()):
        yield from _unknown(("gateways", n, "units"), gateway.units or (), units)
        yield from _unknown(("gateways", n, "licences"), [gateway.licences], pools)
        yield from _unknown(("gateways", n, "uplink"), [gateway.uplink], uplinks)
        if organisation.sites is not None:
            yield from _unknown(("gateways", n, "site"), [gateway.site], sites)
    for n, pool in enumerate(organisation.device_pools):
        yield from _unknown(("device_pools", n, "units"), pool.units, units)
        if organisation.sites is not None:
            yield from _unknown(("device_pools", n, "site"), [pool.site], sites)
    for n, scenario in enumerate(organisation.scenarios):
        for field, named, known in (
            ("leaving_sites", scenario.leaving_sites or (), sites),
            ("lost_sites", scenario.lost_sites, sites),
            ("lost_gateways", scenario.lost_gateways, gateways),
            ("lost_dependencies", scenario.lost_dependencies, sorted(needed)),
        ):
            yield from _unknown(("scenarios", n, field), named, known)
        yield from _unknown(("scenarios", n, "availability"), scenario.availability, gateways, keyed=True)


def _unknown(
    path: Path, named: Iterable[str | None], known: Sequence[str], *, keyed: bool = False
) -> Iterator[_Found]:
    """Yield the names nobody declared; a list's entries have positions, a table's keys are their own path."""
    several = path[-1] not in {"site", "licences", "uplink"}
    for position, name in enumerate(named):
        if name is not None and name not in known:
            place = (*path, name) if keyed else (*path, position) if several else path
            values: dict[str, object] = {
                "name": name,
                "known": ", ".join(known) or "-",
                "suggestion": nearest(name, known),
            }
            yield place, "stranger", values


def _figures(organisation: Organisation) -> Iterator[_Found]:
    staff = {}
    for n, unit in enumerate(organisation.units):
        staff[unit.name] = unit.staff
        if unit.suitable is not None and unit.suitable > unit.headcount:
            values = {"suitable": unit.suitable, "headcount": unit.headcount}
            yield ("units", n, "suitable"), "more_suitable_than_people", dict(values)
    needed: Counter[str] = Counter()
    for n, service in enumerate(organisation.services):
        for unit_name, minimum in service.minimum.items():
            needed[unit_name] += minimum
            if needed[unit_name] > staff.get(unit_name, needed[unit_name]):
                short: dict[str, object] = {
                    "minimum": needed[unit_name],
                    "staff": staff[unit_name],
                    "unit": unit_name,
                }
                yield ("services", n, "minimum", unit_name), "minimum_above_staff", short
    for n, gateway in enumerate(organisation.gateways or ()):
        if gateway.sessions is None and gateway.bandwidth_mbit is None:
            yield ("gateways", n), "no_capacity", {"name": gateway.name}
        elif (gateway.bandwidth_mbit is None) != (gateway.per_session_mbit is None):
            yield ("gateways", n), "half_a_bandwidth", {"name": gateway.name}


def _crossings(organisation: Organisation) -> Iterator[_Found]:
    """Yield pools and uplinks that share some gateways, neither holding all of the other's.

    Such limits are no flow any more; bounds per unit and the cut would not be exact
    (docs/decisions/007-the-drill-is-a-flow.md).
    """
    gateways = organisation.gateways or ()
    for n, pool in enumerate(organisation.licence_pools):
        of_pool = {gateway.name for gateway in gateways if gateway.licences == pool.name}
        for uplink in organisation.uplinks:
            of_uplink = {gateway.name for gateway in gateways if gateway.uplink == uplink.name}
            if of_pool & of_uplink and of_pool - of_uplink and of_uplink - of_pool:
                values = {
                    "pool": pool.name,
                    "uplink": uplink.name,
                    "outside": ", ".join(sorted((of_pool | of_uplink) - (of_pool & of_uplink))),
                }
                yield ("licence_pools", n), "crossing", dict(values)


def _overrides(organisation: Organisation) -> Iterator[_Found]:
    """Yield gateways that a scenario takes away and yet calls available."""
    for n, scenario in enumerate(organisation.scenarios):
        for gateway in organisation.gateways or ():
            lost = (
                gateway.name in scenario.lost_gateways
                or gateway.site in scenario.lost_sites
                or not set(scenario.lost_dependencies).isdisjoint(gateway.needs)
            )
            if lost and scenario.availability.get(gateway.name):
                values: dict[str, object] = {"name": gateway.name, "scenario": scenario.name}
                yield ("scenarios", n, "availability", gateway.name), "lost_and_available", values


def _misnamed(organisation: Organisation) -> Iterator[_Found]:
    """Yield prices and stock that no measure would ever ask for.

    Names of fixes are the authority's own, so only what cannot be one, or is all but an item that a plan
    knows by itself, is a fault; whatever else no device needs, the plan says.
    """
    for part in ("prices", "stock"):
        for name in getattr(organisation, part):
            near = get_close_matches(name.casefold(), ITEMS, 1, cutoff=0.85)
            if name not in ITEMS and (near or not _ITEM.fullmatch(name)):
                yield (
                    (part, name),
                    "item",
                    {"name": name, "known": ", ".join(ITEMS), "suggestion": near[0] if near else ""},
                )
