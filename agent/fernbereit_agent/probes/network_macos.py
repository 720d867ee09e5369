"""What does a Mac know of its link?

netstat -rn                               the interface below all tunnels
.../SystemConfiguration/NetworkInterfaces.plist    "BSD Name": "en0", "SCNetworkInterfaceType": "IEEE80211"
system_profiler SPAirPortDataType -json   "spairport_signal_noise": "-51 dBm / -90 dBm", if wireless
scutil --proxy                            "HTTPSEnable : 1"

Macs tell no program of the command line whether a link is metered.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fernbereit.facts.network import LinkType, Network
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.answers_macos import part_in, parts_in, preferences, profile, text_in, word
from fernbereit_agent.probes.links_macos import carrier, survey
from fernbereit_agent.probes.places import has_ipv6, zone
from fernbereit_agent.probes.tunnels import Tunnels
from fernbereit_agent.settings import ProbeSettings

INTERFACES = "/Library/Preferences/SystemConfiguration/NetworkInterfaces.plist"
AIRPORT = "SPAirPortDataType"
PROXY = ("/usr/sbin/scutil", "--proxy")
PROXY_SWITCHES = ("HTTPEnable", "HTTPSEnable", "SOCKSEnable", "ProxyAutoConfigEnable")
_TYPES = {"IEEE80211": LinkType.WIFI, "Ethernet": LinkType.ETHERNET, "WWAN": LinkType.MOBILE}
TELEPHONES = ("iPhone", "iPad")
_WORST_DBM, _BEST_DBM = -100, -50
"""Between them quality grows evenly, as Windows counts it."""


def read(host: Host, settings: ProbeSettings) -> Network:
    """Look through the tunnels at the link below, and place the laptop inside or outside."""
    link = carrier(host, settings)
    kind = parse_kind(preferences(host, INTERFACES), link.name) if link else None
    return Network(
        link_type=kind,
        wifi_quality_ratio=_wifi_quality(host, link.name) if link and kind is LinkType.WIFI else None,
        link_mbps=_speed(link) if link and kind is LinkType.ETHERNET else None,
        proxy=parse_proxy(word(host, *PROXY)),
        ipv6=has_ipv6(host),
        zone=zone(host, settings, survey(host, settings)),
    )


def metered(host: Host, settings: ProbeSettings, _seen: Tunnels) -> bool | None:
    """Tell whether the link goes through a telephone, the one kind that is known to cost by use."""
    link = carrier(host, settings)
    kind = parse_kind(preferences(host, INTERFACES), link.name) if link else None
    return True if kind is LinkType.MOBILE else None


def parse_kind(said: Mapping[str, Any], name: str) -> LinkType | None:
    """Return what an interface is, None if macOS does not list it."""
    for each in parts_in(said, "Interfaces"):
        if text_in(each, "BSD Name") == name:
            shown = text_in(part_in(each, "SCNetworkInterfaceInfo"), "UserDefinedName")
            if shown.startswith(TELEPHONES):
                return LinkType.MOBILE
            return _TYPES.get(text_in(each, "SCNetworkInterfaceType"), LinkType.OTHER)
    return None


def parse_signal(items: Iterable[Mapping[str, Any]], name: str) -> float | None:
    """Return the quality of the link an interface has, None without one.

    >>> link = {"spairport_signal_noise": "-62 dBm / -90 dBm"}
    >>> card = {"_name": "en0", "spairport_current_network_information": link}
    >>> parse_signal([{"spairport_airport_interfaces": [card]}], "en0")
    0.76
    """
    for interface in (each for item in items for each in parts_in(item, "spairport_airport_interfaces")):
        if text_in(interface, "_name") == name:
            link = part_in(interface, "spairport_current_network_information")
            found = re.match(r"-(\d{1,3}) dBm\b", text_in(link, "spairport_signal_noise"), re.ASCII)
            return _quality(-int(found.group(1))) if found else None
    return None


def parse_proxy(text: str) -> bool | None:
    r"""Return whether any kind of proxy is set, None for an answer that is none.

    >>> parse_proxy("<dictionary> {\n  HTTPEnable : 0\n  ProxyAutoConfigEnable : 1\n}")
    True
    """
    if not text.startswith("<dictionary>"):
        return None
    on = re.findall(r"^[ \t]*(\w+)[ \t]*:[ \t]*1$", text, re.MULTILINE)
    return any(switch in PROXY_SWITCHES for switch in on)


def _quality(dbm: int) -> float:
    share = (dbm - _WORST_DBM) / (_BEST_DBM - _WORST_DBM)
    return round(min(1.0, max(0.0, share)), 2)


def _wifi_quality(host: Host, name: str) -> float | None:
    try:
        return parse_signal(profile(host, AIRPORT), name)
    except ProbeError:
        return None


def _speed(link: Interface) -> float | None:
    return float(link.speed_mbps) if link.speed_mbps > 0 else None
