"""Does a Linux laptop tell its link and its zone only as far as it knows them?

The recorded laptops hold the whole cases; here are the odd ones.
"""

import json
from typing import Any

import pytest

from fernbereit.facts.network import LinkType, Network, Zone
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import network_linux
from fernbereit_agent.recorded import RecordedHost

BEACON = {"name": "beacon", "host": "10.1.2.3", "port": 443}
HOME = "192.168.178.20"
ROUTES = (
    "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    "eth0 00000000 01B2A8C0 0003 0 0 100 00000000 0 0 0\n"
)


def look(**changes: Any) -> Network:
    """Return what a laptop on a cable says, with changes to its recording."""
    laptop: dict[str, Any] = {
        "provenance": "constructed",
        "note": "on a cable",
        "today": "2026-11-21",
        "settings": {"beacon": "beacon", "targets": [BEACON]},
        "files": {"/proc/net/route": ROUTES, "/sys/class/net/eth0/type": "1\n"},
        "exists": ["/sys/class/net/eth0/device"],
        "interfaces": [{"name": "eth0", "speed_mbps": 1000, "addresses": [HOME]}],
        "routes": {"192.0.2.1": HOME, "10.1.2.3": HOME},
        "resolved": {"10.1.2.3": {"addresses": ["10.1.2.3"], "ms": 0.1}},
        "handshakes": {"10.1.2.3:443 10.1.2.3": [5.0]},
    }
    recorded = RecordedLaptop.model_validate_json(json.dumps({**laptop, **changes}))
    return network_linux.read(RecordedHost(recorded), recorded.settings)


@pytest.mark.parametrize(
    ("changes", "zone"),
    [
        pytest.param({}, Zone.OFFICE, id="the beacon answers on the plain way"),
        pytest.param(
            {"handshakes": {"10.1.2.3:443 10.1.2.3": ["certificate"]}}, None, id="with a wrong certificate"
        ),
        pytest.param({"handshakes": {"10.1.2.3:443 10.1.2.3": ["timeout"]}}, None, id="it is silent"),
        pytest.param({"resolved": {}}, None, id="its name is not known here"),
        pytest.param({"routes": {"192.0.2.1": HOME}}, None, id="there is no way to it"),
        pytest.param({"settings": {}}, None, id="there is no beacon"),
    ],
)
def test_the_office_is_proved_and_silence_proves_nothing(changes: dict[str, Any], zone: Zone | None) -> None:
    """Only an answer with the right certificate is proof."""
    assert look(**changes).zone is zone


def test_without_any_route_there_is_no_link() -> None:
    """A laptop in flight mode knows nothing, and says so."""
    seen = look(files={}, routes={})
    assert (seen.link_type, seen.link_mbps, seen.metered, seen.ipv6) == (None, None, None, False)


@pytest.mark.parametrize(
    ("name", "extra", "link_type"),
    [
        pytest.param("eth0", ["device"], LinkType.ETHERNET, id="a card"),
        pytest.param("eth0", [], LinkType.OTHER, id="nothing behind it"),
        pytest.param("wlp2s0", ["device", "wireless"], LinkType.WIFI, id="an old wireless driver"),
        pytest.param("wlp2s0", ["device", "phy80211"], LinkType.WIFI, id="a new wireless driver"),
        pytest.param("wwan0", ["device"], LinkType.MOBILE, id="a modem"),
    ],
)
def test_the_kind_of_link_follows_from_the_driver(name: str, extra: list[str], link_type: LinkType) -> None:
    """Names are a last resort."""
    seen = look(
        files={"/proc/net/route": ROUTES.replace("eth0", name)},
        interfaces=[{"name": name, "addresses": [HOME]}],
        exists=[f"/sys/class/net/{name}/{folder}" for folder in extra],
    )
    assert seen.link_type is link_type


def test_an_address_of_the_house_is_no_ipv6() -> None:
    """A unique local address reaches nothing outside."""
    inside = look(routes={"2001:db8::1": "fd00::20"})
    outside = look(routes={"2001:db8::1": "2001:db8:1::20"})
    assert (inside.ipv6, outside.ipv6) == (False, True)


def test_no_proxy_in_the_environment_proves_nothing() -> None:
    """A desktop keeps one per person, which is not read; exceptions alone are no proxy."""
    assert look(environment={"no_proxy": "localhost"}).proxy is None
    assert look(environment={"http_proxy": "http://proxy.example:3128/"}).proxy is True


@pytest.mark.parametrize(
    ("answer", "metered"),
    [
        ("yes", True),
        ("yes (guessed)", True),
        ("no", False),
        ("no (guessed)", False),
        ("unknown", None),
        ("?", None),
    ],
)
def test_network_manager_tells_whether_the_link_is_metered(answer: str, metered: bool | None) -> None:  # noqa: FBT001
    """What it does not know is not known."""
    assert look(commands={"nmcli -g GENERAL.METERED device show eth0": answer + "\n"}).metered is metered


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        pytest.param("", None, id="no wireless at all"),
        pytest.param("wlan1: 0000   35.  -59.  -256", None, id="another interface"),
        pytest.param("wlan0: 0000   35.  -59.  -256", 0.5, id="half of the best"),
        pytest.param("wlan0: 0000   99.  -20.  -256", 1.0, id="an old driver with a scale of its own"),
        pytest.param("wlan0:", None, id="a line cut off"),
    ],
)
def test_wireless_quality_is_a_share_of_the_best(text: str, quality: float | None) -> None:
    """The kernel counts to 70."""
    assert network_linux.parse_wireless(text, "wlan0") == quality
