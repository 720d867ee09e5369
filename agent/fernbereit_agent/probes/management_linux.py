"""Who manages a Linux computer?

    /opt/microsoft/intune/bin/intune-agent     Intune; its last sync lies in somebody's session
    /etc/landscape/client.conf                 Canonical Landscape
    /etc/opsi-client-agent/opsiclientd.conf    opsi
    /etc/krb5.keytab                           the machine has an account in a domain

What is installed is seen; whether it is enrolled is known to the product and to root only.
"""

from fernbereit.facts.management import JoinType, Management, Provider
from fernbereit_agent.host import Host
from fernbereit_agent.probes.management_names import told
from fernbereit_agent.probes.marker_places import unit_files
from fernbereit_agent.settings import ProbeSettings

CLIENTS = (
    (Provider.INTUNE, ("/opt/microsoft/intune/bin/intune-agent",)),
    (Provider.OPSI, ("/etc/opsi-client-agent/opsiclientd.conf", "/usr/bin/opsiclientd")),
    (Provider.LANDSCAPE, ("/etc/landscape/client.conf",)),
    (Provider.BIGFIX, ("/opt/BESClient/bin/BESClient",)),
    (Provider.WORKSPACE_ONE, ("/opt/omnissa/ws1-hub", "/opt/vmware/ws1-hub")),
    (Provider.IVANTI, ("/opt/landesk/bin",)),
)
"""Product and what its Linux package installs."""

KEYTAB = "/etc/krb5.keytab"
JOINERS = ("/usr/sbin/sssd", "/usr/sbin/winbindd", "/usr/bin/aad-tool", "/usr/sbin/himmelblaud")
"""Programs that can join a machine to a directory; without any of them it belongs to none."""


def read(host: Host, settings: ProbeSettings) -> Management:
    """Look for installed products and for the machine's own key in a domain."""
    own = ((row.name, unit_files(row.linux)) for row in settings.clients.management if row.linux)
    return Management(
        join_type=_join_type(host),
        clients=told(name for name, places in (*CLIENTS, *own) if any(map(host.exists, places))),
    )


def _join_type(host: Host) -> JoinType | None:
    if host.exists(KEYTAB):
        return JoinType.DOMAIN
    return None if any(map(host.exists, JOINERS)) else JoinType.NONE
