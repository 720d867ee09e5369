"""Is a firewall on?

linux    /etc/ufw/ufw.conf where ufw is installed, systemctl show ufw.service firewalld.service
         nftables.service iptables.service netfilter-persistent.service shorewall.service ferm.service ...
         The rules themselves are readable by root only: without a known service the answer is "denied".
macos    system_profiler SPFirewallDataType -json, socketfilterfw; up to macOS 14 com.apple.alf.plist
windows  INetFwPolicy2 for the profiles in use, else the registry; products of others by the security centre
Never    rules, ports, addresses.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="firewall",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("firewall_linux"),
        System.MACOS: reader_in("firewall_macos"),
        System.WINDOWS: reader_in("firewall_windows"),
    },
)
