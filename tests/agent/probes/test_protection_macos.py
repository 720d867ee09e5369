"""Are encryption, start-up and firewall of a Mac told from answers that prove them?"""

import plistlib
from datetime import date
from typing import Any

import pytest

from fernbereit.facts.boot_security import SecureBoot
from fernbereit.facts.disk_encryption import EncryptionState
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import boot_security_macos as boot
from fernbereit_agent.probes import disk_encryption_macos as encryption
from fernbereit_agent.probes import firewall_macos as firewall
from fernbereit_agent.probes import operating_system_macos as system
from fernbereit_agent.probes.support_ends_macos import SUPPORT_ENDS
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

ON, OFF = {"FileVault": True, "Encryption": True}, {"FileVault": False}
MOVING = "FileVault is On.\nEncryption in progress: Percent completed = 42"


@pytest.mark.parametrize(
    ("volume", "status", "state"),
    [
        pytest.param(ON, "FileVault is On.", EncryptionState.ENCRYPTED, id="both say on"),
        pytest.param({}, "FileVault is On.", EncryptionState.ENCRYPTED, id="fdesetup alone"),
        pytest.param(ON, "", EncryptionState.ENCRYPTED, id="diskutil alone"),
        pytest.param(OFF, "FileVault is Off.", EncryptionState.NOT_ENCRYPTED, id="off"),
        pytest.param(
            {**OFF, "Encryption": True},
            "FileVault is Off.",
            EncryptionState.SUSPENDED,
            id="off, encrypted at rest",
        ),
        pytest.param(ON, MOVING, EncryptionState.PARTLY, id="still going on"),
        pytest.param(OFF, "Decryption in progress: 3", EncryptionState.PARTLY, id="being taken back"),
        pytest.param(OFF, "FileVault is On.", None, id="they contradict each other"),
        pytest.param({"FileVault": "Yes"}, "FileVault ist aktiviert.", None, id="neither is understood"),
    ],
)
def test_encryption_is_told_where_it_is_proven(
    volume: dict[str, Any], status: str, state: EncryptionState | None
) -> None:
    """Two sources that agree, or one; contradiction is an unreadable answer."""
    if state is None:
        with pytest.raises(ProbeError):
            encryption.judge(volume, {}, encryption.parse_status(status))
    else:
        assert encryption.judge(volume, {}, encryption.parse_status(status)).state is state


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        ((0, 0), SecureBoot.ON),
        ((1, 0), SecureBoot.ON),
        ((1, 1), SecureBoot.OFF),
        ((1, 7), None),
        ((0, None), None),
    ],
    ids=[
        "full security",
        "reduced security",
        "permissive security",
        "a level nobody knows",
        "half an answer",
    ],
)
def test_the_start_up_policy_is_read_from_the_device_tree(
    bits: tuple[int, int | None], expected: SecureBoot | None
) -> None:
    """Numbers that are the same in every language."""
    node = {f"lp-smb{n}": bit.to_bytes(4, "little") for n, bit in enumerate(bits) if bit is not None}

    assert boot.parse_policy_node(plistlib.dumps([node]).decode()) is expected


def test_a_word_in_a_language_that_is_not_listed_is_not_known() -> None:
    """It might as well be the lowest level."""
    assert boot.parse_level([{"ibridge_secure_boot": "Sécurité maximale"}]) is None
    assert boot.parse_level([{"ibridge_secure_boot": "Full Security"}]) is SecureBoot.ON


@pytest.mark.parametrize(
    ("build", "enabled"),
    [("23J319", True), ("24G325", None), ("", None)],
    ids=["macOS 14", "macOS 15", "unknown"],
)
def test_preferences_that_stayed_behind_say_nothing(build: str, *, enabled: bool | None) -> None:
    """Since macOS 15 the firewall is not set there any more."""
    laptop = RecordedLaptop.model_validate(
        {
            "provenance": "constructed",
            "note": "an old file",
            "system": "macos",
            "today": "2026-11-21",
            "files": {
                system.VERSIONS[1]: plistlib.dumps({"ProductBuildVersion": build}).decode(),
                firewall.PREFERENCES: plistlib.dumps({"globalstate": 1}).decode(),
            },
        }
    )
    if enabled is None:
        with pytest.raises(ProbeError):
            firewall.read(RecordedHost(laptop), ProbeSettings())
    else:
        assert firewall.read(RecordedHost(laptop), ProbeSettings()).enabled is enabled


@pytest.mark.parametrize(
    ("version", "build", "expected"),
    [
        pytest.param("26.1", "25B78", "26.1", id="told as it is"),
        pytest.param("16.0", "25B78", "26", id="disguised for old programs"),
        pytest.param("10.16", "20G1427", "11", id="disguised for very old programs"),
        pytest.param("99.1", "99A1", "99.1", id="a version nobody knows yet"),
    ],
)
def test_the_build_decides_on_the_version(version: str, build: str, expected: str) -> None:
    """It is never disguised."""
    assert system.parse_version({"ProductVersion": version, "ProductBuildVersion": build}).version == expected


def test_the_history_counts_updates_of_the_system_only() -> None:
    """Neither data, nor programs, nor days that have not come."""
    from datetime import datetime

    def entry(day: int, name: str, by: str) -> dict[str, Any]:
        return {"date": datetime(2026, 11, day), "displayName": name, "processName": by}  # noqa: DTZ001

    entries = [
        entry(3, "macOS 26.1", "softwareupdated"),
        entry(9, "XProtectPlistConfigData", "softwareupdated"),
        entry(11, "macOS Helper Tool", "installer"),
        entry(30, "macOS 26.2", "softwareupdated"),
        {"displayName": "macOS 26.3"},
        "nonsense",
    ]

    assert system.parse_history(entries, date(2026, 11, 21)) == date(2026, 11, 3)
    assert system.parse_history([], date(2026, 11, 21)) is None


def test_each_version_outlives_the_one_before() -> None:
    """A table typed in the wrong order would call something supported that is not."""
    rows = [SUPPORT_ENDS[number] for number in sorted(SUPPORT_ENDS)]

    assert [ends for _, ends in rows] == sorted({ends for _, ends in rows})
    assert [version for version, _ in rows] == ["10.15", "11", "12", "13", "14", "15", "26", "27"]
