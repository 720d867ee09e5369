"""Which units has Musterstadt, and what are their habits? Two sites, eight units.

Constructed for demonstration: Musterstadt does not exist, and no figure is taken from a real authority.
"""

from dataclasses import dataclass
from typing import Literal

from fernbereit.facts.management import Provider
from fernbereit.facts.operating_system import Platform
from fernbereit.facts.remote_access import VpnClient

AUTHORITY = "Musterstadt"
SMALL_UNIT_DEVICES = 4
"""Below every permitted minimum group of five, so that suppression is seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """One unit; `share` is its part of the devices, `care` the probability that a thing is in order.

    `people_per_laptop` is above 1 where people share or have none, `suited` the part of them whose tasks suit
    remote work, `needs` the targets without which they cannot work, `without_tunnel` the part of laptops that
    reach these from outside without one.
    """

    name: str
    site: str
    share: int
    care: float
    people_per_laptop: float
    suited: float
    needs: tuple[str, ...]
    without_tunnel: float = 0.0
    vpn: tuple[tuple[tuple[VpnClient, ...], int], ...]
    managed_by: tuple[tuple[tuple[Provider, ...], int], ...]
    platforms: tuple[tuple[Platform, int], ...] = ((Platform.WINDOWS, 1),)


_OPSI, _INTUNE, _BOTH = (Provider.OPSI,), (Provider.INTUNE,), (Provider.OPSI, Provider.INTUNE)
_NCP, _CISCO, _FORTI = (VpnClient.NCP,), (VpnClient.CISCO_SECURE_CLIENT,), (VpnClient.FORTICLIENT,)
_GENUCARD, _OPENVPN, _WIREGUARD = (VpnClient.GENUCARD,), (VpnClient.OPENVPN,), (VpnClient.WIREGUARD,)

CITY_HALL = "Rathaus"
TECHNICAL_HALL = "Technisches Rathaus"
POOL = "Poolgeräte Technik"
"""Where the inventory books the pool devices of the technical hall, which belong to no unit."""


@dataclass(frozen=True, slots=True)
class TownTarget:
    """A service of the authority: its name on laptops, for people, and how it is reached from outside."""

    name: str
    title: str
    path: Literal["internal", "cloud"]


TARGETS: tuple[TownTarget, ...] = (
    TownTarget("fachverfahren", "Fachverfahren", "internal"),
    TownTarget("e-akte", "E-Akte", "internal"),
    TownTarget("intranet", "Intranet", "internal"),
    TownTarget("videokonferenz", "Videokonferenz", "cloud"),
)

_FILES, _BOTH_SYSTEMS, _CLOUD = ("e-akte",), ("fachverfahren", "e-akte"), ("videokonferenz",)

UNITS: tuple[Unit, ...] = (
    Unit(name="Bürgeramt", site=CITY_HALL, share=17, care=0.90,
         people_per_laptop=1.35, suited=0.70, needs=_BOTH_SYSTEMS,
         vpn=((_NCP, 94), ((), 6)), managed_by=((_OPSI, 70), (_BOTH, 30))),
    Unit(name="Ordnungsamt", site=CITY_HALL, share=13, care=0.82,
         people_per_laptop=1.25, suited=0.75, needs=_BOTH_SYSTEMS,
         vpn=((_NCP, 60), (_GENUCARD, 30), ((), 10)), managed_by=((_OPSI, 90), ((), 10))),
    Unit(name="Stadtkasse", site=CITY_HALL, share=9, care=0.93,
         people_per_laptop=1.10, suited=0.95, needs=_BOTH_SYSTEMS,
         vpn=((_GENUCARD, 80), (_NCP, 17), ((), 3)), managed_by=((_OPSI, 100),)),
    Unit(name="Rechnungsprüfungsamt", site=CITY_HALL, share=0, care=0.95,
         people_per_laptop=1.25, suited=1.00, needs=_FILES,
         vpn=((_GENUCARD, 1),), managed_by=((_OPSI, 1),)),
    Unit(name="Jugendamt", site=TECHNICAL_HALL, share=18, care=0.86,
         people_per_laptop=1.20, suited=0.85, needs=_FILES, without_tunnel=0.10,
         vpn=((_FORTI, 79), (_NCP, 15), ((), 6)), managed_by=((_INTUNE, 70), (_BOTH, 30))),
    Unit(name="Sozialamt", site=TECHNICAL_HALL, share=20, care=0.78,
         people_per_laptop=1.60, suited=0.85, needs=_BOTH_SYSTEMS,
         vpn=((_FORTI, 80), ((), 20)), managed_by=((_OPSI, 60), (_BOTH, 25), ((), 15))),
    Unit(name="Bauamt", site=TECHNICAL_HALL, share=14, care=0.84,
         people_per_laptop=1.15, suited=0.90, needs=_FILES, without_tunnel=0.25,
         vpn=((_CISCO, 83), (_OPENVPN, 10), ((), 7)), managed_by=((_INTUNE, 60), (_OPSI, 40)),
         platforms=((Platform.WINDOWS, 88), (Platform.MACOS, 12))),
    Unit(name="Amt für Digitalisierung", site=TECHNICAL_HALL, share=9, care=0.95,
         people_per_laptop=0.85, suited=1.00, needs=_CLOUD, without_tunnel=1.00,
         vpn=((_OPENVPN, 40), (_WIREGUARD, 30), (_CISCO + _WIREGUARD, 30)),
         managed_by=((_INTUNE, 40), (_BOTH, 30), (_OPSI, 30)),
         platforms=((Platform.LINUX, 50), (Platform.MACOS, 15), (Platform.WINDOWS, 35))),
)  # fmt: skip


def devices_of_units(devices: int) -> tuple[int, ...]:
    """Split `devices` over `UNITS` by share (largest remainders); the small unit stays small.

    >>> devices_of_units(300)
    (50, 39, 27, 4, 53, 59, 41, 27)
    """
    small = min(SMALL_UNIT_DEVICES, devices // 10)
    total = sum(unit.share for unit in UNITS)
    exact = [unit.share * (devices - small) / total if unit.share else float(small) for unit in UNITS]
    counts = [int(part) for part in exact]
    by_remainder = sorted(range(len(UNITS)), key=lambda index: counts[index] - exact[index])
    for index in by_remainder[: devices - sum(counts)]:
        counts[index] += 1
    return tuple(counts)
