"""Does a recording keep what the probes need, and nothing that names a person, a network or a machine?"""

import ipaddress
import json
from datetime import date
from pathlib import Path

import pytest

from fernbereit_agent import recording
from fernbereit_agent.firmware_variables import NEW_CERTIFICATE, TRUSTED
from fernbereit_agent.laptop import Bytes, NetworkInterface, RecordedLaptop, Resolved
from fernbereit_agent.probes.boot_security_linux import VARIABLES
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings, TargetSettings

LUKS = "CRYPT-LUKS2-5b0f9a1c2d3e4f50617283940a1b2c3d-luks-nbmueller"
DM = "/sys/devices/virtual/block"
DISK = "/sys/devices/pci0000:00/nvme0n1"
ROUTES = (
    "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    "tun0\t00000000\t0100080A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"
    "tun0\t00000080\t0100080A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"
    "enx001122334455\t00000000\t01B2A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "enx001122334455\t00B2A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n"
)
PERSON = "mueller"
PERSONAL = (
    "nbmueller", "mueller", "PF2ABCDE", "5b0f9a1c", "d9e1f2a3", "10.8.0.", "192.168.178", "2003:e1",
    "fe80::211", "00:11:22", "001122334455", "intranet.musterstadt", "0100080A", "01B2A8C0", "00B2A8C0",
    "tenant-7", "sharepoint",
)  # fmt: skip

LAPTOP = RecordedLaptop(
    provenance="recorded",
    note="a note",
    today=date(2026, 11, 21),
    host_name="nbmueller",
    memory_bytes=1 << 33,
    cpu_count=4,
    disk_space={"/": (1 << 38, 1 << 37)},
    settings=ProbeSettings(
        internal_target="10.8.0.80",
        targets=(TargetSettings(name="intranet", host="intranet.musterstadt.example", samples=2),),
    ),
    files={
        "/sys/class/dmi/id/chassis_type": "10\n",
        "/sys/class/dmi/id/product_serial": "PF2ABCDE\n",
        "/sys/class/dmi/id/product_name": "nbmueller edition\n",
        "/proc/cpuinfo": "model name\t: A\nserial\t: PF2ABCDE\n",
        "/proc/self/mountinfo": (
            "22 1 254:1 / / rw,relatime - ext4 /dev/mapper/vg--mueller-root rw,errors=remount-ro\n"
            f"30 22 0:50 / /home rw - nfs4 files.musterstadt.example:/export/home/{PERSON} rw,addr=10.8.0.9\n"
            "31 22 0:51 / /media/mueller/STICK rw - vfat /dev/sdb1 rw\n"
        ),
        f"{DM}/dm-1/dm/uuid": "LVM-Nq3xABCDabcd0123Nq3xABCDabcd0123Nq3xABCDabcd0123Nq3xABCDabcd0123\n",
        f"{DM}/dm-0/dm/uuid": f"{LUKS}\n",
        f"{DISK}/queue/rotational": "0\n",
        "/proc/net/route": ROUTES,
        "/sys/class/net/tun0/tun_flags": "0x1001\n",
        "/sys/class/net/tun0/type": "65534\n",
        "/sys/class/net/enx001122334455/uevent": "INTERFACE=enx001122334455\n",
        "/sys/class/net/enx001122334455/address": "00:11:22:33:44:55\n",
        "/sys/class/net/enx001122334455/device/vendor": "0x0bda\n",
        f"{VARIABLES}/{TRUSTED}": Bytes(hex=(bytes(4) + b"Haus-CA" + NEW_CERTIFICATE).hex()),
        "/etc/dconf/db/local.d/site": "[org/gnome/desktop/session]\nidle-delay=uint32 60\n[sharepoint]\n",
    },
    folders={
        f"{DM}/dm-1/slaves": ("dm-0",),
        f"{DM}/dm-0/slaves": ("nvme0n1",),
        "/usr/share/xsessions": ("a.desktop",),
    },
    links={
        "/sys/dev/block/254:1": f"{DM}/dm-1",
        f"{DM}/dm-1/slaves/dm-0": f"{DM}/dm-0",
        f"{DM}/dm-0/slaves/nvme0n1": DISK,
        f"/home/{PERSON}/link": "/dev/mapper/vg--mueller-root",
    },
    exists=(
        "/sys/firmware/efi",
        "/opt/microsoft/mdatp",
        "/dev/disk/by-uuid/d9e1f2a3-0000-4000-8000-1234567890ab",
    ),
    commands={
        "mdatp health --output json": json.dumps(
            {
                "orgId": "tenant-7",
                "realTimeProtectionEnabled": {"value": True},
                "definitionsUpdatedMinutesAgo": 0,
            }
        )
    },
    interfaces=(
        NetworkInterface(
            name="enx001122334455", addresses=("192.168.178.23", "2003:e1::7", "fe80::211:22ff:fe33:4455")
        ),
        NetworkInterface(name="lo", addresses=("127.0.0.1", "::1")),
        NetworkInterface(name="tun0", mtu=1400, addresses=("10.8.0.6",)),
    ),
    routes={
        "192.0.2.1": "10.8.0.6",
        "2001:db8::1": "2003:e1::7",
        "10.8.0.80": "10.8.0.6",
        "10.8.0.81": "10.8.0.6",
    },
    resolved={"intranet.musterstadt.example": Resolved(addresses=("10.8.0.81",), ms=2.0)},
    connections={"10.8.0.81:443": (3.0, 4.0)},
    handshakes={"10.8.0.81:443 intranet.musterstadt.example": (9.0,)},
    environment={"https_proxy": "http://proxy.intranet.musterstadt.example:3128"},
)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    recording.record(tmp_path / "made", LAPTOP.settings, RecordedHost(LAPTOP))
    return tmp_path / "made"


def test_nothing_personal_is_written(recorded: Path) -> None:
    """No host name, serial, UUID, address, user name, network, tenant or certificate remains."""
    written = (recorded / recording.LAPTOP).read_text() + (recorded / recording.EXPECTED).read_text()

    assert [word for word in PERSONAL if word.casefold() in written.casefold()] == []
    assert [word for word in PERSONAL if word not in recording.write_laptop(LAPTOP)] == []


def test_certificates_of_the_authority_stay_its_own(recorded: Path) -> None:
    """Of the firmware's certificates only the well-known names remain."""
    variable = recording.read_laptop(recorded).files[f"{VARIABLES}/{TRUSTED}"]

    assert variable == Bytes(hex=(bytes(4) + NEW_CERTIFICATE).hex())


def test_the_redacted_laptop_reads_like_the_original(recorded: Path) -> None:
    """Encryption, routes, tunnel, targets and all other facts are what the probes saw on the machine."""
    before = json.loads(recording.expectations(LAPTOP))
    after = json.loads((recorded / recording.EXPECTED).read_text())
    before["machine"]["facts"]["model"] = after["machine"]["facts"]["model"]

    assert after == before
    assert after["disk_encryption"]["facts"]["state"] == "encrypted"
    assert after["remote_access"]["facts"]["tunnel"] == "up"
    assert after["targets"]["facts"]["results"][0]["reachable"] is True


def test_replaying_gives_what_was_expected(recorded: Path) -> None:
    """The two files of a recording agree, today and after the next change of a probe."""
    laptop = recording.read_laptop(recorded)

    assert recording.expectations(laptop) == (recorded / recording.EXPECTED).read_text()
    assert recording.write_laptop(laptop) == (recorded / recording.LAPTOP).read_text()


def test_the_kind_of_an_address_and_of_a_layer_is_kept(recorded: Path) -> None:
    """Loopback stays loopback, link-local stays link-local, all else is documentation; LUKS2 stays LUKS2."""
    laptop = recording.read_laptop(recorded)
    ethernet, loopback, tunnel = (interface.addresses for interface in laptop.interfaces)
    documentation = ipaddress.ip_network("192.0.2.0/24")

    assert loopback == ("127.0.0.1", "::1")
    assert ethernet[1:] == ("2001:db8::a", "fe80::1")
    assert ethernet[0] != tunnel[0]
    assert {ipaddress.ip_address(a) in documentation for a in (ethernet[0], tunnel[0])} == {True}
    assert str(laptop.files[f"{DM}/dm-0/dm/uuid"]).startswith("CRYPT-LUKS2-0000")
    assert laptop.settings.internal_target in laptop.routes


def test_the_inventory_key_is_not_used(tmp_path: Path) -> None:
    """Nothing in a recording can be matched with an inventory."""
    key = "00112233445566778899aabbccddeeff"
    settings = LAPTOP.settings.model_copy(update={"inventory_key": key})
    recording.record(tmp_path, settings, RecordedHost(LAPTOP))
    written = (tmp_path / recording.LAPTOP).read_text() + (tmp_path / recording.EXPECTED).read_text()

    assert key not in written
    assert json.loads((tmp_path / recording.EXPECTED).read_text())["machine"]["facts"]["serial_hash"] is None


@pytest.mark.live
def test_this_machine_can_be_recorded_and_replayed(tmp_path: Path) -> None:
    """What the tests run on is a laptop like any other."""
    laptop_file, expected_file = recording.record(tmp_path / "here", ProbeSettings())
    laptop = recording.read_laptop(laptop_file.parent)

    assert recording.expectations(laptop) == expected_file.read_text()
    assert laptop.memory_bytes > 2**27
