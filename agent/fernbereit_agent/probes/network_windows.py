r"""What does a Windows laptop know of its link?

GetIfTable2             kind and speed of the interface below all tunnels
WlanQueryInterface 19   realtime_connection_quality: quality in percent, rates in kbit/s; Windows 11 22H2 on
                0x10000102   signal in dBm on older ones. Neither needs consent to location.
INetworkCostManager     1 unrestricted, 2 fixed, 4 variable, 0x40000 roaming
HKCU\...\Internet Settings   ProxyEnable, AutoConfigURL (that it exists), flags of the connection
INetworkConnection      a domain controller was authenticated on an adapter that is no tunnel: the office
"""

import uuid

from fernbereit.facts.network import LinkType, Network, Zone
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.links_windows import (
    ETHERNET,
    MOBILE,
    NO_TUNNELS,
    VIRTUAL,
    WIFI,
    Link,
    carrier,
    links,
    survey,
)
from fernbereit_agent.probes.places import has_ipv6, zone
from fernbereit_agent.probes.registry_windows import number, raw
from fernbereit_agent.probes.tunnels import Tunnels
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_layouts import ConnectionDomain, ConnectionQuality, laid_out
from fernbereit_agent.windows_ports import Blocks, Number

INTERNET = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
FLAGS_AT = 8
BY_HAND, BY_ADDRESS, BY_SEARCH = 0x2, 0x4, 0x8
UNRESTRICTED, RESTRICTED, ROAMING = 0x1, 0x2 | 0x4, 0x40000
AUTHENTICATED = 2
WORST_DBM, BEST_DBM = -100, -50
"""Between them quality grows evenly (WLAN_ASSOCIATION_ATTRIBUTES)."""


def read(host: Host, settings: ProbeSettings) -> Network:
    """Look through the tunnels at the link below, and place the laptop inside or outside."""
    seen = survey(host, settings)
    below = carrier(host, seen)
    link = below[1] if below else None
    kind = link_type(link) if link else None
    quality, mbps = _wifi(host, link) if link and kind is LinkType.WIFI else (None, None)
    if link and kind is LinkType.ETHERNET:
        mbps = _mbps(link.bits_per_s / 1_000_000)
    return Network(
        link_type=kind,
        wifi_quality_ratio=quality,
        link_mbps=mbps,
        metered=_costs(host) if link else None,
        proxy=_proxy(host),
        ipv6=has_ipv6(host),
        zone=_zone(host, settings, seen),
    )


def link_type(link: Link) -> LinkType:
    """Return what an interface is; switches of virtual machines and telephones on Bluetooth are `other`."""
    if link.kind == WIFI:
        return LinkType.WIFI
    if link.kind in MOBILE:
        return LinkType.MOBILE
    virtual = link.description.casefold().startswith(tuple(pattern.rstrip("*") for pattern in NO_TUNNELS))
    return LinkType.ETHERNET if link.kind == ETHERNET and not virtual else LinkType.OTHER


def decode_quality(block: bytes) -> tuple[float | None, float | None]:
    """Return quality as a share and the rate to the access point in Mbit/s, from opcode 19.

    >>> decode_quality(bytes.fromhex("0a0000005e00000080a9120000a9120000000000" + "01000000"))
    (0.94, 1222.9)
    """
    told = laid_out(ConnectionQuality, block)
    if told is None or told.LinkQuality > 100:
        return None, None
    return told.LinkQuality / 100, _mbps(told.TxRate / 1000)


def decode_rssi(dbm: int) -> float | None:
    """Return the quality of a signal; None for a number no radio hears.

    >>> decode_rssi(-62), decode_rssi(0) is None
    (0.76, True)
    """
    if not -120 <= dbm < 0:
        return None
    return round(min(1.0, max(0.0, (dbm - WORST_DBM) / (BEST_DBM - WORST_DBM))), 2)


def metered(host: Host, _settings: ProbeSettings, seen: Tunnels) -> bool | None:
    """Tell whether the link below all tunnels costs by use; a mobile one is taken to."""
    below = carrier(host, seen)
    return True if below and link_type(below[1]) is LinkType.MOBILE else _costs(host)


def decode_cost(cost: int) -> bool | None:
    """Return whether a connection costs by use.

    >>> decode_cost(1), decode_cost(2), decode_cost(0x40001), decode_cost(0) is None
    (False, True, True, True)
    """
    if cost & (RESTRICTED | ROAMING):
        return True
    return False if cost & UNRESTRICTED else None


def decode_proxy(settings: bytes) -> bool | None:
    """Return whether the flags of DefaultConnectionSettings name a proxy; None if one may be searched for."""
    if len(settings) <= FLAGS_AT:
        return None
    flags = settings[FLAGS_AT]
    if flags & (BY_HAND | BY_ADDRESS):
        return True
    return None if flags & BY_SEARCH else False


def decode_domain(block: bytes) -> tuple[str, bool] | None:
    """Return the GUID of an adapter and whether a domain controller was authenticated on it."""
    told = laid_out(ConnectionDomain, block)
    if told is None:
        return None
    return "{" + str(uuid.UUID(bytes_le=block[:16])) + "}", told.domain == AUTHENTICATED


def _wifi(host: Host, link: Link) -> tuple[float | None, float | None]:
    try:
        blocks = host.windows.native.blocks(Blocks.WLAN_QUALITY, link.guid)
    except ProbeError:
        blocks = ()
    if blocks and (quality := decode_quality(blocks[0]))[0] is not None:
        return quality
    try:
        return decode_rssi(host.windows.native.number(Number.WLAN_RSSI, link.guid)), None
    except ProbeError:
        return None, None


def _mbps(value: float) -> float | None:
    """Return a speed, None for one that no link has; an interface without cable says the highest number."""
    return round(value, 1) if 0 < value <= 1_000_000 else None


def _costs(host: Host) -> bool | None:
    try:
        return decode_cost(host.windows.native.number(Number.NETWORK_COST))
    except ProbeError:
        return None


def _proxy(host: Host) -> bool | None:
    if {"http_proxy", "https_proxy", "all_proxy"} & host.environment().keys():
        return True
    if number(host, INTERNET, "ProxyEnable") == 1:
        return True
    try:
        if host.windows.registry.has_value(INTERNET, "AutoConfigURL"):
            return True
    except ProbeError:
        return None
    return decode_proxy(raw(host, rf"{INTERNET}\Connections", "DefaultConnectionSettings"))


def _zone(host: Host, settings: ProbeSettings, seen: Tunnels) -> Zone | None:
    """Return the beacon's answer, else that of a domain on an adapter that is no tunnel."""
    told = zone(host, settings, seen)
    if told is Zone.OFFICE or seen.up or seen.hidden:
        return told
    try:
        blocks = host.windows.native.blocks(Blocks.NETWORK_DOMAINS)
    except ProbeError:
        return told
    physical = {link.guid for link in links(host).values() if link_type(link) is not LinkType.OTHER}
    virtual = {link.guid for link in links(host).values() if link.kind == VIRTUAL}
    domains = [found for block in blocks if (found := decode_domain(block)) is not None]
    if any(authenticated and guid in physical - virtual for guid, authenticated in domains):
        return Zone.OFFICE
    return told
