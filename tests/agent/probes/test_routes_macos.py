"""What is a line of netstat on macOS, in its old and its new shape?"""

import pytest

from fernbereit_agent.probes.routes_macos import SCOPED, parse

NEW = "Destination Gateway Flags Netif Expire\n"
OLD = "Destination Gateway Flags Refs Use Netif Expire\n"


@pytest.mark.parametrize(
    ("line", "network", "interface"),
    [
        pytest.param("default 192.168.0.1 UGScg en0", "0.0.0.0/0", "en0", id="the default since macOS 11"),
        pytest.param("default 192.168.0.1 UGSc 30 5 en0", "0.0.0.0/0", "en0", id="the default before"),
        pytest.param("0/1 utun7 UScg utun7", "0.0.0.0/1", "utun7", id="the lower half"),
        pytest.param("128.0/1 utun7 USc utun7", "128.0.0.0/1", "utun7", id="the upper half"),
        pytest.param("10 link#22 UCS utun6", "10.0.0.0/8", "utun6", id="one octet"),
        pytest.param("10.8/16 link#22 UCS utun6", "10.8.0.0/16", "utun6", id="shortened with its length"),
        pytest.param("192.168.178 link#11 UCS en0 !", "192.168.178.0/24", "en0", id="three octets"),
        pytest.param("10.0.0.5 10.9.0.1 UGHS utun4", "10.0.0.5/32", "utun4", id="a single host somebody set"),
    ],
)
def test_a_shortened_network_is_read_in_full(line: str, network: str, interface: str) -> None:
    """netstat leaves away zeros, and the length where the octets tell it."""
    (found,) = parse(f"Routing tables\n\nInternet:\n{NEW}{line}\n")

    assert (str(found.network), found.interface) == (network, interface)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("192.168.178.1 0:11:22:33:44:55 UHLWIir en0 1193", id="a neighbour"),
        pytest.param("10.9.0.4 10.9.0.4 UH utun4", id="the tunnel's own address"),
        pytest.param("142.251.5.188 link#18 UHW3Ig utun3 41", id="a copy the kernel made for one host"),
        pytest.param("224.0.0/4 link#11 UmCS en0", id="multicast"),
        pytest.param("10.1 127.0.0.1 UGSR lo0", id="refused"),
        pytest.param("10.1 127.0.0.1 UGSB lo0", id="swallowed"),
        pytest.param("999.1/16 link#1 UCS en0", id="no network"),
        pytest.param("10.1 link#1 UCS", id="without interface"),
    ],
)
def test_a_line_that_leads_nowhere_is_none(line: str) -> None:
    """Only what serves whoever sends is a route."""
    assert list(parse(f"Internet:\n{OLD}{line}\n")) == []


def test_lines_of_an_idle_utun_are_scoped() -> None:
    """Each has a default route of IPv6 that serves only whoever asks for the interface."""
    text = (
        f"Internet6:\n{NEW}"
        "default fe80::%utun0 UGcIg utun0\n"
        "default fe80::1%en0 UGcg en0\n"
        "fd6f:74a0:9a49::/64 fe80::6%utun5 Uc utun5\n"
        "fe80::%en0/64 link#11 UCI en0\n"
    )
    lines = list(parse(text))

    assert [(line.interface, line.metric) for line in lines] == [
        ("utun0", SCOPED), ("en0", 0), ("utun5", 0), ("en0", SCOPED)
    ]  # fmt: skip
    assert [line.gateway for line in lines] == [True, True, False, False]
