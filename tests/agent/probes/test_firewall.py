"""When is a firewall on, off, or not to be told without being root?"""

import pytest

from fernbereit.facts.firewall import Firewall, FirewallProduct
from fernbereit_agent.errors import Denied
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes.firewall_linux import (
    FIREWALLD,
    NFTABLES,
    OTHERS,
    UFW,
    UFW_PROGRAM,
    judge,
    parse_ufw_conf,
    read,
)
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

OFF = dict.fromkeys((UFW, FIREWALLD, NFTABLES, *OTHERS), False)


@pytest.mark.parametrize(
    ("ufw_enabled", "active", "enabled", "product"),
    [
        (True, {**OFF, UFW: True}, True, FirewallProduct.UFW),
        (True, {}, True, FirewallProduct.UFW),
        (True, OFF, None, FirewallProduct.UFW),
        (False, OFF, False, FirewallProduct.UFW),
        (False, {**OFF, UFW: True}, False, FirewallProduct.UFW),
        (False, {}, None, FirewallProduct.UFW),
        (False, {UFW: False}, None, FirewallProduct.UFW),
        (False, {**OFF, "netfilter-persistent.service": True}, None, FirewallProduct.OTHER),
        (None, {**OFF, "iptables.service": True}, None, FirewallProduct.OTHER),
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
        "ufw switched off, systemd silent about the others",
        "rules kept by iptables-persistent beside an idle ufw",
        "rules of iptables alone",
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


def _laptop(*programs: str, active: str = "") -> RecordedHost:
    """Return a laptop with a ufw.conf that says "no" and these programs."""
    said = "".join(f"Id={unit}\nActiveState={'active' if unit == active else 'inactive'}\n\n" for unit in OFF)
    laptop = {
        "provenance": "constructed",
        "note": "ufw switched off",
        "today": "2026-11-21",
        "files": {"/etc/ufw/ufw.conf": "ENABLED=no\n"},
        "exists": programs,
        "commands": {f"systemctl show --property=Id,ActiveState {' '.join(OFF)}": said},
    }
    return RecordedHost(RecordedLaptop.model_validate(laptop))


def test_off_is_said_of_an_installed_ufw() -> None:
    """It is switched off, and nothing else runs."""
    assert read(_laptop(UFW_PROGRAM), ProbeSettings()).enabled is False


def test_what_a_removed_ufw_left_behind_decides_nothing() -> None:
    """The file stays when the package goes: whether anything filters would have to be read from the rules."""
    with pytest.raises(Denied):
        read(_laptop(), ProbeSettings())


@pytest.mark.parametrize("unit", OTHERS)
def test_off_is_never_said_while_another_service_runs(unit: str) -> None:
    """It may have loaded rules that only root sees."""
    assert read(_laptop(UFW_PROGRAM, active=unit), ProbeSettings()).enabled is None


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
