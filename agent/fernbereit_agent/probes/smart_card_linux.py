"""Is there a card reader on a Linux computer, and something that talks to it?

/sys/bus/usb/devices/1-8:1.0/bInterfaceClass    "0b": USB class Smart Card (USB-IF defined class codes)
/usr/sbin/pcscd                                 the service that talks to readers
/usr/bin/AusweisApp, Flatpak, Snap              the program for the German identity card
"""

from collections.abc import Iterable

from fernbereit.facts.smart_card import SmartCard
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.settings import ProbeSettings

USB = "/sys/bus/usb/devices"
SMART_CARD_CLASS = "0b"
SERVICES = ("/usr/sbin/pcscd", "/usr/bin/pcscd")
AUSWEISAPP = (
    "/usr/bin/AusweisApp",
    "/usr/bin/AusweisApp2",
    "/usr/local/bin/AusweisApp",
    "/var/lib/flatpak/app/de.bund.ausweisapp.ausweisapp2",
    "/snap/ausweisapp2-ce",
)


def read(host: Host, _settings: ProbeSettings) -> SmartCard:
    """Read the classes of all USB interfaces and look for programs; readers stay unknown without USB."""
    usb = host.exists(USB)
    classes = [
        line_of(host, f"{USB}/{device}/bInterfaceClass") for device in host.list_dir(USB) if ":" in device
    ]
    return SmartCard(
        reader_present=parse_classes(classes) if usb else None,
        service_installed=any(map(host.exists, SERVICES)),
        ausweisapp_installed=any(map(host.exists, AUSWEISAPP)),
    )


def parse_classes(classes: Iterable[str]) -> bool:
    """Tell whether one of the USB interface classes is that of a card reader.

    >>> parse_classes(["0e", "0b"]), parse_classes([])
    (True, False)
    """
    return any(each.casefold() == SMART_CARD_CLASS for each in classes)
