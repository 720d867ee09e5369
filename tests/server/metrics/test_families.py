"""Which word do these facts say?"""

from datetime import date, timedelta

import pytest

from fernbereit.facts.boot_security import BootSecurity, SecureBoot
from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.firewall import Firewall
from fernbereit.facts.machine import Chassis, Machine
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit.facts.remote_access import RemoteAccess, VpnClient
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.families.protection import OS_SUPPORT

DAY = date(2026, 10, 13)


@pytest.mark.parametrize(
    ("name", "facts", "word"),
    [
        ("platform", OperatingSystem(platform=Platform.LINUX), "linux"),
        ("chassis", Machine(chassis=Chassis.LAPTOP), "laptop"),
        ("encryption", DiskEncryption(state=EncryptionState.SUSPENDED), "suspended"),
        ("firewall", Firewall(enabled=False), "off"),
        ("secure_boot", BootSecurity(secure_boot=SecureBoot.UNSUPPORTED), "unsupported"),
        ("vpn_client", RemoteAccess(clients=()), "no"),
        ("vpn_client", RemoteAccess(clients=(VpnClient.OPENVPN,)), "yes"),
        ("conferencing", Conferencing(camera=True, microphone=True), "yes"),
        ("conferencing", Conferencing(camera=False), "no"),
        ("conferencing", Conferencing(camera=True), None),
        ("os_support_ends_on", OperatingSystem(support_ends_on=DAY), "2026-10-13"),
    ],
    ids=[
        "a platform",
        "a chassis",
        "suspended encryption is not encryption",
        "a firewall that is off",
        "a machine that starts the legacy way",
        "no VPN client among those known",
        "a VPN client",
        "camera and microphone",
        "no camera, whatever the microphone",
        "a microphone nobody could ask for",
        "a day of support is kept as a day",
    ],
)
def test_facts_say_a_word(name: str, facts: OpenModel, word: str | None) -> None:
    """One word a device, or None for not known."""
    trait = next(trait for trait in TRAITS if trait.name == name)

    assert trait.word(Outcome.OK, facts) == word


@pytest.mark.parametrize(
    ("days", "word"),
    [(-1, "supported"), (0, "supported"), (1, "ended")],
    ids=["before", "on the day", "after"],
)
def test_support_ends_with_its_last_day(days: int, word: str) -> None:
    """The last day of support is a supported one."""
    assert OS_SUPPORT.say is not None
    assert OS_SUPPORT.say(DAY.isoformat(), DAY + timedelta(days=days)) == word
