"""Is the collector's service confined to what it needs?"""

from configparser import RawConfigParser
from pathlib import Path

from units import check_confined, read_unit

UNIT = Path(__file__).parents[2] / "deploy" / "systemd" / "fernbereit-collector.service"
MOST_EXPOSED = 15
"""Ten times systemd's exposure level, which ends at 10.0; below 2 it calls a service OK."""


def service() -> RawConfigParser:
    """Return the unit."""
    return read_unit(UNIT)


def test_systemd_calls_the_service_well_confined() -> None:
    """`systemd-analyze security` judges the file without starting anything."""
    check_confined(UNIT, MOST_EXPOSED)


def test_wrong_settings_are_told_once() -> None:
    """Exit code 2 means wrong settings; the service is not started again and again."""
    unit = service()

    assert unit["Service"]["RestartPreventExitStatus"] == "2"
    assert unit["Service"]["Restart"] == "on-failure"


def test_the_service_speaks_with_this_computer_only() -> None:
    """As long as identity and roles are not built."""
    unit = service()

    assert unit["Service"]["IPAddressDeny"] == "any"
    assert unit["Service"]["IPAddressAllow"] == "localhost"


def test_the_folder_is_the_one_of_the_settings() -> None:
    """The service may write to the default data folder and nowhere else."""
    from fernbereit_server.settings import Settings

    unit = service()

    assert Path("/var/lib", unit["Service"]["StateDirectory"]) == Settings.model_fields["data"].default
    assert unit["Service"]["ProtectSystem"] == "strict"
