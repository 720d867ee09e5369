r"""Who manages this machine?

linux    the folder or program each product installs, one row of a table a product
         /etc/krb5.keytab for a domain
macos    profiles status -type enrollment, the programs each product installs, dsconfigad -show -xml
windows  ...\Enrollments and OMADM accounts, kind of join, services and list of programs
Never    the account it was enrolled with, tenant, server addresses.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="management",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("management_linux"),
        System.MACOS: reader_in("management_macos"),
        System.WINDOWS: reader_in("management_windows"),
    },
)
