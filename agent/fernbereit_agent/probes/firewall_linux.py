"""Is a firewall on, on a Linux computer?

    /etc/ufw/ufw.conf            "ENABLED=yes", readable by every user; stays behind when ufw is removed
    systemctl show ...           firewalld.service, nftables.service and others active or not

Only root sees the rules. A running firewalld filters; the other services may have loaded an empty set of
rules, so that they are there is known and whether they filter is not. "Off" is said only of an installed ufw
that is switched off while systemd names every other service and none of them is active.
"""

import re
from collections.abc import Mapping

from fernbereit.facts.firewall import Firewall, FirewallProduct
from fernbereit_agent.errors import Denied
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.probes.units_linux import active_states
from fernbereit_agent.settings import ProbeSettings

UFW, FIREWALLD, NFTABLES = "ufw.service", "firewalld.service", "nftables.service"
OTHERS = (
    "iptables.service",
    "ip6tables.service",
    "netfilter-persistent.service",
    "shorewall.service",
    "shorewall6.service",
    "ferm.service",
)
UFW_PROGRAM = "/usr/sbin/ufw"


def read(host: Host, _settings: ProbeSettings) -> Firewall:
    """Read ufw's switch and the states of the services; raises `Denied` where only the rules would tell."""
    enabled = parse_ufw_conf(line_of(host, "/etc/ufw/ufw.conf")) if host.exists(UFW_PROGRAM) else None
    return judge(enabled, active_states(host, UFW, FIREWALLD, NFTABLES, *OTHERS))


def parse_ufw_conf(text: str) -> bool | None:
    r"""Return ufw's switch; None without the file or the line.

    >>> parse_ufw_conf("# on boot\nENABLED=yes\n"), parse_ufw_conf("")
    (True, None)
    """
    found = re.search(r"^[ \t]*ENABLED[ \t]*=[ \t]*[\"']?(yes|no)\b", text, re.MULTILINE | re.IGNORECASE)
    return found.group(1).casefold() == "yes" if found else None


def judge(ufw_enabled: bool | None, active: Mapping[str, bool]) -> Firewall:  # noqa: FBT001 - a fact, no switch
    """Make a fact of switch and services; raises `Denied` where nothing a user may read decides."""
    if active.get(FIREWALLD):
        return Firewall(enabled=True, product=FirewallProduct.FIREWALLD)
    if ufw_enabled and active.get(UFW, True):
        return Firewall(enabled=True, product=FirewallProduct.UFW)
    if active.get(NFTABLES):
        return Firewall(enabled=None, product=FirewallProduct.NFTABLES)
    if any(active.get(unit) for unit in OTHERS):
        return Firewall(enabled=None, product=FirewallProduct.OTHER)
    if ufw_enabled is not None:
        off = not ufw_enabled and {FIREWALLD, NFTABLES, *OTHERS} <= active.keys()
        return Firewall(enabled=False if off else None, product=FirewallProduct.UFW)
    raise Denied
