"""Where could more people pass, and how many at most?

Sessions of a gateway, licences of a shared pool, Mbit/s of a line; up to where everybody who may use it would
pass at once.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fernbereit_server.organisation import items
from fernbereit_server.organisation.model import Gateway, LicencePool
from fernbereit_server.resilience.planner.measure import Measure, What, session_brings_licence
from fernbereit_server.resilience.planner.situation import Situation


@dataclass(frozen=True, slots=True)
class _Asked:
    """A gateway that works, and the sessions it would need if everybody used it: at it, and behind it."""

    way: Gateway
    here: float
    behind: float


def tunnels(here: Situation, working: Mapping[str, int]) -> Iterator[Measure]:
    """Yield what may grow; `working` are the people of each unit whom a tunnel could help."""
    organisation = here.organisation
    asked = list(_asked(here, working))
    for one in asked:
        way = one.way
        pools = [
            pool
            for pool in organisation.licence_pools
            if pool.name == way.licences and session_brings_licence(organisation, way)
        ]
        short = [_licences(asked, pool) for pool in pools]
        if way.sessions is not None:
            short.append(_up(one.here - way.sessions))
        if short:
            yield Measure(what=What.SESSION, item=items.SESSION, place=way.name, most=max(short))
        if way.bandwidth_mbit is not None and way.per_session_mbit is not None:
            most = _up(one.here * way.per_session_mbit - way.bandwidth_mbit)
            yield Measure(what=What.LINE, item=items.BANDWIDTH, place=way.name, most=most)
    if items.LICENCE in organisation.prices:
        for pool in organisation.licence_pools:
            yield Measure(what=What.LICENCE, item=items.LICENCE, place=pool.name, most=_licences(asked, pool))
    for line in organisation.uplinks:
        behind = sum(one.behind for one in asked if one.way.uplink == line.name)
        most = _up(behind * line.per_session_mbit - line.bandwidth_mbit)
        yield Measure(what=What.UPLINK, item=items.BANDWIDTH, place=line.name, most=most)


def _asked(here: Situation, working: Mapping[str, int]) -> Iterator[_Asked]:
    share = here.scenario.concurrency or here.organisation.concurrency
    for way in here.organisation.gateways or ():
        available = here.scenario.availability.get(way.name, 1.0)
        people = sum(staff for unit, staff in working.items() if way.units is None or unit in way.units)
        if way.name not in here.loss.gateways and available and people:
            yield _Asked(way, people * share / available, people * share)


def _licences(asked: list[_Asked], pool: LicencePool) -> int:
    return _up(sum(one.behind for one in asked if one.way.licences == pool.name) - pool.sessions)


def _up(number: float) -> int:
    return math.ceil(number - 1e-9)
