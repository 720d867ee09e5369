"""Does route truth hold against the real kernel, with real tunnel interfaces in a namespace of their own?"""

from pathlib import Path
from typing import Any

import pytest

from namespaces import need_namespaces, run_in_namespace

pytestmark = pytest.mark.real

INSIDE = "10.0.0.1"
HOME = (
    "link set lo up",
    "link add home0 type veth peer name away0",
    "link set away0 up",
    "link set home0 up",
    "address add 192.168.178.20/24 dev home0",
    "route add default via 192.168.178.1 dev home0 metric 600",
)
TUNNEL = ("address add 10.8.0.2/24 dev tun0", "link set tun0 mtu 1380", "link set tun0 up")
INSIDE_ROUTE = "route add 10.0.0.0/8 dev tun0"
HALVES = ("route add 0.0.0.0/1 via 10.8.0.1", "route add 128.0.0.0/1 via 10.8.0.1")
HOME_V6 = (
    "address add 2001:db8:1::20/64 dev home0 nodad",
    "route add default via 2001:db8:1::1 dev home0",
)
DOCKER = ("link add docker0 type bridge", "address add 172.17.0.1/16 dev docker0", "link set docker0 up")
MACHINE_OF_A_VM = (
    "tuntap add dev tap0 mode tap",
    *DOCKER,
    "link set tap0 master docker0",
    "link set tap0 up",
)


def read_in_namespace(
    commands: tuple[str, ...],
    *,
    tun: tuple[str, ...] = (),
    internal: str | None = INSIDE,
    settings: dict[str, Any] | None = None,
    vpn_clients: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    """Return what the reader says in a fresh namespace built by `ip` commands."""
    asked = {
        "commands": commands,
        "tun": tun,
        "settings": {"internal_target": internal, **(settings or {})},
        "vpn_clients": vpn_clients,
    }
    return run_in_namespace(Path(__file__).with_name("in_namespace.py"), asked)


@pytest.fixture(scope="module", autouse=True)
def namespaces() -> None:
    """Nothing here works without namespaces of one's own."""
    need_namespaces()


@pytest.mark.parametrize(
    ("commands", "tun", "expected"),
    [
        pytest.param(HOME, (), ("down", "none", None), id="no tunnel at all"),
        pytest.param(
            (*HOME, "link set tun0 up"), ("tun0",), ("down", "none", None), id="tunnel without address"
        ),
        pytest.param(
            (*HOME, "address add 169.254.7.2/16 dev tun0", "link set tun0 up", INSIDE_ROUTE),
            ("tun0",),
            ("down", "none", None),
            id="tunnel with a link-local address only",
        ),
        pytest.param((*HOME, *TUNNEL), ("tun0",), ("down", "none", None), id="tunnel nothing is routed to"),
        pytest.param(
            (*HOME, *TUNNEL, INSIDE_ROUTE, "link set tun0 down"),
            ("tun0",),
            ("down", "none", None),
            id="tunnel switched off",
        ),
        pytest.param(
            (*HOME, "tuntap add dev tun0 mode tun", *TUNNEL),
            (),
            ("down", "none", None),
            id="tunnel no program holds",
        ),
        pytest.param(
            (*HOME, *TUNNEL, INSIDE_ROUTE), ("tun0",), ("up", "split", 1380), id="only the inside is routed"
        ),
        pytest.param((*HOME, *TUNNEL, *HALVES), ("tun0",), ("up", "full", 1380), id="both halves are routed"),
        pytest.param(
            (*HOME, *TUNNEL, "route add default dev tun0 metric 50"),
            ("tun0",),
            ("up", "full", 1380),
            id="a better default route",
        ),
        pytest.param(
            (
                *HOME,
                *TUNNEL,
                "route add default dev tun0 table 100",
                "rule add from all lookup 100 priority 100",
            ),
            ("tun0",),
            ("up", "full", 1380),
            id="policy routing no table shows",
        ),
        pytest.param(
            (*HOME, *HOME_V6, *TUNNEL, *HALVES),
            ("tun0",),
            ("up", "split", 1380),
            id="IPv6 passes the tunnel by",
        ),
        pytest.param((*HOME, *DOCKER), (), ("down", "none", None), id="containers are no tunnel"),
        pytest.param(
            (*HOME, *MACHINE_OF_A_VM), (), ("down", "none", None), id="virtual machines are no tunnel"
        ),
    ],
)
def test_the_kernel_tells_the_truth_about_the_way(
    commands: tuple[str, ...], tun: tuple[str, ...], expected: tuple[str, str, int | None]
) -> None:
    """Up needs address and route; full needs every family on the tunnel."""
    facts = read_in_namespace(commands, tun=tun)
    assert (facts["tunnel"], facts["route"], facts["mtu"]) == expected


@pytest.mark.parametrize(
    ("commands", "tun", "expected"),
    [
        pytest.param(HOME, (), ("down", "none"), id="without a tunnel none goes through one"),
        pytest.param((*HOME, *TUNNEL, INSIDE_ROUTE), ("tun0",), ("up", None), id="beside a tunnel unknown"),
        pytest.param((*HOME, *TUNNEL, *HALVES), ("tun0",), ("up", "full"), id="everything is full anyway"),
    ],
)
def test_without_an_inside_address_only_what_is_certain_is_said(
    commands: tuple[str, ...], tun: tuple[str, ...], expected: tuple[str, str | None]
) -> None:
    """Where the answers do not decide there is no guess."""
    facts = read_in_namespace(commands, tun=tun, internal=None)
    assert (facts["tunnel"], facts["route"]) == expected


def test_an_unknown_program_with_a_tunnel_is_still_a_tunnel() -> None:
    """A client no entry names counts as `other`, since the routing table speaks for itself."""
    facts = read_in_namespace(
        tuple(c.replace("tun0", "work7") for c in (*HOME, *TUNNEL, INSIDE_ROUTE)), tun=("work7",)
    )
    assert (facts["tunnel"], facts["active_client"]) == ("up", "other")


def test_a_client_is_known_by_the_name_of_its_interface() -> None:
    """GlobalProtect's interface names its client."""
    facts = read_in_namespace(
        tuple(c.replace("tun0", "gpd0") for c in (*HOME, *TUNNEL, INSIDE_ROUTE)), tun=("gpd0",)
    )
    assert (facts["active_client"], facts["clients"]) == ("globalprotect", ["globalprotect"])


ALONE_V6 = (
    "link set lo up",
    "link add home0 type veth peer name away0",
    "link set away0 up",
    "link set home0 up",
    *HOME_V6,
)
TUNNEL_V6 = ("address add fd00:8::2/64 dev tun0 nodad", "link set tun0 mtu 1380", "link set tun0 up")
INSIDE_V6 = "fd00:10::1"
INSIDE_ROUTE_V6 = "route add fd00::/16 dev tun0"
HALVES_V6 = ("route add ::/1 dev tun0", "route add 8000::/1 dev tun0")


@pytest.mark.parametrize(
    ("commands", "tun", "expected"),
    [
        pytest.param(ALONE_V6, (), ("down", "none"), id="no tunnel"),
        pytest.param((*ALONE_V6, *TUNNEL_V6), ("tun0",), ("down", "none"), id="nothing is routed to it"),
        pytest.param((*ALONE_V6, *TUNNEL_V6, INSIDE_ROUTE_V6), ("tun0",), ("up", "split"), id="split"),
        pytest.param(
            (*ALONE_V6, *TUNNEL_V6, *HALVES_V6), ("tun0",), ("up", "full"), id="both halves are routed"
        ),
        pytest.param(
            (*ALONE_V6, *TUNNEL_V6, "-6 route add default dev tun0 metric 50"),
            ("tun0",),
            ("up", "full"),
            id="a better default route",
        ),
        pytest.param(
            (*ALONE_V6, "address add fe80::7/64 dev tun0 nodad", "link set tun0 up", INSIDE_ROUTE_V6),
            ("tun0",),
            ("down", "none"),
            id="a link-local address only",
        ),
    ],
)
def test_a_laptop_with_ipv6_only_is_told_the_same_way(
    commands: tuple[str, ...], tun: tuple[str, ...], expected: tuple[str, str]
) -> None:
    """Route truth asks in the family of the inside address."""
    facts = read_in_namespace(commands, tun=tun, internal=INSIDE_V6)
    assert (facts["tunnel"], facts["route"]) == expected


BOTH = (*HOME, *HOME_V6, *TUNNEL, "address add fd00:8::2/64 dev tun0 nodad")


@pytest.mark.parametrize(
    ("commands", "route"),
    [
        pytest.param((INSIDE_ROUTE, INSIDE_ROUTE_V6), "split", id="the inside of both families"),
        pytest.param((*HALVES, *HALVES_V6), "full", id="everything of both families"),
        pytest.param((*HALVES, INSIDE_ROUTE_V6), "split", id="of IPv6 the inside only"),
        pytest.param(
            (*HALVES, *HALVES_V6, "route add fd00:10::/32 via 2001:db8:1::1"),
            "split",
            id="everything but the inside of IPv6",
        ),
        pytest.param((INSIDE_ROUTE_V6,), "split", id="the inside of IPv6 only"),
    ],
)
def test_both_families_of_the_inside_are_asked(commands: tuple[str, ...], route: str) -> None:
    """A tunnel that leaves a part of either family out is no full one."""
    facts = read_in_namespace(
        (*BOTH, *commands), tun=("tun0",), settings={"second_internal_target": INSIDE_V6}
    )
    assert (facts["tunnel"], facts["route"]) == ("up", route)


OWN_CLIENT = {"name": "musterstadt_connect", "linux": {"interfaces": ["mcon*"]}}


def test_a_client_of_the_policy_is_known_by_the_name_of_its_interface() -> None:
    """It counts as `other`; its own name is for the desk."""
    commands = tuple(c.replace("tun0", "mcon0") for c in (*HOME, *TUNNEL, INSIDE_ROUTE))
    facts = read_in_namespace(commands, tun=("mcon0",), vpn_clients=(OWN_CLIENT,))

    assert (facts["tunnel"], facts["route"], facts["active_client"]) == ("up", "split", "other")
    assert (facts["clients"], facts["other_clients"]) == (["other"], ["musterstadt_connect"])
