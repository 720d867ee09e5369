"""Does a laptop recognise what a signed policy names, by fixed kinds of marker, and ask for nothing else?"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import write
from fernbereit.client_tables import ClientTables, ManagementClientRow, VpnClientRow
from fernbereit.facts.management import Management, ManagementClient, Provider
from fernbereit.facts.remote_access import RemoteAccess, Tunnel, VpnClient
from fernbereit.policy import Policy, as_json
from fernbereit_agent import recording
from fernbereit_agent.host import LocalHost
from fernbereit_agent.laptop import NetworkInterface, RecordedLaptop
from fernbereit_agent.policy_store import PolicyStore, shipped
from fernbereit_agent.probes import PROBES
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings
from policy_signing import PUBLIC, signed, version
from realparts import need

CONNECT: dict[str, Any] = {
    "name": "musterstadt_connect",
    "linux": {"interfaces": ["mcon*"], "units": ["mcon.service"]},
    "windows": {
        "services": ["McSvc*"],
        "programs": ["Musterstadt Connect*"],
        "adapters": ["Musterstadt Connect Adapter*"],
        "components": [r"root\mconnect"],
    },
    "macos": {
        "interfaces": ["mcon*"],
        "labels": ["de.musterstadt.connect"],
        "bundles": ["de.musterstadt.pkg"],
    },
}
MANAGED: dict[str, Any] = {
    "name": "musterstadt_agent",
    "linux": {"units": ["mgmt.service"]},
    "windows": {"services": ["MgmtSvc"], "programs": ["Musterstadt Agent*"]},
    "macos": {"labels": ["de.musterstadt.mgmt"], "bundles": ["de.musterstadt.mgmt.pkg"]},
}
LAPTOP_OF = {
    "linux": "linux-thinkpad-two-batteries-luks",
    "windows": "windows-virtual-machine",
    "macos": "macos-desktop",
}
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"


def tables(vpn: tuple[dict[str, Any], ...] = (), management: tuple[dict[str, Any], ...] = ()) -> ClientTables:
    """Return rows as a policy holds them."""
    return ClientTables(
        vpn=tuple(VpnClientRow.model_validate(row, strict=False) for row in vpn),
        management=tuple(ManagementClientRow.model_validate(row, strict=False) for row in management),
    )


def look(section: str, laptop: RecordedLaptop, clients: ClientTables) -> Any:
    """Return what a section says of a recorded laptop, with the tables of a policy."""
    (probe,) = (probe for probe in PROBES if probe.section == section)
    return probe.readers[laptop.system](RecordedHost(laptop), laptop.settings.with_clients(clients))


def with_marker(laptop: RecordedLaptop, marker: str) -> RecordedLaptop:
    """Return the laptop with one more file, or one more key of the registry."""
    if marker.startswith("/"):
        return laptop.model_copy(update={"exists": (*laptop.exists, marker)})
    key, _, name = marker.partition(" = ")
    values = {"DisplayName": name} if name else {}
    registry = {**laptop.windows.registry, key: values}
    return laptop.model_copy(update={"windows": laptop.windows.model_copy(update={"registry": registry})})


@pytest.mark.parametrize(
    ("system", "marker"),
    [
        pytest.param("linux", "/etc/systemd/system/mcon.service", id="a unit of Linux"),
        pytest.param("linux", "/usr/lib/systemd/system/mcon.service", id="a unit from a package of Linux"),
        pytest.param("windows", rf"{SERVICES}\McSvc2", id="a service of Windows"),
        pytest.param("windows", rf"{UNINSTALL}\{{1}} = Musterstadt Connect 4.2", id="a program of Windows"),
        pytest.param("macos", "/Library/LaunchDaemons/de.musterstadt.connect.plist", id="a label of macOS"),
        pytest.param("macos", "/var/db/receipts/de.musterstadt.pkg.plist", id="a package of macOS"),
    ],
)
def test_a_vpn_client_of_the_policy_is_found_by_each_kind_of_marker(system: str, marker: str) -> None:
    """It is counted as `other` and named for the desk; without its marker it is not there."""
    laptop = recording.read_laptop(write.LAPTOPS / LAPTOP_OF[system])
    without: RemoteAccess = look("remote_access", laptop, tables(vpn=(CONNECT,)))
    found: RemoteAccess = look("remote_access", with_marker(laptop, marker), tables(vpn=(CONNECT,)))

    assert without.other_clients == ()
    assert found.other_clients == ("musterstadt_connect",)
    assert set(found.clients or ()) - set(without.clients or ()) == {VpnClient.OTHER}


@pytest.mark.parametrize(
    ("system", "marker"),
    [
        pytest.param("linux", "/lib/systemd/system/mgmt.service", id="a unit of Linux"),
        pytest.param("windows", rf"{SERVICES}\MgmtSvc", id="a service of Windows"),
        pytest.param("windows", rf"{UNINSTALL}\{{1}} = Musterstadt Agent", id="a program of Windows"),
        pytest.param("macos", "/Library/LaunchAgents/de.musterstadt.mgmt.plist", id="a label of macOS"),
        pytest.param("macos", "/var/db/receipts/de.musterstadt.mgmt.pkg.plist", id="a package of macOS"),
    ],
)
def test_a_management_product_of_the_policy_is_found_by_each_kind_of_marker(system: str, marker: str) -> None:
    """It stands beside what the program knows itself."""
    laptop = recording.read_laptop(write.LAPTOPS / LAPTOP_OF[system])
    without: Management = look("management", laptop, tables(management=(MANAGED,)))
    found: Management = look("management", with_marker(laptop, marker), tables(management=(MANAGED,)))
    own = ManagementClient(provider=Provider.OTHER, name="musterstadt_agent")

    assert own not in (without.clients or ())
    assert found.clients == (*(without.clients or ()), own)


def test_a_row_with_a_known_name_adds_to_what_is_known() -> None:
    """The product keeps its word and gets no name, so that it is counted with all the others."""
    laptop = with_marker(
        recording.read_laptop(write.LAPTOPS / LAPTOP_OF["linux"]),
        "/usr/lib/systemd/system/opsiclientd.service",
    )
    row = {"name": "opsi", "linux": {"units": ["opsiclientd.service"]}}
    ncp = {"name": "ncp", "linux": {"units": ["opsiclientd.service"]}}

    managed: Management = look("management", laptop, tables(management=(row,)))
    access: RemoteAccess = look("remote_access", laptop, tables(vpn=(ncp,)))
    assert ManagementClient(provider=Provider.OPSI) in (managed.clients or ())
    assert VpnClient.NCP in (access.clients or ())
    assert access.other_clients == ()


def test_a_box_outside_the_laptop_leaves_its_tunnel_undetectable() -> None:
    """A client without an interface of its own may carry what seems to go straight out."""
    laptop = with_marker(
        recording.read_laptop(write.LAPTOPS / "linux-desktop"), "/usr/lib/systemd/system/mcon.service"
    )
    found: RemoteAccess = look("remote_access", laptop, tables(vpn=({**CONNECT, "own_interface": False},)))

    assert (found.tunnel, found.route) == (Tunnel.NOT_DETECTABLE, None)


def test_an_interface_of_the_policy_is_a_tunnel_of_a_mac() -> None:
    """Macs have no other sign of a tunnel than its name."""
    laptop = recording.read_laptop(write.LAPTOPS / "macos-split-tunnel")
    renamed = json.loads(laptop.model_dump_json().replace("utun2", "mcon0"))
    assert any(each["name"] == "mcon0" for each in renamed["interfaces"]), "the recording has no utun2"
    laptop = RecordedLaptop.model_validate_json(json.dumps(renamed))
    unknown: RemoteAccess = look("remote_access", laptop, ClientTables())
    found: RemoteAccess = look("remote_access", laptop, tables(vpn=(CONNECT,)))

    assert unknown.tunnel is Tunnel.DOWN
    assert (found.tunnel, found.active_client) == (Tunnel.UP, VpnClient.OTHER)
    assert found.other_clients == ("musterstadt_connect",)


def test_without_a_table_nothing_is_said_of_one() -> None:
    """Not asked is not "none"."""
    laptop = recording.read_laptop(write.LAPTOPS / LAPTOP_OF["linux"])
    found: RemoteAccess = look("remote_access", laptop, ClientTables())

    assert found.other_clients is None


def test_only_fixed_places_are_asked() -> None:
    """Whatever the markers are, no file is read for them, and no place but these is looked at."""

    class Watching(RecordedHost):
        asked: set[str]

        def exists(self, path: str) -> bool:
            self.asked.add(path)
            return super().exists(path)

        def read_bytes(self, path: str) -> bytes:
            self.asked.add(f"read {path}")
            return super().read_bytes(path)

    for system, folder in LAPTOP_OF.items():
        laptop = recording.read_laptop(write.LAPTOPS / folder)
        seen = []
        for clients in (ClientTables(), tables(vpn=(CONNECT,), management=(MANAGED,))):
            host = Watching(laptop)
            host.asked = set()
            for probe in PROBES:
                if probe.section in {"remote_access", "management"}:
                    probe.readers[laptop.system](host, laptop.settings.with_clients(clients))
            seen.append(host.asked)
        more = {path.rpartition("/")[0] for path in seen[1] - seen[0]}
        assert (
            more
            <= {
                "linux": {"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"},
                "macos": {"/Library/LaunchDaemons", "/Library/LaunchAgents", "/var/db/receipts"},
                "windows": set[str](),
            }[system]
        )


def test_the_tables_come_from_the_signed_policy_alone(tmp_path: Path) -> None:
    """Neither the shipped policy nor a setting has any; a rightly signed one brings them for good."""
    row = VpnClientRow.model_validate(CONNECT, strict=False)
    own = Policy.model_validate({**as_json(version(7)), "vpn_clients": [CONNECT]}, strict=False)
    store = PolicyStore(tmp_path, PUBLIC)
    assert store.held.beside(ProbeSettings()).clients == ClientTables()
    assert not store.take(signed(own)[:-1])
    assert store.take(signed(own))

    assert store.held.beside(ProbeSettings()).clients == ClientTables(vpn=(row,))
    assert PolicyStore(tmp_path, PUBLIC).held.beside(ProbeSettings()).clients.vpn == (row,)
    assert shipped().beside(ProbeSettings()) == ProbeSettings()
    assert "clients" not in ProbeSettings.model_fields


@pytest.mark.real
def test_the_agent_as_it_is_run_finds_what_its_policy_names(tmp_path: Path) -> None:
    """A unit that is really installed here, named by a rightly signed policy, ends up in the record."""
    need("mosquitto")
    if not LocalHost().exists("/lib/systemd/system/mosquitto.service"):
        pytest.skip("mosquitto is installed here without a unit of systemd")
    row = {"name": "musterstadt_agent", "linux": {"units": ["mosquitto.service"]}}
    own = Policy.model_validate({**as_json(version(7)), "management_clients": [row]}, strict=False)
    data = tmp_path / "data"
    data.mkdir()
    assert PolicyStore(data, PUBLIC).take(signed(own))
    settings = tmp_path / "agent.toml"
    settings.write_text(f'data = "{data}"\n[policy]\npublic_key = "{PUBLIC}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "fernbereit_agent", "once", "--print", "--settings", str(settings)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr.decode()
    facts = json.loads(done.stdout)["sections"]["management"]["facts"]
    assert {"provider": "other", "name": "musterstadt_agent"} in facts["clients"]


def test_every_client_of_the_research_has_an_entry() -> None:
    """Ten makers, and what the systems bring along."""
    assert {str(entry.client) for entry in VPN_CLIENTS} >= {
        *("cisco_secure_client", "globalprotect", "forticlient", "openvpn", "wireguard", "windows_built_in"),
        *("macos_built_in", "strongswan", "ncp", "genucard", "zscaler", "cloudflare_warp", "tailscale"),
    }


def test_an_interface_that_is_recorded_can_be_a_tunnel_of_the_policy() -> None:
    """On Linux the name alone decides, before anything the kernel says of the interface."""
    laptop = recording.read_laptop(write.LAPTOPS / "linux-split-tunnel")
    names = [each.name for each in laptop.interfaces]
    other = NetworkInterface(name="mcon7", addresses=("10.99.0.2",))
    more = laptop.model_copy(update={"interfaces": (*laptop.interfaces, other)})
    found: RemoteAccess = look("remote_access", more, tables(vpn=(CONNECT,)))

    assert "mcon7" not in names
    assert found.other_clients == ("musterstadt_connect",)
