"""What kind of machine is it, when the firmware says it oddly?"""

from datetime import date

import pytest

from fernbereit.facts.machine import Chassis
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes.dmi_linux import is_virtual
from fernbereit_agent.probes.machine_linux import parse_chassis, parse_firmware_date, parse_model, read
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

KEY = "00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    ("code", "battery", "chassis"),
    [
        ("10", True, Chassis.LAPTOP),
        ("138", True, Chassis.LAPTOP),
        ("31", True, Chassis.CONVERTIBLE),
        ("30", True, Chassis.TABLET),
        ("3", False, Chassis.DESKTOP),
        ("3", True, Chassis.LAPTOP),
        ("35", False, Chassis.DESKTOP),
        ("2", True, Chassis.LAPTOP),
        ("2", False, None),
        ("23", False, Chassis.SERVER),
        ("12", False, Chassis.OTHER),
        ("", True, None),
        ("notebook", True, None),
    ],
    ids=[
        "a notebook",
        "a notebook with a lock bit",
        "a convertible",
        "a tablet",
        "a desktop",
        "a laptop whose maker left desktop in",
        "a mini PC",
        "a laptop whose maker left unknown in",
        "unknown without battery",
        "a rack server",
        "a docking station",
        "no code",
        "no number",
    ],
)
def test_code_and_battery_tell_the_build(code: str, *, battery: bool, chassis: Chassis | None) -> None:
    """The SMBIOS code decides; where makers often leave it wrong, a battery does."""
    assert parse_chassis(code, battery=battery) == chassis


@pytest.mark.parametrize(
    ("maker", "product", "virtual"),
    [
        ("VMware, Inc.", "VMware7,1", True),
        ("innotek GmbH", "VirtualBox", True),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", True),
        ("Microsoft Corporation", "Virtual Machine", True),
        ("Microsoft Corporation", "Surface Laptop 5", False),
        ("Google", "Google Compute Engine", True),
        ("Google", "Chromebox", False),
        ("LENOVO", "20W0009UGE", False),
        ("", "", False),
    ],
)
def test_a_virtual_machine_is_known_by_maker_and_product(maker: str, product: str, *, virtual: bool) -> None:
    """The hypervisor flag of the processor is set on real laptops too, so it does not count."""
    assert is_virtual({"sys_vendor": maker, "product_name": product}) is virtual


@pytest.mark.parametrize(
    ("maker", "product", "version", "model"),
    [
        ("LENOVO", "20W0009UGE", "ThinkPad T14 Gen 2i", "ThinkPad T14 Gen 2i"),
        ("LENOVO", "20W0009UGE", "Not Available", "20W0009UGE"),
        ("Dell Inc.", "Latitude 5430", "A00", "Latitude 5430"),
        ("ASUS", "System Product Name", "System Version", None),
    ],
    ids=["Lenovo's readable name", "Lenovo without one", "all others", "placeholders"],
)
def test_the_model_is_the_name_people_know(maker: str, product: str, version: str, model: str | None) -> None:
    """Lenovo keeps it in the version."""
    said = {"sys_vendor": maker, "product_name": product, "product_version": version}

    assert parse_model(said) == model


@pytest.mark.parametrize(
    "text", ["", "2025-06-13", "6/13/2025", "02/30/2024", "13/06/2025", "\u0661\u0661/11/2025"]
)
def test_a_day_that_is_none_is_not_known(text: str) -> None:
    """Only month/day/year in plain digits is a day of the firmware."""
    assert parse_firmware_date(text) is None


def test_the_serial_number_needs_root_and_the_key() -> None:
    """Without the right or without the key there is no hash; the host name needs the key alone."""
    laptop = RecordedLaptop.model_validate(
        {
            "provenance": "constructed",
            "note": "",
            "today": date(2026, 11, 21),
            "host_name": "nb-04711",
            "files": {"/sys/class/dmi/id/product_serial": {"no": "denied"}},
        }
    )
    as_root = laptop.model_copy(update={"files": {"/sys/class/dmi/id/product_serial": "PF-0A1B2C\n"}})
    keyed = ProbeSettings(inventory_key=KEY)

    assert read(RecordedHost(laptop), keyed).serial_hash is None
    assert read(RecordedHost(as_root), ProbeSettings()).serial_hash is None
    assert read(RecordedHost(as_root), ProbeSettings()).host_name_hash is None
    assert read(RecordedHost(as_root), keyed).serial_hash is not None
    assert read(RecordedHost(laptop), keyed).host_name_hash is not None
