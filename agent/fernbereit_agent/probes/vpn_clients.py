"""How is each VPN client recognised? One frozen entry a client; adding a client adds an entry.

Evidence for Windows and macOS is data only until their readers exist. A path that exists proves that a client
is installed; a path that is missing proves no more than that the client is not where its maker puts it.

Never: server names, profiles, user names, keys, handshake times.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from fernbereit.facts.remote_access import VpnClient


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxEvidence:
    """What shows the client on Linux.

    `interfaces` are name patterns nobody else uses, `shared_interfaces` such as `tun*` count only while the
    client is installed. `witness` is an address only this client routes; asking for its route sends nothing.
    """

    interfaces: tuple[str, ...] = ()
    shared_interfaces: tuple[str, ...] = ()
    device_type: str | None = None
    """`DEVTYPE` in the interface's uevent."""
    paths: tuple[str, ...] = ()
    witness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsEvidence:
    """What shows the client on Windows; descriptions are not translated, adapter names are."""

    descriptions: tuple[str, ...] = ()
    component_ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    adapter_address: str | None = None
    """A fixed hardware address all adapters of this client share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MacosEvidence:
    """What shows the client on macOS; most use an unlabelled utun."""

    interfaces: tuple[str, ...] = ("utun*",)
    mtu: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnEntry:
    """One client; `own_interface` is False where the tunnel shows on no interface of the laptop."""

    client: VpnClient
    linux: LinuxEvidence = LinuxEvidence()
    windows: WindowsEvidence = WindowsEvidence()
    macos: MacosEvidence = MacosEvidence()
    own_interface: bool = True


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
            services=("vpnagent",),
            adapter_address="00:05:9a:3c:7a:00",
        ),
    ),
    VpnEntry(
        client=VpnClient.GLOBALPROTECT,
        linux=LinuxEvidence(interfaces=("gpd*",), paths=("/opt/paloaltonetworks/globalprotect",)),
        windows=WindowsEvidence(descriptions=("PANGP Virtual Ethernet Adapter*",), services=("PanGPS",)),
        macos=MacosEvidence(interfaces=("gpd0", "utun*"), mtu=1400),
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
        ),
        macos=MacosEvidence(interfaces=("utun*", "ppp*")),
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
        ),
    ),
    VpnEntry(
        client=VpnClient.TAILSCALE,
        linux=LinuxEvidence(
            interfaces=("tailscale*",), paths=("/usr/sbin/tailscaled",), witness="100.100.100.100"
        ),
        windows=WindowsEvidence(descriptions=("Tailscale Tunnel*",)),
    ),
    VpnEntry(
        client=VpnClient.CLOUDFLARE_WARP,
        linux=LinuxEvidence(interfaces=("CloudflareWARP",), paths=("/usr/bin/warp-svc",)),
        windows=WindowsEvidence(descriptions=("Cloudflare WARP Interface Tunnel*",)),
    ),
    VpnEntry(
        client=VpnClient.WIREGUARD,
        linux=LinuxEvidence(device_type="wireguard", paths=("/usr/bin/wg",)),
        windows=WindowsEvidence(descriptions=("WireGuard Tunnel*",), services=("WireGuardTunnel$*",)),
    ),
    VpnEntry(
        client=VpnClient.ZSCALER,
        linux=LinuxEvidence(shared_interfaces=("zcctun*",), paths=("/opt/zscaler",)),
        windows=WindowsEvidence(descriptions=("Zscaler Network Adapter*",), services=("ZSAService",)),
    ),
    VpnEntry(
        client=VpnClient.STRONGSWAN,
        linux=LinuxEvidence(
            paths=("/usr/libexec/ipsec/charon", "/usr/lib/ipsec/charon", "/usr/sbin/charon-systemd"),
        ),
        own_interface=False,  # IPsec policies need no interface, and only root may list them
    ),
    VpnEntry(
        client=VpnClient.WINDOWS_BUILT_IN,
        windows=WindowsEvidence(descriptions=("WAN Miniport (IKEv2)*", "WAN Miniport (SSTP)*")),
        macos=MacosEvidence(interfaces=("ipsec*", "utun*")),
    ),
    VpnEntry(
        client=VpnClient.NCP,
        windows=WindowsEvidence(
            descriptions=("NCP Secure Client Virtual NDIS6 Adapter*",),
            services=("ncprwsnt", "ncpsec", "ncpclcfg"),
            adapter_address="02:00:4e:43:50:49",
        ),
    ),
    # An external box: the laptop sees plain Ethernet, so only an internal target proves the tunnel.
    VpnEntry(client=VpnClient.GENUCARD, macos=MacosEvidence(interfaces=()), own_interface=False),
)


def owner_on_linux(name: str, device_type: str | None, installed: tuple[VpnClient, ...]) -> VpnClient | None:
    """Return the client an interface belongs to, or None if no entry claims it.

    >>> owner_on_linux("gpd0", None, ())
    <VpnClient.GLOBALPROTECT: 'globalprotect'>
    >>> owner_on_linux("ppp0", None, ()) is None
    True
    """
    for entry in VPN_CLIENTS:
        if any(fnmatchcase(name, pattern) for pattern in entry.linux.interfaces):
            return entry.client
    for entry in VPN_CLIENTS:
        if device_type is not None and device_type == entry.linux.device_type:
            return entry.client
    for entry in VPN_CLIENTS:
        if entry.client in installed and any(
            fnmatchcase(name, pattern) for pattern in entry.linux.shared_interfaces
        ):
            return entry.client
    return None
