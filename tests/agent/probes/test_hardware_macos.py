"""What is a Mac built as, what does it lie on, and what does the agent cost it?"""

from typing import Any

import pytest

from fernbereit.facts.machine import Chassis
from fernbereit.facts.storage import StorageHealth, StorageKind
from fernbereit.keyed_hash import serial_hash
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import (
    agent_macos,
    machine_macos,
    malware_protection_macos,
    smart_card_macos,
    storage_macos,
)
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

KEY = "00112233445566778899aabbccddeeff"
REPORT = "/usr/sbin/system_profiler SPHardwareDataType -json"


def mac(**answers: Any) -> RecordedHost:
    laptop = {"provenance": "constructed", "note": "x", "system": "macos", "today": "2026-11-21", **answers}
    return RecordedHost(RecordedLaptop.model_validate(laptop))


@pytest.mark.parametrize(
    ("name", "model", "battery", "chassis"),
    [
        pytest.param("MacBook Pro", "Mac16,1", False, Chassis.LAPTOP, id="a laptop by its name"),
        pytest.param("", "MacBookPro16,2", False, Chassis.LAPTOP, id="a laptop by its old model"),
        pytest.param("", "Mac99,9", True, Chassis.LAPTOP, id="a laptop by its battery"),
        pytest.param("Mac mini", "Mac16,10", False, Chassis.DESKTOP, id="a desktop"),
        pytest.param("Apple Virtual Machine 1", "VirtualMac2,1", True, Chassis.VIRTUAL, id="a virtual one"),
        pytest.param("", "VMware20,1", False, Chassis.VIRTUAL, id="one of another maker"),
        pytest.param("", "Mac99,9", False, None, id="nothing tells"),
    ],
)
def test_the_build_is_told_by_name_or_battery(
    name: str, model: str, *, battery: bool, chassis: Chassis | None
) -> None:
    """Since Apple's own processors the model alone tells no build."""
    assert (
        machine_macos.parse_chassis({"machine_name": name, "machine_model": model}, battery=battery)
        is chassis
    )


def test_the_serial_number_leaves_only_as_a_hash() -> None:
    """And only where a key is set."""
    host = mac(commands={REPORT: '{"SPHardwareDataType": [{"serial_number": "C02XK1ABCD"}]}'})
    keyed = machine_macos.read(host, ProbeSettings(inventory_key=KEY))

    assert keyed.serial_hash == serial_hash("C02XK1ABCD", bytes.fromhex(KEY))
    assert machine_macos.read(host, ProbeSettings()).serial_hash is None
    assert "C02XK1ABCD" not in keyed.model_dump_json()


@pytest.mark.parametrize(
    ("said", "kind", "health"),
    [
        ({"SolidState": True, "SMARTStatus": "Verified"}, StorageKind.SSD, StorageHealth.OK),
        ({"SolidState": False, "SMARTStatus": "Failing"}, StorageKind.HDD, StorageHealth.FAILING),
        ({"SMARTStatus": "Not Supported"}, None, None),
    ],
    ids=["a sound drive", "one that fails", "one that does not say"],
)
def test_the_drive_is_read_as_far_as_it_says(
    said: dict[str, Any], kind: StorageKind | None, health: StorageHealth | None
) -> None:
    """Kind and health; a virtual drive says what its host wants."""
    seen = storage_macos.parse(said, virtual=False)

    assert (seen.kind, seen.health) == (kind, health)
    assert storage_macos.parse(said, virtual=True).kind is None


def test_a_process_that_just_started_tells_no_cost_per_hour() -> None:
    """It has mostly paid for its start."""
    young, old = mac(own_cost=(2.0, 59.0, 1 << 25)), mac(own_cost=(2.0, 1800.0, (1 << 25) + 5))

    assert agent_macos.read(young, ProbeSettings()).cpu_seconds_per_hour is None
    assert agent_macos.read(old, ProbeSettings()).cpu_seconds_per_hour == 4.0
    assert agent_macos.read(old, ProbeSettings()).memory_bytes == 1 << 25


@pytest.mark.parametrize(
    ("installed", "product"),
    [
        ([], "XProtect"),
        (["/Applications/Falcon.app"], "CrowdStrike Falcon"),
        (["/Applications/Falcon.app", "/Applications/Microsoft Defender.app"], "Microsoft Defender"),
    ],
    ids=["what macOS brings along", "a product that is installed", "the one that answers"],
)
def test_the_product_is_the_one_that_can_be_asked(installed: list[str], product: str) -> None:
    """Only XProtect is known to be on; of the others it is not guessed."""
    host = mac(exists=installed, commands={"/usr/sbin/spctl --status": "assessments enabled\n"})
    seen = malware_protection_macos.read(host, ProbeSettings())

    assert (seen.product, seen.realtime_on) == (product, True if product == "XProtect" else None)
    assert seen.signatures_age_days is None


def test_a_card_reader_is_known_by_its_class() -> None:
    """Without the list of USB it is not known, an empty list has none."""
    listed = {" ".join(smart_card_macos.USB): ""}

    assert smart_card_macos.read(mac(), ProbeSettings()).reader_present is None
    assert smart_card_macos.read(mac(commands=listed), ProbeSettings()).reader_present is False
    assert smart_card_macos.parse_interfaces([{"bInterfaceClass": "11"}, {"bInterfaceClass": 3}]) is False
