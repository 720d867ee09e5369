"""What does a Linux laptop know of its link?"""

import re

from fernbereit.facts.network import LinkType, Network
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.links_linux import carrier, device_type, survey
from fernbereit_agent.probes.places import has_ipv6, zone
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.probes.tunnels import Tunnels
from fernbereit_agent.settings import ProbeSettings

BEST_QUALITY = 70
"""The kernel's own highest link quality (net/wireless/wext-compat.c)."""
_METERED = {"yes": True, "yes (guessed)": True, "no": False, "no (guessed)": False}


def read(host: Host, settings: ProbeSettings) -> Network:
    """Look through the tunnels at the link below, and place the laptop inside or outside."""
    seen = survey(host, settings)
    link = carrier(host, seen)
    bottom = _bottom(host, link.name) if link else None
    kind = _link_type(host, bottom) if bottom else None
    return Network(
        link_type=kind,
        wifi_quality_ratio=_wifi_quality(host, bottom) if bottom and kind is LinkType.WIFI else None,
        link_mbps=_speed(link) if link and kind is LinkType.ETHERNET else None,
        metered=_metered(host, link.name) if link else None,
        proxy=_proxy(host),
        ipv6=has_ipv6(host),
        zone=zone(host, settings, seen),
    )


def metered(host: Host, _settings: ProbeSettings, seen: Tunnels) -> bool | None:
    """Tell whether the link below all tunnels costs by use; a mobile one is taken to."""
    link = carrier(host, seen)
    if link is None:
        return None
    return (
        True if _link_type(host, _bottom(host, link.name)) is LinkType.MOBILE else _metered(host, link.name)
    )


def parse_wireless(text: str, name: str) -> float | None:
    r"""Return the link quality of an interface from /proc/net/wireless as a share of the best.

    >>> parse_wireless("head\nhead\nwlp2s0: 0000   35.  -59.  -256  0 0 0 0 5881 0", "wlp2s0")
    0.5
    """
    for line in text.splitlines():
        words = line.split()
        if len(words) > 2 and words[0] == f"{name}:" and re.fullmatch(r"[0-9]{1,5}\.?", words[2]):
            return min(1.0, round(float(words[2]) / BEST_QUALITY, 2))
    return None


def _bottom(host: Host, name: str) -> str:
    """Return the interface below a bridge, bond or VLAN; with several below it the name stays."""
    lower = [f for f in host.list_dir(f"/sys/class/net/{name}") if f.startswith("lower_")]
    return lower[0].removeprefix("lower_") if len(lower) == 1 else name


def _link_type(host: Host, name: str) -> LinkType:
    folder = f"/sys/class/net/{name}"
    kind = device_type(host, name)
    if kind == "wlan" or host.exists(f"{folder}/wireless") or host.exists(f"{folder}/phy80211"):
        return LinkType.WIFI
    if kind == "wwan" or name.startswith(("wwan", "rmnet")):
        return LinkType.MOBILE
    return LinkType.ETHERNET if kind is None and host.exists(f"{folder}/device") else LinkType.OTHER


def _wifi_quality(host: Host, name: str) -> float | None:
    return parse_wireless(line_of(host, "/proc/net/wireless"), name)


def _speed(link: Interface) -> float | None:
    return float(link.speed_mbps) if link.speed_mbps > 0 else None


def _metered(host: Host, name: str) -> bool | None:
    try:
        answer = host.run("nmcli", "-g", "GENERAL.METERED", "device", "show", name)
    except ProbeError:
        return None
    return _METERED.get(answer.strip())


def _proxy(host: Host) -> bool | None:
    """Tell of a proxy in the environment; none there proves nothing, since desktops keep one per person."""
    names = {"http_proxy", "https_proxy", "all_proxy"}
    return True if names & host.environment().keys() else None
