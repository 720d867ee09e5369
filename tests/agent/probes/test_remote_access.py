"""Is the route judged only as far as the kernel's answers decide it?

The recorded laptops hold the whole cases; here are the odd ones.
"""

import json

import pytest

from fernbereit.facts.remote_access import Route
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import remote_access_linux
from fernbereit_agent.recorded import RecordedHost

HOME, INSIDE = "192.168.178.20", "10.8.0.2"
ROUTES = (
    "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    "eth0 00000000 01B2A8C0 0003 0 0 100 00000000 0 0 0\n"
    "wg0 0000080A 00000000 0001 0 0 0 0000FFFF 0 0 0\n"
    "wg0 0000090A 00000000 0001 0 0 0 0000FFFF 0 0 0\n"
)


def look(routes: dict[str, str], installed: list[str]) -> Route | None:
    """Return the route a laptop with a WireGuard tunnel tells."""
    laptop = {
        "provenance": "constructed",
        "note": "WireGuard is up",
        "today": "2026-11-21",
        "settings": {"internal_target": "10.0.0.1"},
        "files": {"/proc/net/route": ROUTES, "/sys/class/net/wg0/uevent": "DEVTYPE=wireguard\n"},
        "exists": installed,
        "interfaces": [
            {"name": "eth0", "addresses": [HOME]},
            {"name": "wg0", "addresses": [INSIDE]},
        ],
        "routes": routes,
    }
    recorded = RecordedLaptop.model_validate_json(json.dumps(laptop))
    return remote_access_linux.read(RecordedHost(recorded), recorded.settings).route


@pytest.mark.parametrize(
    ("routes", "installed", "route"),
    [
        pytest.param(
            {"10.0.0.1": INSIDE, "192.0.2.1": HOME}, [], Route.SPLIT, id="the inside through the tunnel"
        ),
        pytest.param({"10.0.0.1": HOME, "192.0.2.1": HOME}, [], Route.NONE, id="nothing through the tunnel"),
        pytest.param(
            {"10.0.0.1": HOME, "192.0.2.1": HOME},
            ["/usr/sbin/charon-systemd"],
            None,
            id="IPsec without an interface may carry the rest",
        ),
        pytest.param(
            {"10.0.0.1": INSIDE, "192.0.2.1": INSIDE},
            ["/usr/sbin/charon-systemd"],
            Route.FULL,
            id="all through the tunnel leaves IPsec nothing",
        ),
    ],
)
def test_the_route_is_told_only_where_it_is_certain(
    routes: dict[str, str], installed: list[str], route: Route | None
) -> None:
    """A way that seems to be no tunnel proves nothing while a hidden one may exist."""
    assert look(routes, installed) is route
