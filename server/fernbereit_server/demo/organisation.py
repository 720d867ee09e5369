"""How many people work in Musterstadt, through what do they get in from outside, and what must go on?

Made from the inventory, so that people, devices and tunnels stay in proportion whatever `--devices` says.
Prices and figures are constructed for demonstration.
"""

from collections import Counter
from collections.abc import Mapping

from fernbereit_server.demo.authority import Authority
from fernbereit_server.demo.town import AUTHORITY, CITY_HALL, POOL, TARGETS, TECHNICAL_HALL, UNITS
from fernbereit_server.organisation.model import (
    DevicePool,
    Gateway,
    LicencePool,
    Organisation,
    OwnScenario,
    Price,
    Service,
    Target,
    Unit,
    Uplink,
)

CITY_GATEWAY, TECHNICAL_GATEWAY = "VPN Rathaus", "VPN Technisches Rathaus"
LICENCES, LINE = "VPN-Lizenzen", "Internetanschluss Rathaus"
ON_AN_ORDINARY_DAY = 0.8
_MBIT_A_SESSION = 2.5
_AT_LEAST = 2
"""People of a unit that has no device at all."""

TUNNELS_NOW, TUNNELS_BEFORE = 0.31, 0.20
"""Sessions of the shared licences per device of the authority: today, and before more were bought."""
_SHARES = ((CITY_GATEWAY, 0.20), (TECHNICAL_GATEWAY, 0.17))
"""Sessions that the gateways could carry, per device; together they are more than the licences."""

_SERVICES = (
    ("Sozialleistungen auszahlen", (("Sozialamt", 0.50), ("Stadtkasse", 0.30))),
    ("Kinderschutz", (("Jugendamt", 0.35),)),
    ("Meldewesen und Ausweise", (("Bürgeramt", 0.30),)),
    ("Gefahrenabwehr", (("Ordnungsamt", 0.50),)),
)
"""What must go on, and which part of a unit's suited people it needs."""

_PRICES = (
    ("laptop", 1200, 3),
    ("memory", 60, 1),
    ("drive", 110, 2),
    ("battery", 95, 0.5),
    ("camera", 45, 0.25),
    ("headset", 40, 0.25),
    ("vpn_licence", 85, 0.5),
    ("vpn_session", 45, 0.1),
    ("settings", 0, 0.5),
    ("trial_day", 0, 0.25),
)
"""Euro and IT hours for one of each."""


def organisation_of(authority: Authority, *, tunnels: float = TUNNELS_NOW) -> Organisation:
    """Return Musterstadt as its file would say it; `tunnels` are licensed sessions per device."""
    in_hand = Counter(row.unit for row in authority.inventory if row.kind in {"personal", "loan"})
    stock = sum(row.kind == "stock" for row in authority.inventory)
    devices = len(authority.devices)
    units = tuple(
        Unit(
            name=unit.name,
            site=unit.site,
            headcount=(headcount := max(_AT_LEAST, round(in_hand[unit.name] * unit.people_per_laptop))),
            suitable=max(1, round(headcount * unit.suited)),
            essential=tuple(target.title for target in TARGETS if target.name in unit.needs),
        )
        for unit in UNITS
    )
    staff = {unit.name: unit.staff for unit in units}
    return Organisation(
        name=AUTHORITY,
        sites=(CITY_HALL, TECHNICAL_HALL),
        concurrency=ON_AN_ORDINARY_DAY,
        units=units,
        services=tuple(_service(name, needed, staff) for name, needed in _SERVICES),
        gateways=_gateways(devices),
        licence_pools=(LicencePool(name=LICENCES, sessions=_some(devices * tunnels)),),
        uplinks=(
            Uplink(
                name=LINE,
                bandwidth_mbit=float(_some(devices * 0.3)) * _MBIT_A_SESSION,
                per_session_mbit=_MBIT_A_SESSION,
            ),
        ),
        targets=tuple(
            Target(name=target.title, path=target.path, needs=("identity",) if target.path == "cloud" else ())
            for target in TARGETS
        ),
        device_pools=(
            DevicePool(
                name=POOL,
                site=TECHNICAL_HALL,
                units=tuple(unit.name for unit in UNITS if unit.site == TECHNICAL_HALL),
            ),
        ),
        stock={"laptop": stock, "headset": _some(devices / 15), "battery": _some(devices / 50)},
        prices={name: Price(euro=float(euro), it_hours=float(it_hours)) for name, euro, it_hours in _PRICES},
        scenarios=(
            OwnScenario(
                name="Bauarbeiten am Technischen Rathaus",
                leaving_sites=(TECHNICAL_HALL,),
                availability={TECHNICAL_GATEWAY: 0.5},
                concurrency=1.0,
            ),
        ),
    )


def _gateways(devices: int) -> tuple[Gateway, ...]:
    """One in each hall; people who sign in with the identity provider come in through the technical one."""
    sessions = {name: _some(devices * share) for name, share in _SHARES}
    return (
        Gateway(
            name=CITY_GATEWAY,
            sessions=sessions[CITY_GATEWAY],
            licences=LICENCES,
            uplink=LINE,
            site=CITY_HALL,
        ),
        Gateway(
            name=TECHNICAL_GATEWAY,
            sessions=sessions[TECHNICAL_GATEWAY],
            licences=LICENCES,
            site=TECHNICAL_HALL,
            needs=("identity",),
        ),
    )


def _service(name: str, needed: tuple[tuple[str, float], ...], staff: Mapping[str, int]) -> Service:
    return Service(
        name=name, minimum={unit: min(staff[unit], _some(staff[unit] * share)) for unit, share in needed}
    )


def _some(number: float) -> int:
    return max(1, round(number))
