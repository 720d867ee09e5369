"""How is Musterstadt organised? Two sites, eight units, each with its own habits.

Constructed for demonstration: Musterstadt does not exist, and no figure is taken from a real authority.
"""

from dataclasses import dataclass

from fernbereit.facts.management import Provider
from fernbereit.facts.operating_system import Platform
from fernbereit.facts.remote_access import VpnClient

AUTHORITY = "Musterstadt"
SMALL_UNIT_DEVICES = 4
"""Below every permitted minimum group of five, so that suppression is seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """One unit; `share` is its part of the devices, `care` the probability that a thing is in order."""

    name: str
    site: str
    share: int
    care: float
    vpn: tuple[tuple[tuple[VpnClient, ...], int], ...]
    managed_by: tuple[tuple[tuple[Provider, ...], int], ...]
    platforms: tuple[tuple[Platform, int], ...] = ((Platform.WINDOWS, 1),)


_OPSI, _INTUNE, _BOTH = (Provider.OPSI,), (Provider.INTUNE,), (Provider.OPSI, Provider.INTUNE)
_NCP, _CISCO, _FORTI = (VpnClient.NCP,), (VpnClient.CISCO_SECURE_CLIENT,), (VpnClient.FORTICLIENT,)
_GENUCARD, _OPENVPN, _WIREGUARD = (VpnClient.GENUCARD,), (VpnClient.OPENVPN,), (VpnClient.WIREGUARD,)

CITY_HALL = "Rathaus"
TECHNICAL_HALL = "Technisches Rathaus"

UNITS: tuple[Unit, ...] = (
    Unit(name="Bürgeramt", site=CITY_HALL, share=17, care=0.90,
         vpn=((_NCP, 90), ((), 10)), managed_by=((_OPSI, 70), (_BOTH, 30))),
    Unit(name="Ordnungsamt", site=CITY_HALL, share=13, care=0.82,
         vpn=((_NCP, 55), (_GENUCARD, 25), ((), 20)), managed_by=((_OPSI, 90), ((), 10))),
    Unit(name="Stadtkasse", site=CITY_HALL, share=9, care=0.93,
         vpn=((_GENUCARD, 80), (_NCP, 15), ((), 5)), managed_by=((_OPSI, 100),)),
    Unit(name="Rechnungsprüfungsamt", site=CITY_HALL, share=0, care=0.95,
         vpn=((_GENUCARD, 1),), managed_by=((_OPSI, 1),)),
    Unit(name="Jugendamt", site=TECHNICAL_HALL, share=18, care=0.86,
         vpn=((_FORTI, 75), (_NCP, 15), ((), 10)), managed_by=((_INTUNE, 70), (_BOTH, 30))),
    Unit(name="Sozialamt", site=TECHNICAL_HALL, share=20, care=0.78,
         vpn=((_FORTI, 60), ((), 40)), managed_by=((_OPSI, 60), (_BOTH, 25), ((), 15))),
    Unit(name="Bauamt", site=TECHNICAL_HALL, share=14, care=0.84,
         vpn=((_CISCO, 80), (_OPENVPN, 10), ((), 10)), managed_by=((_INTUNE, 60), (_OPSI, 40)),
         platforms=((Platform.WINDOWS, 85), (Platform.MACOS, 15))),
    Unit(name="Amt für Digitalisierung", site=TECHNICAL_HALL, share=9, care=0.95,
         vpn=((_OPENVPN, 40), (_WIREGUARD, 30), (_CISCO + _WIREGUARD, 30)),
         managed_by=((_INTUNE, 40), (_BOTH, 30), (_OPSI, 30)),
         platforms=((Platform.LINUX, 45), (Platform.MACOS, 20), (Platform.WINDOWS, 35))),
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
