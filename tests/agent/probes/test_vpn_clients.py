"""Is every VPN client recognised by evidence of its own, and nothing else taken for one?"""

from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.host import Interface
from fernbereit_agent.probes.links_linux import NO_TUNNELS
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS, owner_on_linux, owner_on_macos
from fernbereit_agent.probes.vpn_entry import VpnEntry

INTERFACES = (
    "docker0",
    "br-5d1c0a9b7e6f",
    "veth1a2b3c4",
    "virbr0",
    "podman1",
    "vnet0",
    "lxdbr0",
    "vboxnet0",
    "cni0",
    "lo",
)


def test_every_client_has_one_entry() -> None:
    """A word of the enumeration without an entry could never be reported."""
    listed = [entry.client for entry in VPN_CLIENTS]
    assert len(set(listed)) == len(listed)
    assert set(listed) == set(VpnClient) - {VpnClient.OTHER}


@pytest.mark.parametrize("name", INTERFACES)
def test_interfaces_of_containers_and_machines_belong_to_no_client(name: str) -> None:
    """They are listed as no tunnels, and no entry claims them even if all clients are installed."""
    assert any(fnmatchcase(name, pattern) for pattern in NO_TUNNELS)
    assert owner_on_linux(name, None, tuple(VpnClient)) is None


@pytest.mark.parametrize(
    ("name", "device_type", "installed", "client"),
    [
        pytest.param("cscotun0", None, (), VpnClient.CISCO_SECURE_CLIENT, id="Cisco by name"),
        pytest.param("gpd0", None, (), VpnClient.GLOBALPROTECT, id="GlobalProtect by name"),
        pytest.param("fctvpn4f2a", None, (), VpnClient.FORTICLIENT, id="FortiClient by name"),
        pytest.param(
            "ppp0", None, (VpnClient.FORTICLIENT,), VpnClient.FORTICLIENT, id="PPP with FortiClient"
        ),
        pytest.param("ppp0", None, (VpnClient.OPENVPN,), None, id="PPP without it is a modem"),
        pytest.param("tun0", None, (VpnClient.OPENVPN,), VpnClient.OPENVPN, id="tun with OpenVPN"),
        pytest.param("tun0", None, (), None, id="tun of an unknown program"),
        pytest.param("work", "wireguard", (), VpnClient.WIREGUARD, id="WireGuard by device type"),
        pytest.param("tailscale0", None, (VpnClient.OPENVPN,), VpnClient.TAILSCALE, id="Tailscale by name"),
        pytest.param("CloudflareWARP", None, (), VpnClient.CLOUDFLARE_WARP, id="WARP by name"),
    ],
)
def test_an_interface_belongs_to_its_client(
    name: str, device_type: str | None, installed: tuple[VpnClient, ...], client: VpnClient | None
) -> None:
    """Names that many share count only where the client is installed."""
    assert owner_on_linux(name, device_type, installed) is client


def test_no_two_clients_claim_the_same_evidence() -> None:
    """One adapter, one name, one folder speaks for one client."""
    facets: tuple[Callable[[VpnEntry], tuple[object, ...]], ...] = (
        lambda entry: entry.linux.interfaces,
        lambda entry: entry.linux.paths,
        lambda entry: entry.windows.descriptions,
        lambda entry: entry.windows.component_ids,
        lambda entry: entry.windows.services,
        lambda entry: entry.macos.networks,
        lambda entry: entry.macos.services,
        lambda entry: entry.macos.paths,
    )
    for facet in facets:
        claimed = [claim for entry in VPN_CLIENTS for claim in facet(entry)]
        assert len(set(claimed)) == len(claimed)


def test_a_box_outside_the_laptop_is_seen_by_no_interface() -> None:
    """The genucard looks like plain Ethernet; only a target inside proves it."""
    (genucard,) = (entry for entry in VPN_CLIENTS if entry.client is VpnClient.GENUCARD)
    assert not genucard.own_interface
    assert genucard.linux.interfaces == genucard.linux.shared_interfaces == ()
    assert genucard.windows.descriptions == genucard.macos.interfaces == ()


C = VpnClient


@pytest.mark.parametrize(
    ("name", "mtu", "address", "installed", "connected", "client"),
    [
        pytest.param("gpd0", 1400, "10.9.0.2", (), (), C.GLOBALPROTECT, id="a name nobody else uses"),
        pytest.param("ipsec0", 1280, "10.9.0.2", (), (), C.MACOS_BUILT_IN, id="that of macOS itself"),
        pytest.param("utun4", 1380, "10.9.0.2", (), (), None, id="a utun of nobody known"),
        pytest.param("utun4", 1380, "10.9.0.2", (C.OPENVPN,), (), C.OPENVPN, id="the only client"),
        pytest.param(
            "utun4", 1380, "10.9.0.2", (C.OPENVPN, C.WIREGUARD), (), None, id="two clients and no evidence"
        ),
        pytest.param(
            "utun4", 1400, "10.9.0.2", (C.OPENVPN, C.GLOBALPROTECT), (), C.GLOBALPROTECT, id="by packet size"
        ),
        pytest.param(
            "utun4",
            1280,
            "fd7a:115c:a1e0::7",
            (C.TAILSCALE, C.WIREGUARD),
            (C.WIREGUARD,),
            C.TAILSCALE,
            id="by an address only this client gives",
        ),
        pytest.param(
            "utun4",
            1280,
            "10.9.0.2",
            (C.TAILSCALE, C.WIREGUARD),
            (C.WIREGUARD,),
            C.WIREGUARD,
            id="the one macOS calls connected",
        ),
        pytest.param("utun4", 1280, "fd7a:115c:a1e0::7", (), (), None, id="an address without the client"),
    ],
)
def test_a_tunnel_of_a_mac_is_named_by_evidence_of_its_own(
    name: str,
    mtu: int,
    address: str,
    installed: tuple[VpnClient, ...],
    connected: tuple[VpnClient, ...],
    client: VpnClient | None,
) -> None:
    """Nearly all clients use an utun, so its name alone tells nothing."""
    interface = Interface(name=name, up=True, mtu=mtu, speed_mbps=0, addresses=(address,))

    assert owner_on_macos(interface, installed, connected) is client
