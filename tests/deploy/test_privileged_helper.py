"""Is the helper with rights started as confined as it can be, on Linux and macOS?"""

import plistlib
from pathlib import Path

from fernbereit_agent.privileged.facts_file import OLDEST
from units import check_confined, read_unit

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICE = DEPLOY / "systemd" / "fernbereit-agent-privileged.service"
TIMER = SERVICE.with_suffix(".timer")
DAEMON = DEPLOY / "macos" / "de.fernbereit.agent.privileged.plist"
MOST_EXPOSED = 25
"""Ten times systemd's exposure level, which ends at 10.0; root with two rights is never below 1."""


def test_systemd_calls_the_helper_well_confined() -> None:
    """Although it runs as root; `systemd-analyze security` judges the file without starting anything."""
    check_confined(SERVICE, MOST_EXPOSED)


def test_on_linux_it_has_no_network_and_no_arguments() -> None:
    """A network namespace of its own, no kind of socket, no word behind the program's name."""
    service = read_unit(SERVICE)["Service"]

    assert (service["PrivateNetwork"], service["RestrictAddressFamilies"]) == ("yes", "none")
    assert service["IPAddressDeny"] == "any"
    assert service["ExecStart"].split()[1:] == []
    assert service["ProtectSystem"] == "strict"
    assert (service["StateDirectory"], service["StateDirectoryMode"]) == (SERVICE.stem, "0755")


def test_it_runs_daily_also_on_laptops_that_sleep() -> None:
    """Much more often than its file grows too old; what a sleeping laptop missed is made up for."""
    timer = read_unit(TIMER)["Timer"]

    assert (timer["OnCalendar"], timer["Persistent"]) == ("daily", "yes")
    assert OLDEST.days >= 7


def test_on_macos_it_is_off_until_an_admin_wants_it() -> None:
    """A daemon without arguments."""
    daemon = plistlib.loads(DAEMON.read_bytes())

    assert daemon["Disabled"] is True
    assert len(daemon["ProgramArguments"]) == 1
