"""When is a firewall on, off, or not to be told without being root?"""

import pytest

from fernbereit.facts.firewall import Firewall, FirewallProduct
from fernbereit_agent.errors import Denied
from fernbereit_agent.probes.firewall_linux import FIREWALLD, NFTABLES, UFW, judge, parse_ufw_conf

OFF = {UFW: False, FIREWALLD: False, NFTABLES: False}


@pytest.mark.parametrize(
    ("ufw_enabled", "active", "enabled", "product"),
    [
        (True, {**OFF, UFW: True}, True, FirewallProduct.UFW),
        (True, {}, True, FirewallProduct.UFW),
        (True, OFF, None, FirewallProduct.UFW),
        (False, OFF, False, FirewallProduct.UFW),
        (False, {**OFF, UFW: True}, False, FirewallProduct.UFW),
        (False, {}, None, FirewallProduct.UFW),
        (False, {**OFF, FIREWALLD: True}, True, FirewallProduct.FIREWALLD),
        (None, {**OFF, FIREWALLD: True}, True, FirewallProduct.FIREWALLD),
        (False, {**OFF, NFTABLES: True}, None, FirewallProduct.NFTABLES),
        (None, {**OFF, NFTABLES: True}, None, FirewallProduct.NFTABLES),
    ],
    ids=[
        "ufw switched on and started",
        "ufw switched on, systemd silent",
        "ufw switched on but not started",
        "ufw switched off, nothing else runs",
        "ufw switched off though its service started",
        "ufw switched off, systemd silent",
        "firewalld beside an idle ufw",
        "firewalld alone",
        "own rules beside an idle ufw",
        "own rules alone",
    ],
)
def test_switch_and_services_decide_together(
    *, ufw_enabled: bool | None, active: dict[str, bool], enabled: bool | None, product: FirewallProduct
) -> None:
    """Off is said only of the product that is off while nothing else runs."""
    assert judge(ufw_enabled, active) == Firewall(enabled=enabled, product=product)


@pytest.mark.parametrize("active", [OFF, {}], ids=["no service runs", "systemd silent"])
def test_without_any_product_the_rules_would_have_to_be_read(active: dict[str, bool]) -> None:
    """Only root sees rules that no known service loaded: denied, not "off"."""
    with pytest.raises(Denied):
        judge(None, active)


@pytest.mark.parametrize(
    ("text", "enabled"),
    [
        ("ENABLED=yes\n", True),
        ('# ENABLED=yes\n  ENABLED = "no"\n', False),
        ("enabled=YES", True),
        ("ENABLED=\n", None),
        ("LOGLEVEL=low\n", None),
    ],
    ids=["yes", "a comment and quotes", "other case", "nothing after the sign", "no such line"],
)
def test_the_switch_of_ufw_is_read_as_ufw_reads_it(text: str, *, enabled: bool | None) -> None:
    """Comments, quotes and case do not matter; what is neither yes nor no is not known."""
    assert parse_ufw_conf(text) is enabled
