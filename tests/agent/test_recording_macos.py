"""Does a recording of a Mac keep what the probes need, and nothing that names a person or a network?"""

import json
import plistlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import write
from fernbereit_agent import recording
from fernbereit_agent.laptop import Bytes, NetworkInterface
from fernbereit_agent.probes.routes_macos import SCOPED, parse
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.redaction import redact

READY = recording.read_laptop(write.LAPTOPS / "macos-split-tunnel")
PROFILER = "/usr/sbin/system_profiler {} -json"
PERSONAL = (
    "mueller", "C02XK1ABCD", "0A1B2C3D", "Anna", "musterstadt", "PartnerCity", "192.168.77", "10.55.",
    "10.44.", "00:1f:5b", "FRITZ", "tenant-7", "7130042", "fd99:",
)  # fmt: skip


def plist(said: Any, *, binary: bool = False) -> str | Bytes:
    if binary:
        return Bytes(hex=plistlib.dumps(said, fmt=plistlib.FMT_BINARY).hex())
    return plistlib.dumps(said).decode()


def report(data_type: str, *items: dict[str, Any]) -> str:
    return json.dumps({data_type: items})


LAPTOP = READY.model_copy(
    update={
        "provenance": "recorded",
        "host_name": "mueller-mac",
        "exists": (*READY.exists, "/Users/mueller/Applications/zoom.us.app"),
        "files": {
            **READY.files,
            "/Library/Receipts/InstallHistory.plist": plist(
                [
                    {
                        "date": datetime(2026, 11, 3, 20, 14, tzinfo=UTC).replace(tzinfo=None),
                        "displayName": "macOS 26.5.2",
                        "processName": "softwareupdated",
                    },
                    {"date": datetime(2026, 11, 4), "displayName": "PartnerCity", "processName": "x"},  # noqa: DTZ001
                ],
                binary=True,
            ),
            "/Library/Preferences/SystemConfiguration/NetworkInterfaces.plist": plist(
                {
                    "Model": "Mac14,2",
                    "Interfaces": [
                        {
                            "BSD Name": "en0",
                            "SCNetworkInterfaceType": "IEEE80211",
                            "IOMACAddress": b"\x00\x1f\x5b",
                            "SCNetworkInterfaceInfo": {"UserDefinedName": "Annas WLAN"},
                        }
                    ],
                },
                binary=True,
            ),
        },
        "commands": {
            **READY.commands,
            "/usr/bin/id -u": "7130042\n",
            "/usr/bin/stat -f %u /dev/console": "7130042\n",
            PROFILER.format("SPHardwareDataType"): report(
                "SPHardwareDataType",
                {
                    "machine_name": "MacBook Air",
                    "machine_model": "Mac14,2",
                    "serial_number": "C02XK1ABCD",
                    "platform_UUID": "0A1B2C3D-0000-4000-8000-1234567890AB",
                },
            ),
            PROFILER.format("SPCameraDataType"): report(
                "SPCameraDataType",
                {
                    "_name": "iPhone von Anna Kamera",
                    "spcamera_model-id": "iPhone15,2",
                    "spcamera_unique-id": "0A1B2C3D",
                },
                {"_name": "FaceTime HD-Kamera", "spcamera_model-id": "FaceTime HD Camera"},
            ),
            PROFILER.format("SPAudioDataType"): report(
                "SPAudioDataType",
                {
                    "_items": [
                        {
                            "_name": "AirPods von Anna",
                            "coreaudio_device_transport": "coreaudio_device_type_bluetooth",
                            "coreaudio_device_input": 1,
                            "coreaudio_device_output": 2,
                        }
                    ]
                },
            ),
            PROFILER.format("SPAirPortDataType"): report(
                "SPAirPortDataType",
                {
                    "spairport_airport_interfaces": [
                        {
                            "_name": "en0",
                            "spairport_wireless_mac_address": "00:1f:5b:00:00:01",
                            "spairport_current_network_information": {
                                "_name": "FRITZ!Box Anna",
                                "spairport_signal_noise": "-61 dBm / -90 dBm",
                            },
                            "spairport_airport_other_local_wireless_networks": [{"_name": "FRITZ!Box 7590"}],
                        }
                    ]
                },
            ),
            "/usr/bin/profiles status -type enrollment": (
                "Enrolled via DEP: Yes\nMDM enrollment: Yes (User Approved)\n"
                "MDM server: https://musterstadt.jamfcloud.com/mdm/tenant-7\n"
            ),
            "/usr/bin/fdesetup status": "FileVault is On.\nDeferred enablement for user 'mueller'.\n",
            "/usr/sbin/dsconfigad -show -xml": plist(
                {
                    "General Info": {
                        "Active Directory Domain": "ad.musterstadt.example",
                        "Computer Account": "mueller-mac$",
                    }
                }
            ),
            "/usr/sbin/scutil --nc list": (
                "Available network connection services in the current set (*=enabled):\n"
                "* (Connected)      0A1B2C3D-0000-4000-8000-1234567890AB VPN (com.wireguard.macos) "
                '"Musterstadt Anna"  [VPN:com.wireguard.macos]\n'
            ),
            "/usr/sbin/scutil --proxy": (
                "<dictionary> {\n  HTTPEnable : 1\n  HTTPProxy : proxy.musterstadt.example\n}\n"
            ),
            "/usr/sbin/netstat -rn": (
                "Routing tables\n\nInternet:\nDestination Gateway Flags Netif Expire\n"
                "default 192.168.77.1 UGScg en0\n192.168.77 link#11 UCS en0 !\n"
                "192.168.77.9 0:1f:5b:1:2:3 UHLWIir en0 1193\n10.44/16 10.55.0.9 UGSc utun2\n"
                "\nInternet6:\ndefault fe80::%utun0 UGcIg utun0\nfd99:1::/64 link#11 UC en0\n"
            ),
        },
        "interfaces": (
            NetworkInterface(name="en0", addresses=("192.168.77.30", "fd99:1::30", "fe80::30")),
            NetworkInterface(name="utun0", mtu=1380, addresses=("fe80::2",)),
            NetworkInterface(name="utun2", mtu=1400, addresses=("10.55.0.10",)),
        ),
        "routes": {"192.0.2.1": "192.168.77.30", "10.55.0.1": "10.55.0.10", "10.44.0.80": "10.55.0.10"},
        "settings": READY.settings.model_copy(update={"internal_target": "10.55.0.1", "targets": ()}),
    }
)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    recording.record(tmp_path / "made", LAPTOP.settings, RecordedHost(LAPTOP))
    return tmp_path / "made"


def test_nothing_personal_is_written(recorded: Path) -> None:
    """No serial, UUID, person, network, device, domain, server or number of an account remains."""
    written = (recorded / recording.LAPTOP).read_text() + (recorded / recording.EXPECTED).read_text()

    assert [word for word in PERSONAL if word.casefold() in written.casefold()] == []


def test_home_folders_of_macos_are_nobodys() -> None:
    """A path below a home folder keeps its end only."""
    redacted = redact(LAPTOP)

    assert "/Users/~user/Applications/zoom.us.app" in redacted.exists
    assert "mueller" not in redacted.model_dump_json()


def test_the_redacted_mac_reads_like_the_original(recorded: Path) -> None:
    """Every section says what it said on the machine."""
    before = json.loads(recording.expectations(LAPTOP))
    after = json.loads((recorded / recording.EXPECTED).read_text())

    assert after == before
    assert after["machine"]["facts"]["model"] == "MacBook Air (Mac14,2)"
    assert after["operating_system"]["facts"]["last_update_on"] == "2026-11-03"
    assert after["network"]["facts"]["link_type"] == "wifi"
    assert after["network"]["facts"]["proxy"] is True
    assert after["management"]["facts"]["join_type"] == "domain"
    assert after["conferencing"]["facts"]["headset"] is True
    assert after["remote_access"]["facts"]["active_client"] == "wireguard"


def test_routes_keep_their_shape_without_a_network(recorded: Path) -> None:
    """Default routes stay; of each other line only the interface and that somebody set it."""
    text = recording.read_laptop(recorded).commands["/usr/sbin/netstat -rn"]
    lines = list(parse(str(text)))

    assert [(line.interface, line.default, line.gateway, line.metric) for line in lines] == [
        ("en0", True, True, 0),
        ("en0", False, True, 0),
        ("utun2", False, True, 0),
        ("utun0", True, True, SCOPED),
        ("en0", False, False, 0),
    ]


@pytest.mark.parametrize("folder", sorted(write.LAPTOPS.glob("macos-*")), ids=lambda folder: folder.name)
def test_each_recorded_mac_can_be_recorded_again(folder: Path, tmp_path: Path) -> None:
    """Redaction cuts away nothing that a section is made of."""
    laptop = recording.read_laptop(folder)
    recording.record(tmp_path, laptop.settings, RecordedHost(laptop))
    again = json.loads((tmp_path / recording.EXPECTED).read_text())
    expected = json.loads((folder / recording.EXPECTED).read_text())

    assert {name: said for name, said in again.items() if name not in {"targets", "readiness"}} == {
        name: said for name, said in expected.items() if name not in {"targets", "readiness"}
    }
