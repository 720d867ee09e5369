"""Is there a card reader on a Mac, and something that talks to it?

ioreg -rc IOUSBHostInterface -d1 -a                   "bInterfaceClass": 11 is USB class Smart Card
/System/Library/Frameworks/CryptoTokenKit.framework   macOS talks to readers by itself
/Applications/AusweisApp.app                          the program for the German identity card
"""

from collections.abc import Iterable, Mapping
from typing import Any

from fernbereit.facts.smart_card import SmartCard
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import IOREG, ask, number_in, parse_nodes
from fernbereit_agent.settings import ProbeSettings

USB = (IOREG, "-rc", "IOUSBHostInterface", "-d1", "-a")
SMART_CARD_CLASS = 0x0B
SERVICE = "/System/Library/Frameworks/CryptoTokenKit.framework"
AUSWEISAPP = ("/Applications/AusweisApp.app", "/Applications/AusweisApp2.app")


def read(host: Host, _settings: ProbeSettings) -> SmartCard:
    """Read the classes of all USB interfaces and look for programs; if it is silent, readers stay unknown."""
    try:
        reader: bool | None = parse_interfaces(parse_nodes(ask(host, *USB)))
    except ProbeError:
        reader = None
    return SmartCard(
        reader_present=reader,
        service_installed=host.exists(SERVICE),
        ausweisapp_installed=any(map(host.exists, AUSWEISAPP)),
    )


def parse_interfaces(nodes: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether one of the USB interfaces is that of a card reader.

    >>> parse_interfaces([{"bInterfaceClass": 3}, {"bInterfaceClass": 11}])
    True
    """
    return any(number_in(node, "bInterfaceClass") == SMART_CARD_CLASS for node in nodes)
