"""Is there a card reader, and something that talks to it?

linux    USB interface class 0b in /sys/bus/usb/devices/*/bInterfaceClass, the pcscd and AusweisApp programs
macos    ioreg: USB interface class 11; CryptoTokenKit, AusweisApp
windows  SCardListReaders counts readers, service SCardSvr, list of programs
Never    cards, certificates, names on them.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="smart_card",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=15),
    readers={
        System.LINUX: reader_in("smart_card_linux"),
        System.MACOS: reader_in("smart_card_macos"),
        System.WINDOWS: reader_in("smart_card_windows"),
    },
)
