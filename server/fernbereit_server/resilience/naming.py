"""What binds, by name? From the minimum cut of one run to what a reader is told."""

from collections.abc import Mapping

from fernbereit_server.resilience.result import Binding, Piece
from fernbereit_server.resilience.settled import Settled

_NOBODY = 1e-6


def pieces(run: Settled) -> tuple[Piece, ...]:
    """Return the minimum cut; its people add up to those able.

    Limits that are full, devices of people whom no limit stops, and people who need no tunnel though others
    of their unit are stopped by a limit.
    """
    network, found = run.network, run.cut
    held = {unit for unit in run.demands if network.class_of[unit] in found.held}
    limits = [network.limits[n] for n in found.limits]
    parts = [Piece(limit.kind, limit.name, limit.people) for limit in limits]
    parts.append(Piece("direct", "", sum(run.demands[unit].direct for unit in held)))
    free = (demand.equipped for unit, demand in run.demands.items() if unit not in held)
    parts.append(Piece("devices", "", sum(free)))
    return tuple(part for part in parts if part.people > _NOBODY or part.name)


def binding(run: Settled, staff: Mapping[str, int], blocked: frozenset[str]) -> Binding:
    """Name what stops most of these units' people; of kinds with equal weight the first by name."""
    if not sum(staff[unit] for unit in run.demands):
        return Binding(kind="no_staff")
    missing = {unit: max(0.0, staff[unit] - run.able(unit)) for unit in run.demands}
    behind = _behind(run, missing, blocked)
    kinds: dict[str, float] = {}
    for (kind, _), people in behind.items():
        kinds[kind] = max(kinds.get(kind, 0.0), people)
    kinds = {kind: people for kind, people in kinds.items() if people > _NOBODY}
    if not kinds:
        # A limit is just full and nobody waits for it any more: what the others lack are devices.
        short = sum(missing.values())
        return Binding(kind="devices", stopped=short) if short > _NOBODY else Binding(kind="none")
    kind = min(kinds, key=lambda word: (-round(kinds[word], 6), word))
    named = sorted((-round(people, 6), name) for (word, name), people in behind.items() if word == kind)
    return Binding(
        kind=kind,
        names=tuple(name for people, name in named if name and people < 0),
        stopped=_stopped(run, kind, missing, blocked),
        tied=_tied(run, missing) if kind in {run.network.limits[n].kind for n in run.cut.limits} else (),
    )


def binding_of_unit(run: Settled, unit: str, staff: int, blocked: frozenset[str]) -> Binding:
    """Name what stops people of one unit."""
    missing = max(0.0, staff - run.able(unit))
    if missing <= _NOBODY:
        return Binding(kind="none" if staff else "no_staff")
    if unit in blocked:
        return Binding(kind="dependency", stopped=missing)
    demand = run.demands[unit]
    of_class = run.network.class_of[unit]
    if run.able(unit) >= demand.equipped - _NOBODY or not run.network.classes[of_class]:
        short = run.able(unit) >= demand.equipped - _NOBODY
        return Binding(kind="devices" if short else "no_gateway", stopped=missing)
    return _of_limits(run, of_class, missing)


def _of_limits(run: Settled, of_class: int, missing: float) -> Binding:
    """Name the limits around one class: a lost gateway before any other, then the one with most people."""
    limits = [run.network.limits[n] for n in run.cut.limits if of_class in run.cut.behind.get(n, frozenset())]
    if not limits:
        return Binding(kind="devices", stopped=missing)
    kind = max(limits, key=lambda limit: (limit.kind == "lost_gateway", limit.people)).kind
    names = tuple(sorted(limit.name for limit in limits if limit.name and limit.kind == kind))
    return Binding(kind=kind, names=names, stopped=missing)


def _behind(
    run: Settled, missing: Mapping[str, float], blocked: frozenset[str]
) -> dict[tuple[str, str], float]:
    """Return people who are not able behind each piece of the cut."""
    network, found = run.network, run.cut
    behind: dict[tuple[str, str], float] = {}
    for unit, people in missing.items():
        of_class = network.class_of[unit]
        if unit in blocked:
            keys = [("dependency", "")]
        elif of_class not in found.held or not run.tiers[unit][0] + sum(run.tiers[unit][1:]):
            keys = [("devices", "")]
        elif not network.classes[of_class]:
            keys = [("no_gateway", "")]
        else:
            limits = [network.limits[n] for n in found.limits if of_class in found.behind[n]]
            keys = [(limit.kind, limit.name) for limit in limits]
        for key in keys:
            behind[key] = behind.get(key, 0.0) + people
    return behind


def _stopped(run: Settled, kind: str, missing: Mapping[str, float], blocked: frozenset[str]) -> float:
    """Count everybody behind one kind once, though two gateways may stop the same people."""
    return sum(
        people
        for unit, people in missing.items()
        if any(word == kind for word, _ in _behind(run, {unit: people}, blocked))
    )


def _tied(run: Settled, missing: Mapping[str, float]) -> tuple[str, ...]:
    tied = tuple(run.network.limits[n].name for n in run.cut.tied)
    waiting = {run.network.class_of[unit] for unit, people in missing.items() if people > _NOBODY}
    return (*tied, "devices") if run.cut.demand_tied & waiting else tied
