"""Do the structures lie in memory as a compiler for Windows lays them out?"""

import ctypes
import re
from pathlib import Path

import pytest

from fernbereit_agent import windows_layouts as layouts

TRUTH = (Path(__file__).parent / "win64_struct_layout.txt").read_text(encoding="utf-8")
STRUCTURES: tuple[tuple[str, type[ctypes.Structure]], ...] = (
    ("BATTERY_QUERY_INFORMATION", layouts.BatteryQueryInformation),
    ("BATTERY_INFORMATION", layouts.BatteryInformation),
    ("MIB_IF_ROW2", layouts.InterfaceRow),
    ("MIB_IPFORWARD_ROW2", layouts.ForwardRow),
    ("SOCKADDR_INET", layouts.SocketAddress),
    ("RASCONNW", layouts.RasConnection),
    ("STORAGE_PROPERTY_QUERY", layouts.StoragePropertyQuery),
    ("DEVICE_SEEK_PENALTY_DESCRIPTOR", layouts.SeekPenalty),
)


def truth_of(name: str) -> tuple[int, dict[str, tuple[int, int]]]:
    """Return the size of a structure, and offset and size of its members."""
    head = re.search(rf"^{name} sizeof=(\d+)\n((?:  \..*\n)*)", TRUTH, re.MULTILINE)
    assert head
    members = re.findall(r"\.(\w+) @(\d+) \((\d+)\)", head[2])
    return int(head[1]), {member: (int(at), int(size)) for member, at, size in members}


@pytest.mark.parametrize(("name", "structure"), STRUCTURES, ids=[name for name, _ in STRUCTURES])
def test_a_structure_has_the_size_and_the_offsets_windows_gives_it(
    name: str, structure: type[ctypes.Structure]
) -> None:
    """Also on Linux, where the type names of Windows have other sizes."""
    size, members = truth_of(name)
    seen = {each: (getattr(structure, each).offset, getattr(structure, each).size) for each in members}

    assert ctypes.sizeof(structure) == size
    assert seen == members


def test_structures_without_a_capture_have_the_sizes_their_headers_state() -> None:
    """TPM_DEVICE_INFO is four numbers, the head of opcode 19 six, a DISK_EXTENT three."""
    assert ctypes.sizeof(layouts.TpmDeviceInfo) == 16
    assert ctypes.sizeof(layouts.ConnectionQuality) == 24
    assert ctypes.sizeof(layouts.DiskExtent) == 24
    assert ctypes.sizeof(layouts.Guid) == 16


def test_a_block_that_is_too_short_is_no_structure() -> None:
    """Nothing is read behind the end of an answer."""
    assert layouts.laid_out(layouts.BatteryInformation, bytes(35)) is None
    assert layouts.laid_out(layouts.BatteryInformation, bytes(36)) is not None
    assert layouts.laid_out(layouts.Guid, bytes(20), 5) is None


def test_utf16_survives_odd_ends() -> None:
    """Half a character at the end and half a pair are dropped or replaced."""
    assert layouts.utf16("Überprüfung\0x".encode("utf-16-le")) == "Überprüfung"
    assert layouts.utf16(b"A\0B") == "A"
    assert layouts.utf16(b"\x00\xd8") == "\ufffd"
