"""Can the laptop reach what its owner works with, and how well?

all      name resolution, TCP connections for delay, jitter and loss, one verified TLS handshake
         A binding request, an echo of 20 datagrams and one page, from servers of the authority that the
         settings name; nothing is measured on a metered link or on the last of the battery.
         All targets share a budget below the deadline; one whose turn never came is said to be unknown.
Never    what is spoken with the target: the connection is closed before a byte of content.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="targets",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=120),
    readers={
        System.LINUX: reader_in("targets_linux"),
        System.MACOS: reader_in("targets_macos"),
        System.WINDOWS: reader_in("targets_windows"),
    },
)
