"""Generated authorities and their fleets, with the truth behind each unknown device."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, assume
from hypothesis import strategies as st

from fernbereit_server.organisation.contradictions import contradictions
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict

NEAR = 1e-5
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
UNITS = ("A", "B", "C", "D")
GATEWAYS = ("G", "H", "I")


@st.composite
def organisations(draw: st.DrawFn, *, shared_limits: bool = True) -> Organisation:
    """Up to four units, three gateways, nested pools and lines, services, one shared pool of devices."""
    units = [
        {"name": name, "headcount": draw(st.integers(0, 30))} for name in UNITS[: draw(st.integers(1, 4))]
    ]
    names = [unit["name"] for unit in units]
    gateways: list[dict[str, Any]] = []
    for name in GATEWAYS[: draw(st.integers(0, 3))]:
        gateway: dict[str, Any] = {"name": name, "sessions": draw(st.integers(0, 40))}
        if draw(st.booleans()):
            gateway["units"] = draw(st.lists(st.sampled_from(names), unique=True))
        if shared_limits:
            gateway["licences"] = draw(st.sampled_from([None, "P", "Q"]))
            gateway["uplink"] = draw(st.sampled_from([None, "L"]))
        gateways.append(gateway)
    services = [
        {"name": f"service of {unit['name']}", "minimum": {unit["name"]: draw(st.integers(1, 30))}}
        for unit in units
        if draw(st.booleans())
    ]
    organisation = Organisation.model_validate(
        {
            "units": units,
            "gateways": gateways,
            "services": services,
            "licence_pools": [{"name": name, "sessions": draw(st.integers(0, 50))} for name in ("P", "Q")],
            "uplinks": [{"name": "L", "bandwidth_mbit": draw(st.integers(0, 100)), "per_session_mbit": 2.0}],
            "device_pools": [{"name": "pool", "units": names}],
            "concurrency": draw(st.sampled_from([1.0, 0.8, 0.5])),
            "reservation": draw(st.booleans()),
        },
        strict=False,
    )
    crossing = [fault for fault in contradictions(organisation, {}) if fault.word == "crossing"]
    assume(not crossing)
    return organisation


@st.composite
def groups(draw: st.DrawFn, organisation: Organisation) -> list[tuple[Group, int]]:
    """Rows of a fleet in some order, repetitions included."""
    units = [unit.name for unit in organisation.units]
    group = st.one_of(
        st.builds(
            Group,
            st.sampled_from(units),
            st.sampled_from(Path),
            st.sampled_from(Verdict),
            st.just(Kind.PERSONAL),
        ),
        st.builds(
            Group,
            st.sampled_from(["pool", *units]),
            st.sampled_from(Path),
            st.sampled_from(Verdict),
            st.just(Kind.POOL),
        ),
    )
    return draw(st.lists(st.tuples(group, st.integers(0, 25)), max_size=9))


def counted(rows: list[tuple[Group, int]]) -> Counts:
    """Add rows up."""
    counts: Counts = Counter()
    for group, number in rows:
        counts[group] += number
    return counts


@dataclass(frozen=True)
class World:
    """An authority, what is known of its fleet, and what is true."""

    organisation: Organisation
    known: list[tuple[Group, int]]
    truth: list[tuple[Group, int]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Every unknown device is really ready or not; every unknown path really needs a tunnel or not."""
    organisation = draw(organisations())
    known = draw(groups(organisation))
    truth: list[tuple[Group, int]] = []
    for group, number in known:
        left = number
        verdicts = (
            [group.verdict] if group.verdict is not Verdict.UNKNOWN else [Verdict.READY, Verdict.NOT_READY]
        )
        paths = [group.path] if group.path is not Path.UNKNOWN else [Path.VPN, Path.DIRECT]
        kinds = [Group(group.unit, path, verdict, group.kind) for path in paths for verdict in verdicts]
        for kind in kinds[:-1]:
            part = draw(st.integers(0, left))
            truth.append((kind, part))
            left -= part
        truth.append((kinds[-1], left))
    return World(organisation, known, truth)
