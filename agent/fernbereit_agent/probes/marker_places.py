"""Where is looked for what a policy names? Each kind of marker has fixed places; presence alone counts."""

from fernbereit.client_tables import LinuxMarkers, MacosMarkers

UNITS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
LABELS = ("/Library/LaunchDaemons", "/Library/LaunchAgents")
RECEIPTS = "/var/db/receipts"
"""What the installer of macOS leaves for each package."""


def unit_files(markers: LinuxMarkers) -> tuple[str, ...]:
    """Return the files that show one of the units is installed.

    >>> unit_files(LinuxMarkers(units=("mcon.service",)))[0]
    '/etc/systemd/system/mcon.service'
    """
    return tuple(f"{folder}/{unit}" for unit in markers.units for folder in UNITS)


def installed_files(markers: MacosMarkers) -> tuple[str, ...]:
    """Return the files that show one of the labels or packages is installed."""
    labels = (f"{folder}/{label}.plist" for label in markers.labels for folder in LABELS)
    return (*labels, *(f"{RECEIPTS}/{bundle}.plist" for bundle in markers.bundles))
