"""What does the reader say inside a network namespace of its own? Run by `test_tunnels_of_the_kernel.py`.

Started below `unshare --net --mount`; argument: JSON with `commands` (of `ip`), `tun` (interfaces a process
holds open), `settings` and `vpn_clients` of a policy. Prints the facts as JSON. Everything it makes ends with
it.
"""

import fcntl
import json
import os
import struct
import subprocess
import sys

from fernbereit.client_tables import ClientTables, VpnClientRow
from fernbereit_agent.host import LocalHost
from fernbereit_agent.probes import remote_access_linux
from fernbereit_agent.settings import ProbeSettings

assert sys.platform == "linux"

TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x1001


def hold_tun(name: str) -> int:
    """Make a TUN interface and return the file that keeps it alive, as a VPN client does."""
    file = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN_NO_PI))
    return file


def main() -> None:
    """Build the namespace, read, print."""
    asked = json.loads(sys.argv[1])
    subprocess.run(["mount", "-t", "sysfs", "sysfs", "/sys"], check=True)
    held = [hold_tun(name) for name in asked["tun"]]
    for command in asked["commands"]:
        subprocess.run(["ip", *command.split()], check=True)
    rows = tuple(VpnClientRow.model_validate(row, strict=False) for row in asked["vpn_clients"])
    settings = ProbeSettings.model_validate(asked["settings"]).with_clients(ClientTables(vpn=rows))
    facts = remote_access_linux.read(LocalHost(), settings)
    sys.stdout.write(facts.model_dump_json())
    for file in held:
        os.close(file)


if __name__ == "__main__":
    main()
