"""Is every machine that once surprised somebody among the recorded ones, and read as it has to be?"""

import json
from typing import Any

import pytest

import write
from fernbereit_agent import recording

FEWEST = 30

CASES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "two batteries",
        "windows-thinkpad-two-batteries",
        "battery",
        {"cycle_count": 173, "health_ratio": 0.752},
    ),
    ("two batteries on Linux", "linux-thinkpad-two-batteries-luks", "battery", {"health_ratio": 0.752}),
    ("placeholder serials", "windows-placeholder-serials", "machine", {"serial_hash": None, "model": None}),
    ("convertible", "windows-convertible", "machine", {"chassis": "convertible"}),
    ("docked with several enclosures", "windows-docked-several-enclosures", "machine", {"chassis": "laptop"}),
    ("German Windows in cp850", "windows-german-names-cp850", "network", {"wifi_quality_ratio": 0.94}),
    ("Windows on ARM", "windows-on-arm", "operating_system", {"architecture": "arm64"}),
    ("virtual machine", "windows-virtual-machine", "machine", {"chassis": "virtual"}),
    ("virtual machine on Linux", "linux-virtual-machine", "machine", {"chassis": "virtual"}),
    ("virtual Mac", "macos-virtual-machine", "machine", {"chassis": "virtual"}),
    ("BitLocker suspended", "windows-bitlocker-suspended", "disk_encryption", {"state": "suspended"}),
    (
        "Defender passive beside another product",
        "windows-defender-passive",
        "malware_protection",
        {"product": "ESET Security", "realtime_on": True},
    ),
    (
        "FortiClient up",
        "windows-forticlient-up",
        "remote_access",
        {"tunnel": "up", "route": "split", "mtu": 1392},
    ),
    ("FortiClient down", "windows-forticlient-down", "remote_access", {"tunnel": "down", "route": "none"}),
    ("opsi beside Intune", "windows-opsi-beside-intune", "management", {"join_type": "hybrid"}),
    (
        "macOS without the firewall plist",
        "macos-without-firewall-preferences",
        "firewall",
        {"enabled": False, "product": "macos"},
    ),
    ("macOS 27 battery keys", "macos-27-battery-data", "battery", {"health_ratio": 1.0, "cycle_count": 41}),
    (
        "LVM on LUKS",
        "linux-thinkpad-two-batteries-luks",
        "disk_encryption",
        {"state": "encrypted", "method": "luks2", "home_encrypted": True},
    ),
    (
        "LUKS on LVM",
        "linux-luks-on-lvm",
        "disk_encryption",
        {"state": "encrypted", "method": "luks2", "home_encrypted": False},
    ),
    ("ZFS", "linux-zfs-root", "storage", {"kind": None}),
    (
        "immutable root",
        "linux-immutable-root",
        "disk_encryption",
        {"state": "encrypted", "method": "luks2", "home_encrypted": True},
    ),
    (
        "immutable root that calls itself full",
        "linux-immutable-root",
        "storage",
        {"kind": "ssd", "free_bytes": 204_010_946_560},
    ),
    ("nothing at all on Linux", "linux-nothing-at-all", "machine", {"chassis": None, "maker": None}),
)


@pytest.mark.parametrize(
    ("folder", "section", "facts"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_case_is_recorded_and_read(folder: str, section: str, facts: dict[str, Any]) -> None:
    """What makes the machine special is in its facts, word for word."""
    expected = json.loads((write.LAPTOPS / folder / recording.EXPECTED).read_text(encoding="utf-8"))
    told = expected[section]["facts"]

    assert {name: told[name] for name in facts} == facts


def test_opsi_and_intune_stand_side_by_side() -> None:
    """Neither hides the other."""
    folder = write.LAPTOPS / "windows-opsi-beside-intune"
    told = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))["management"]["facts"]

    assert [each["provider"] for each in told["clients"]] == ["intune", "opsi"]


@pytest.mark.parametrize(
    ("folder", "layers"),
    [
        pytest.param("linux-thinkpad-two-batteries-luks", ["LVM", "CRYPT"], id="LVM on LUKS"),
        pytest.param("linux-luks-on-lvm", ["CRYPT", "LVM"], id="LUKS on LVM"),
    ],
)
def test_the_layers_lie_as_the_case_says(folder: str, layers: list[str]) -> None:
    """From the volume down to the disk."""
    laptop = recording.read_laptop(write.LAPTOPS / folder)
    (root,) = (
        line.split()[2]
        for line in str(laptop.files["/proc/self/mountinfo"]).splitlines()
        if line.split()[4] == "/"
    )
    device, seen = laptop.links[f"/sys/dev/block/{root}"], []
    while f"{device}/dm/uuid" in laptop.files:
        seen.append(str(laptop.files[f"{device}/dm/uuid"]).split("-")[0])
        slaves = laptop.folders.get(f"{device}/slaves")
        assert isinstance(slaves, tuple)
        device = laptop.links[f"{device}/slaves/{slaves[0]}"]

    assert seen == layers


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_nothing_at_all_is_an_answer_everywhere(system: str) -> None:
    """A machine that says nothing still ends every section with an outcome."""
    folder = write.LAPTOPS / f"{system}-nothing-at-all"
    expected = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))

    assert all(said["reason"] != "internal_error" for said in expected.values())


def test_there_are_enough_and_each_says_where_it_comes_from() -> None:
    """What was seen somewhere names the place; the rest calls itself constructed."""
    laptops = [recording.read_laptop(file.parent) for file in sorted(write.LAPTOPS.glob("*/laptop.json"))]
    assert len(laptops) >= FEWEST
    for laptop in laptops:
        source = laptop.provenance.removeprefix("retyped from ")
        assert laptop.provenance in {"recorded", "constructed"} or len(source) > len("a source")
        assert len(laptop.note) > len("a machine")
