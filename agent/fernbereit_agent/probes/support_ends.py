"""Until which day does a Linux release get security updates that cost nothing?

Sources, read on 2026-11-21 and 2026-11-22:
Debian, Ubuntu   the Debian package distro-info-data 0.58+deb12u6: Debian's LTS column, Ubuntu's standard
                 support (what Ubuntu Pro adds has to be bought and is not visible here)
Rocky Linux 10   SUPPORT_END= of its own /etc/os-release (10.0 and 10.1)
all others       endoflife.date, the column "security support"; for Red Hat, where it is named "Maintenance
                 Support", that repeats Red Hat's own list of life cycles
Fedora and others state SUPPORT_END= in /etc/os-release; that goes first.
"""

from datetime import date

SUPPORT_ENDS: dict[str, dict[str, date]] = {
    "debian": {
        "10": date(2024, 6, 30),
        "11": date(2026, 8, 31),
        "12": date(2028, 6, 30),
        "13": date(2030, 6, 30),
    },
    "ubuntu": {
        "18.04": date(2023, 5, 31),
        "20.04": date(2025, 5, 29),
        "22.04": date(2027, 6, 1),
        "24.04": date(2029, 5, 31),
        "24.10": date(2025, 7, 10),
        "25.04": date(2026, 1, 15),
        "25.10": date(2026, 7, 9),
        "26.04": date(2031, 5, 29),
    },
    "rhel": {
        "7": date(2024, 6, 30),
        "8": date(2029, 5, 31),
        "9": date(2032, 5, 31),
        "10": date(2035, 5, 31),
    },
    "rocky": {
        "8": date(2029, 5, 31),
        "9": date(2032, 5, 31),
        "10": date(2035, 5, 31),
    },
    "almalinux": {
        "8": date(2029, 3, 1),
        "9": date(2032, 5, 31),
        "10": date(2035, 5, 31),
    },
    "centos": {
        "8": date(2024, 5, 31),
        "9": date(2027, 5, 31),
        "10": date(2030, 1, 1),
    },
    "opensuse-leap": {
        "15.5": date(2024, 12, 31),
        "15.6": date(2026, 4, 30),
        "16.0": date(2027, 10, 31),
    },
    "fedora": {
        "40": date(2025, 5, 13),
        "41": date(2025, 12, 15),
        "42": date(2026, 5, 13),
        "43": date(2026, 12, 9),
    },
}
"""By `ID` and `VERSION_ID` of os-release; a key without a dot holds for all its point releases."""


def support_end(distribution: str, version: str) -> date | None:
    """Return the last day with security updates, None for a release the table does not know.

    >>> support_end("rocky", "9.6")
    datetime.date(2032, 5, 31)
    """
    releases = SUPPORT_ENDS.get(distribution, {})
    return releases.get(version) or releases.get(version.partition(".")[0])
