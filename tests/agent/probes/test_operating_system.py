"""Is the end of support the one the maker states?"""

import csv
from datetime import date
from pathlib import Path

import pytest

from fernbereit_agent.probes.operating_system_linux import parse_os_release
from fernbereit_agent.probes.support_ends import SUPPORT_ENDS, support_end
from realparts import missing

DISTRO_INFO = Path("/usr/share/distro-info")


@pytest.mark.parametrize(
    ("distribution", "version", "ends"),
    [
        ("debian", "12", date(2028, 6, 30)),
        ("ubuntu", "24.04", date(2029, 5, 31)),
        ("rhel", "9.4", date(2032, 5, 31)),
        ("rocky", "8.10", date(2029, 5, 31)),
        ("rocky", "10.1", date(2035, 5, 31)),
        ("rhel", "10.0", date(2035, 5, 31)),
        ("opensuse-leap", "15.6", date(2026, 4, 30)),
        ("ubuntu", "24.06", None),
        ("opensuse-leap", "15.9", None),
        ("debian", "", None),
        ("arch", "", None),
    ],
)
def test_point_releases_share_the_end_of_their_release(
    distribution: str, version: str, ends: date | None
) -> None:
    """Where a maker supports major releases the minor version does not matter; unknown ones stay unknown."""
    assert support_end(distribution, version) == ends


def test_what_the_release_says_itself_goes_first() -> None:
    """SUPPORT_END in os-release is newer than any table."""
    seen = parse_os_release("ID=fedora\nVERSION_ID=43\nSUPPORT_END=2027-01-31\n")

    assert seen.support_ends_on == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('NAME="Debian GNU/Linux"', "Debian GNU/Linux"),
        ("NAME='Fedora Linux'", "Fedora Linux"),
        ("NAME=Arch\\ Linux", "Arch Linux"),
        ('NAME="a \\"quoted\\" name"', 'a "quoted" name'),
        ("#NAME=comment", None),
        ("NAME=", None),
    ],
    ids=["double quotes", "single quotes", "escaped blank", "escaped quotes", "comment", "empty"],
)
def test_os_release_is_read_as_a_shell_would(line: str, name: str | None) -> None:
    """Quotes and backslashes are undone, comments are passed over."""
    assert parse_os_release(line).name == name


@pytest.mark.parametrize(("name", "column"), [("debian", "eol-lts"), ("ubuntu", "eol")])
def test_the_table_agrees_with_the_package_it_was_taken_from(name: str, column: str) -> None:
    """Every Debian and Ubuntu date is that of the package distro-info-data."""
    source = DISTRO_INFO / f"{name}.csv"
    if not source.exists():
        missing("distro-info-data")
    with source.open(newline="") as file:
        rows = {row["version"].removesuffix(" LTS"): row for row in csv.DictReader(file)}
    stated = {version: date.fromisoformat(rows[version][column]) for version in SUPPORT_ENDS[name]}

    assert SUPPORT_ENDS[name] == stated
