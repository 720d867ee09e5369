"""Does a recorded Windows laptop keep its facts, and lose what names a person, a network or one machine?"""

import json
from pathlib import Path

import pytest

import write
from fernbereit_agent import recording
from fernbereit_agent.host import Host, System
from fernbereit_agent.laptop import No, RecordedLaptop
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.redaction import redact
from fernbereit_agent.redaction_of_windows import registry
from fernbereit_agent.settings import ProbeSettings

FOLDERS = sorted(file.parent for file in write.LAPTOPS.glob(f"windows-*/{recording.LAPTOP}"))
each_laptop = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])


@each_laptop
def test_redaction_changes_no_fact(folder: Path) -> None:
    """The probes read of the redacted laptop what they read of the laptop itself."""
    laptop = recording.read_laptop(folder)
    keyless = laptop.model_copy(
        update={"settings": laptop.settings.model_copy(update={"inventory_key": None})}
    )

    assert json.loads(recording.expectations(redact(keyless))) == json.loads(recording.expectations(keyless))


@each_laptop
def test_a_recording_of_a_recording_says_the_same(folder: Path, tmp_path: Path) -> None:
    """What the recorder writes down of the three ports answers every question again, refusals included."""
    laptop = recording.read_laptop(folder)
    host: Host = RecordedHost(laptop)
    recording.record(tmp_path, laptop.settings, host)
    keyless = laptop.model_copy(
        update={"settings": laptop.settings.model_copy(update={"inventory_key": None})}
    )

    assert json.loads((tmp_path / recording.EXPECTED).read_text("utf-8")) == json.loads(
        recording.expectations(keyless)
    )


def test_nothing_personal_is_left_in_a_redacted_recording() -> None:
    """Serial numbers, adapters' and connections' names, addresses, foreign programs, tenant servers."""
    folder = write.LAPTOPS / "windows-always-on-vpn"
    laptop = recording.read_laptop(folder)
    windows = laptop.windows.model_dump()
    windows["registry"] |= {
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Dating": {"DisplayName": "Dating App"},
        r"HKLM\SYSTEM\CurrentControlSet\Services\WireGuardTunnel$muellers-home": {},
        r"HKLM\SYSTEM\CurrentControlSet\Services\SomethingElse": {},
    }
    personal = RecordedLaptop.model_validate({**laptop.model_dump(), "windows": windows})
    told = redact(personal).model_dump_json()
    hexadecimal = (
        "Dienststelle".encode("utf-16-le").hex(),
        b"PF0ABC12".hex(),
        bytes((192, 168, 178, 1)).hex(),
    )

    for word in ("Dating", "muellers-home", "SomethingElse", "Dienststelle", "192.168.178", *hexadecimal):
        assert word not in told
    assert "WireGuardTunnel$tunnel" in told


def test_the_server_of_an_enrolment_is_kept_as_far_as_it_names_a_product() -> None:
    """An authority's own server becomes one of an example, as long as before."""
    key = r"HKLM\SOFTWARE\Microsoft\Enrollments\1"
    kept = registry({key: {"DiscoveryServiceFullURL": "https://mdm.musterstadt.example/discovery/long.svc"}})
    known = registry(
        {key: {"DiscoveryServiceFullURL": "https://r.manage.microsoft.com/tenant-7/discovery.svc"}}
    )

    assert kept[key]["DiscoveryServiceFullURL"].startswith("https://mdm.example/xxx")
    assert known[key]["DiscoveryServiceFullURL"].startswith("https://manage.microsoft.com/xxx")


def test_a_closed_hive_is_recorded_as_closed() -> None:
    """And not as a value with the name "no"."""
    laptop = recording.read_laptop(write.LAPTOPS / "windows-everything-denied")

    assert isinstance(laptop.windows.registry["HKLM"], No)
    assert laptop.system is System.WINDOWS
    assert laptop.settings == ProbeSettings()
