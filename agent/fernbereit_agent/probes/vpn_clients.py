"""How is each VPN client recognised? One frozen entry a client; adding a client adds an entry.

A signed policy may add others, by markers in fixed places (`fernbereit.client_tables`). A path that exists
proves that a client is installed; a path that is missing proves no more than that the client is not where its
maker puts it.

Never: server names, profiles, user names, keys, handshake times.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from fernbereit.client_tables import VpnClientRow
from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.host import Interface
from fernbereit_agent.probes.marker_places import installed_files, unit_files
from fernbereit_agent.probes.vpn_entry import LinuxEvidence, MacosEvidence, VpnEntry, WindowsEvidence
from fernbereit_agent.settings import ProbeSettings

VPN_CLIENTS: tuple[VpnEntry, ...] = (
    VpnEntry(
        client=VpnClient.CISCO_SECURE_CLIENT,
        linux=LinuxEvidence(
            interfaces=("cscotun*",),
            paths=("/opt/cisco/secureclient/bin", "/opt/cisco/anyconnect/bin"),
        ),
        windows=WindowsEvidence(
            descriptions=(
                "Cisco AnyConnect Secure Mobility Client Virtual Miniport Adapter*",
                "Cisco AnyConnect Virtual Miniport Adapter*",
                "Cisco Secure Client Virtual Miniport*",
            ),
            services=("vpnagent", "csc_vpnagent"),
            adapter_address="00:05:9a:3c:7a:00",
        ),
        macos=MacosEvidence(
            services=("VPN:com.cisco.anyconnect*", "VPN:com.cisco.secureclient*"),
            paths=(
                "/opt/cisco/secureclient/bin",
                "/opt/cisco/anyconnect/bin",
                "/Applications/Cisco/Cisco Secure Client.app",
            ),
        ),
    ),
    VpnEntry(
        client=VpnClient.GLOBALPROTECT,
        linux=LinuxEvidence(interfaces=("gpd*",), paths=("/opt/paloaltonetworks/globalprotect",)),
        windows=WindowsEvidence(descriptions=("PANGP Virtual Ethernet Adapter*",), services=("PanGPS",)),
        macos=MacosEvidence(
            interfaces=("gpd*", "utun*"),
            mtu=1400,
            services=("VPN:com.paloaltonetworks.globalprotect*",),
            paths=("/Applications/GlobalProtect.app",),
        ),
    ),
    VpnEntry(
        client=VpnClient.FORTICLIENT,
        linux=LinuxEvidence(
            interfaces=("fctvpn*",),
            shared_interfaces=("ppp*",),
            paths=("/opt/forticlient", "/usr/bin/openfortivpn"),
        ),
        windows=WindowsEvidence(
            descriptions=(
                "Fortinet SSL VPN Virtual Ethernet Adapter*",
                "Fortinet Virtual Ethernet Adapter*",
            ),
            component_ids=(r"root\ftsvnic", r"root\ftvnic_a"),
            programs=("FortiClient*",),
        ),
        macos=MacosEvidence(
            interfaces=("utun*", "ppp*"),
            services=("VPN:com.fortinet.forticlient*",),
            paths=("/Applications/FortiClient.app",),
        ),
    ),
    VpnEntry(
        client=VpnClient.OPENVPN,
        linux=LinuxEvidence(shared_interfaces=("tun*", "tap*", "ovpn*"), paths=("/usr/sbin/openvpn",)),
        windows=WindowsEvidence(
            descriptions=(
                "TAP-Windows Adapter V9*",
                "TAP-* Windows Adapter V9*",
                "OpenVPN Data Channel Offload*",
                "Wintun Userspace Tunnel*",
            ),
            component_ids=("tap0901",),
            services=("OpenVPNService", "OpenVPNServiceInteractive"),
            programs=("OpenVPN *",),
        ),
        macos=MacosEvidence(
            interfaces=("utun*", "tun*", "tap*"),
            services=("VPN:net.openvpn*",),
            paths=(
                "/Applications/Tunnelblick.app",
                "/Applications/Viscosity.app",
                "/Applications/OpenVPN Connect.app",
                "/Applications/OpenVPN Connect/OpenVPN Connect.app",
            ),
        ),
    ),
    VpnEntry(
        client=VpnClient.TAILSCALE,
        linux=LinuxEvidence(
            interfaces=("tailscale*",), paths=("/usr/sbin/tailscaled",), witness="100.100.100.100"
        ),
        windows=WindowsEvidence(descriptions=("Tailscale Tunnel*",), services=("Tailscale",)),
        macos=MacosEvidence(
            networks=("fd7a:115c:a1e0::/48",),
            services=("VPN:io.tailscale.ipn.*",),
            paths=("/Applications/Tailscale.app",),
        ),
    ),
    VpnEntry(
        client=VpnClient.CLOUDFLARE_WARP,
        linux=LinuxEvidence(interfaces=("CloudflareWARP",), paths=("/usr/bin/warp-svc",)),
        windows=WindowsEvidence(
            descriptions=("Cloudflare WARP Interface Tunnel*",), services=("CloudflareWARP",)
        ),
        macos=MacosEvidence(
            networks=("172.16.0.2/32", "2606:4700:110::/48"),
            services=("VPN:com.cloudflare.*",),
            paths=("/Applications/Cloudflare WARP.app",),
        ),
    ),
    VpnEntry(
        client=VpnClient.WIREGUARD,
        linux=LinuxEvidence(device_type="wireguard", paths=("/usr/bin/wg",)),
        windows=WindowsEvidence(
            descriptions=("WireGuard Tunnel*",), services=("WireGuardManager", "WireGuardTunnel$*")
        ),
        macos=MacosEvidence(services=("VPN:com.wireguard.*",), paths=("/Applications/WireGuard.app",)),
    ),
    VpnEntry(
        client=VpnClient.ZSCALER,
        linux=LinuxEvidence(shared_interfaces=("zcctun*",), paths=("/opt/zscaler",)),
        windows=WindowsEvidence(
            descriptions=("Zscaler Network Adapter*",), services=("ZSAService",), hides=True
        ),
        macos=MacosEvidence(
            services=("VPN:com.zscaler.*",),
            paths=("/Applications/Zscaler/Zscaler.app",),
            hides=True,  # with packet filters instead of a tunnel nothing shows
        ),
    ),
    VpnEntry(
        client=VpnClient.STRONGSWAN,
        linux=LinuxEvidence(
            paths=("/usr/libexec/ipsec/charon", "/usr/lib/ipsec/charon", "/usr/sbin/charon-systemd"),
        ),
        own_interface=False,  # IPsec policies need no interface, and only root may list them
        macos=MacosEvidence(services=("VPN:org.strongswan.*",), paths=("/Applications/strongSwan.app",)),
    ),
    VpnEntry(
        client=VpnClient.WINDOWS_BUILT_IN,
        windows=WindowsEvidence(descriptions=("WAN Miniport (IKEv2)*", "WAN Miniport (SSTP)*")),
    ),
    VpnEntry(
        client=VpnClient.MACOS_BUILT_IN,
        macos=MacosEvidence(
            interfaces=("ipsec*", "ppp*", "utun*"), services=("IKEv2", "IPSec", "PPP:L2TP", "VPN:IKEv2")
        ),
    ),
    VpnEntry(
        client=VpnClient.NCP,
        windows=WindowsEvidence(
            descriptions=("NCP Secure Client Virtual NDIS6 Adapter*",),
            services=("ncprwsnt", "ncpsec", "ncpclcfg"),
            adapter_address="02:00:4e:43:50:49",
        ),
        macos=MacosEvidence(paths=("/Applications/NCP Secure Client.app",)),
    ),
    # An external box: the laptop sees plain Ethernet, so only an internal target proves the tunnel.
    VpnEntry(
        client=VpnClient.GENUCARD,
        windows=WindowsEvidence(programs=("genucard*",)),
        macos=MacosEvidence(interfaces=()),
        own_interface=False,
    ),
)


def entries(settings: ProbeSettings) -> tuple[VpnEntry, ...]:
    """Return the clients of this program and those that the policy adds."""
    return (*VPN_CLIENTS, *map(_entry, settings.clients.vpn))


def published(client: str) -> VpnClient:
    """Return the word by which a client is counted.

    >>> published("ncp"), published("musterstadt_connect")
    (<VpnClient.NCP: 'ncp'>, <VpnClient.OTHER: 'other'>)
    """
    return VpnClient(client) if client in _WORDS else VpnClient.OTHER


_WORDS = frozenset(map(str, VpnClient))


def _entry(row: VpnClientRow) -> VpnEntry:
    """Return a row of the policy as an entry, each marker in its fixed place."""
    linux, windows, macos = row.linux, row.windows, row.macos
    return VpnEntry(
        client=row.name,
        own_interface=row.own_interface,
        linux=LinuxEvidence(interfaces=linux.interfaces, paths=unit_files(linux))
        if linux
        else LinuxEvidence(),
        windows=WindowsEvidence(
            descriptions=windows.adapters,
            component_ids=windows.components,
            services=windows.services,
            programs=windows.programs,
        )
        if windows
        else WindowsEvidence(),
        macos=MacosEvidence(
            interfaces=(*macos.interfaces, *(("utun*",) if row.own_interface else ())),
            paths=installed_files(macos),
        )
        if macos
        else MacosEvidence(interfaces=()),
    )


def owner_on_linux(
    name: str,
    device_type: str | None,
    installed: tuple[str, ...],
    table: tuple[VpnEntry, ...] = VPN_CLIENTS,
) -> str | None:
    """Return the client an interface belongs to, or None if no entry claims it.

    >>> owner_on_linux("gpd0", None, ())
    <VpnClient.GLOBALPROTECT: 'globalprotect'>
    >>> owner_on_linux("ppp0", None, ()) is None
    True
    """
    for entry in table:
        if any(fnmatchcase(name, pattern) for pattern in entry.linux.interfaces):
            return entry.client
    for entry in table:
        if device_type is not None and device_type == entry.linux.device_type:
            return entry.client
    for entry in table:
        if entry.client in installed and any(
            fnmatchcase(name, pattern) for pattern in entry.linux.shared_interfaces
        ):
            return entry.client
    return None


SHARED_ON_MACOS = ("ppp*", "tap*", "tun*", "utun*")
"""Names that tell nobody: what matches one of them belongs to a client only by further evidence."""


def owner_on_macos(
    interface: Interface,
    installed: Sequence[str],
    connected: Sequence[str],
    table: tuple[VpnEntry, ...] = VPN_CLIENTS,
) -> str | None:
    """Return the client an interface belongs to, or None where the evidence names none or several.

    In this order: a name nobody else uses, an address only this client gives, the only client that macOS
    calls connected, the only installed one with this packet size, the only installed one.
    """
    fitting = [entry for entry in table if _matches(interface.name, entry.macos.interfaces)]
    for entry in fitting:
        if not _matches(interface.name, SHARED_ON_MACOS):
            return entry.client
    there = [entry for entry in fitting if entry.client in {*installed, *connected}]
    for entry in there:
        if any(_lies_in(address, entry.macos.networks) for address in interface.addresses):
            return entry.client
    for narrowed in (
        [entry for entry in there if entry.client in connected],
        [entry for entry in there if entry.macos.mtu == interface.mtu],
        there,
    ):
        if narrowed:
            return narrowed[0].client if len({entry.client for entry in narrowed}) == 1 else None
    return None


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _lies_in(address: str, networks: Iterable[str]) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed in ipaddress.ip_network(network) for network in networks)
