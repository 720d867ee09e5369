"""Can anybody without special rights have written this file? If so, it is not read.

Linux, macOS   folder and file belong to root, and neither group nor others may write; a POSIX access list
               that lets more people write shows in the bits of the group (acl(5))
Windows        folder and file belong to SYSTEM or the administrators, and the access list lets nobody else
               write
"""

import sys

from fernbereit_agent.privileged.access_lists import Untrusted

if sys.platform == "win32":
    from fernbereit_agent.privileged.trust_windows import check_folder, read
else:
    from fernbereit_agent.privileged.trust_posix import check_folder, read

__all__ = ["Untrusted", "check_folder", "read"]
