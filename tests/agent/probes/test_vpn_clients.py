"""Is every VPN client recognised by evidence of its own, and nothing else taken for one?"""

from fnmatch import fnmatchcase

import pytest

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.probes.links_linux import NO_TUNNELS
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS, owner_on_linux

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
    for facet in (
        lambda entry: entry.linux.interfaces,
        lambda entry: entry.linux.paths,
        lambda entry: entry.windows.descriptions,
        lambda entry: entry.windows.component_ids,
        lambda entry: entry.windows.services,
    ):
        claimed = [claim for entry in VPN_CLIENTS for claim in facet(entry)]
        assert len(set(claimed)) == len(claimed)


def test_a_box_outside_the_laptop_is_seen_by_no_interface() -> None:
    """The genucard looks like plain Ethernet; only a target inside proves it."""
    (genucard,) = (entry for entry in VPN_CLIENTS if entry.client is VpnClient.GENUCARD)
    assert not genucard.own_interface
    assert genucard.linux.interfaces == genucard.linux.shared_interfaces == ()
    assert genucard.windows.descriptions == genucard.macos.interfaces == ()
