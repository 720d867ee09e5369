"""How good is the link the laptop is on, and is it inside the authority's network?

linux    /proc/net/route through all tunnels to the interface below, /sys/class/net/X, /proc/net/wireless
         nmcli -g GENERAL.METERED device show X   -> "no (guessed)"; without NetworkManager not known
macos    netstat -rn to the interface below all tunnels, NetworkInterfaces.plist, scutil --proxy
         SPAirPortDataType -json on a wireless link; whether it is metered no command tells
windows  GetIfTable2, WlanQueryInterface 19, INetworkCostManager, proxy flags, NLM domain type
Never    network names, access points, hardware or IP addresses, places.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="network",
    every=timedelta(minutes=15),
    deadline=timedelta(seconds=35),
    readers={
        System.LINUX: reader_in("network_linux"),
        System.MACOS: reader_in("network_macos"),
        System.WINDOWS: reader_in("network_windows"),
    },
)
