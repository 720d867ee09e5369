"""Can this laptop reach the inside from outside, and which traffic goes through the tunnel?

linux    connect() of a UDP socket to an inside and an outside address: which interface would the kernel use?
         /sys/class/net/*, /proc/net/route for tunnels, the makers' folders for installed clients
macos    the same question; utun and other interfaces, netstat -rn, scutil --nc list, /Applications
windows  GetIfTable2, GetIpForwardTable2, RasEnumConnections; services and list of programs for clients
Never    server names, profiles, user names, keys, the addresses themselves.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="remote_access",
    every=timedelta(minutes=15),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("remote_access_linux"),
        System.MACOS: reader_in("remote_access_macos"),
        System.WINDOWS: reader_in("remote_access_windows"),
    },
)
