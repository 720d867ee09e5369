"""What do the routing table and the interfaces of a Windows laptop say about its tunnel?"""

from fernbereit.facts.remote_access import RemoteAccess
from fernbereit_agent.host import Host
from fernbereit_agent.probes.links_windows import survey
from fernbereit_agent.probes.ways import told
from fernbereit_agent.settings import ProbeSettings


def read(host: Host, settings: ProbeSettings) -> RemoteAccess:
    """Look at all interfaces once, and ask the kernel for the way inside and outside."""
    return told(host, settings, survey(host, settings))
