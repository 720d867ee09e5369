"""Is a tunnel of a Mac told only as far as names, addresses and routes prove it?

The recorded laptops hold the whole cases; here are the odd ones.
"""

import json
from typing import Any

import pytest

from fernbereit.facts.remote_access import RemoteAccess, Route, Tunnel, VpnClient
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import remote_access_macos
from fernbereit_agent.recorded import RecordedHost

HOME, INSIDE = "192.168.178.30", "10.9.0.10"
EN0 = {"name": "en0", "addresses": [HOME]}
UTUN = {"name": "utun4", "addresses": [INSIDE]}
LISTED = "Available network connection services in the current set (*=enabled):\n"
WAYS = "Internet:\ndefault 192.168.178.1 UGScg en0\n"


def look(*, ways: str = WAYS, listed: str = LISTED, **changes: Any) -> RemoteAccess:
    """Return what a Mac at home tells, with changes to its recording."""
    laptop: dict[str, Any] = {
        "provenance": "constructed",
        "note": "at home",
        "system": "macos",
        "today": "2026-11-21",
        "settings": {"internal_target": "10.0.0.1"},
        "commands": {"/usr/sbin/netstat -rn": ways, "/usr/sbin/scutil --nc list": listed},
        "interfaces": [EN0, UTUN],
        "routes": {"192.0.2.1": HOME, "10.0.0.1": HOME},
    }
    recorded = RecordedLaptop.model_validate_json(json.dumps({**laptop, **changes}))
    return remote_access_macos.read(RecordedHost(recorded), recorded.settings)


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param([], id="without any address"),
        pytest.param(["fe80::2"], id="with an address of its link only"),
    ],
)
def test_an_idle_utun_is_no_vpn(addresses: list[str]) -> None:
    """Every Mac has some, also one that is up and has a default route of its own."""
    ways = f"{WAYS}Internet6:\ndefault fe80::%utun0 UGcIg utun0\n"
    seen = look(ways=ways, interfaces=[EN0, {"name": "utun0", "addresses": addresses}])

    assert (seen.tunnel, seen.route, seen.active_client) == (Tunnel.DOWN, Route.NONE, None)


def test_a_routable_utun_nobody_routes_to_is_down() -> None:
    """Its own network alone leads nowhere."""
    ways = f"{WAYS}Internet6:\nfd6f:74a0:9a49::/64 fe80::6%utun4 Uc utun4\n"
    seen = look(ways=ways, interfaces=[EN0, {"name": "utun4", "addresses": ["fd6f:74a0:9a49::2"]}])

    assert (seen.tunnel, seen.route) == (Tunnel.DOWN, Route.NONE)


def test_without_routing_tables_a_tunnel_may_carry_anything() -> None:
    """The kernel's answers for two addresses prove nothing about all others."""
    seen = look(ways="")
    idle = look(ways="", interfaces=[EN0, {"name": "utun0", "addresses": ["fe80::2"]}])

    assert (seen.tunnel, seen.route) == (Tunnel.NOT_DETECTABLE, None)
    assert (idle.tunnel, idle.route) == (Tunnel.DOWN, Route.NONE)


@pytest.mark.parametrize(
    ("routes", "route"),
    [
        pytest.param({"10.0.0.1": INSIDE, "192.0.2.1": HOME}, Route.SPLIT, id="the inside only"),
        pytest.param({"10.0.0.1": INSIDE, "192.0.2.1": INSIDE}, Route.FULL, id="everything"),
        pytest.param(
            {"10.0.0.1": INSIDE, "192.0.2.1": INSIDE, "2001:db8::1": "2001:db8:2::30"},
            Route.SPLIT,
            id="everything but IPv6",
        ),
        pytest.param({"10.0.0.1": HOME, "192.0.2.1": HOME}, Route.NONE, id="some third network"),
    ],
)
def test_the_kernel_tells_the_way(routes: dict[str, str], route: Route) -> None:
    """Asked for an address inside and one outside in each family."""
    seen = look(ways=f"{WAYS}172.16/12 link#22 UCS utun4\n", routes=routes)

    assert (seen.tunnel, seen.route) == (Tunnel.UP, route)


def test_zscaler_may_carry_traffic_without_any_interface() -> None:
    """So a way that seems to be none is not called one."""
    seen = look(exists=["/Applications/Zscaler/Zscaler.app"], interfaces=[EN0])

    assert (seen.tunnel, seen.route, seen.clients) == (Tunnel.NOT_DETECTABLE, None, (VpnClient.ZSCALER,))


def test_a_modem_named_like_a_tunnel_is_none() -> None:
    """PPP counts only where a client is known to use it."""
    modem = {"name": "ppp0", "addresses": ["100.90.1.2"]}
    routes = {"192.0.2.1": "100.90.1.2"}
    own = f'{LISTED}* (Connected)  00  PPP --> L2TP  "Work"  [PPP:L2TP]\n'

    assert look(interfaces=[modem], routes=routes).tunnel is Tunnel.DOWN
    with_l2tp = look(interfaces=[modem], routes=routes, listed=own)
    assert (with_l2tp.tunnel, with_l2tp.active_client) == (Tunnel.UP, VpnClient.MACOS_BUILT_IN)


def test_names_people_gave_their_vpn_are_not_read() -> None:
    """Brackets in a name tell no client; the maker's at the end of the line do."""
    named = f'{LISTED}* (Connected)  00  VPN (x)  "[VPN:com.wireguard.macos] Büro"  [VPN:org.example.vpn]\n'

    assert look(listed=named).clients == ()
