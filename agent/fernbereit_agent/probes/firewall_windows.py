r"""Is a firewall on, on a Windows computer?

INetFwPolicy2   CurrentProfileTypes and FirewallEnabled of each: what is in force, whoever ordered it
HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall\{Domain,Standard,Public}Profile\EnableFirewall, else
HKLM\SYSTEM\...\SharedAccess\Parameters\FirewallPolicy\...: where COM does not answer. The private profile is
                called Standard. Without the service MpsSvc the values say nothing.
ROOT\SecurityCenter2:FirewallProduct   products of others, which switch the one of Windows off
"""

from fernbereit.facts.firewall import Firewall, FirewallProduct
from fernbereit_agent.errors import Denied, ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.malware_protection_windows import SECURITY_CENTER, decode_state
from fernbereit_agent.probes.registry_windows import number
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Number

DOMAIN, PRIVATE, PUBLIC = 1, 2, 4
KEYS = {DOMAIN: "DomainProfile", PRIVATE: "StandardProfile", PUBLIC: "PublicProfile"}
ORDERED = r"HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall"
CHOSEN = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
SERVICE, RUNNING = "MpsSvc", 4


def read(host: Host, _settings: ProbeSettings) -> Firewall:
    """Ask what is in force; raises `Denied` where nothing answers."""
    enabled = _in_force(host)
    if enabled is None:
        enabled = _by_registry(host)
    if enabled:
        return Firewall(enabled=True, product=FirewallProduct.WINDOWS)
    other = _other_is_on(host)
    if other:
        return Firewall(enabled=True, product=FirewallProduct.THIRD_PARTY)
    if enabled is None:
        raise Denied
    return Firewall(enabled=False if other is False else None, product=FirewallProduct.WINDOWS)


def _in_force(host: Host) -> bool | None:
    native = host.windows.native
    try:
        profiles = native.number(Number.FIREWALL_PROFILES)
        used = [profile for profile in KEYS if profiles & profile] or list(KEYS)
        return all(native.number(Number.FIREWALL_ENABLED, str(profile)) == 1 for profile in used)
    except ProbeError:
        return None


def _by_registry(host: Host) -> bool | None:
    """Return whether all profiles are on, since the registry does not say which of them are in use."""
    try:
        if host.windows.native.number(Number.SERVICE_STATE, SERVICE) != RUNNING:
            return None
    except ProbeError:
        return None
    said = []
    for name in KEYS.values():
        ordered = number(host, rf"{ORDERED}\{name}", "EnableFirewall")
        said.append(number(host, rf"{CHOSEN}\{name}", "EnableFirewall") if ordered is None else ordered)
    return None if None in said else all(value == 1 for value in said)


def _other_is_on(host: Host) -> bool | None:
    try:
        rows = host.windows.wmi.rows(SECURITY_CENTER, "FirewallProduct", "productState")
    except ProbeError:
        return None
    states = [row["productState"] for row in rows]
    said = [decode_state(state)[0] if type(state) is int and state >= 0 else None for state in states]
    if any(said):
        return True
    return None if None in said else False
