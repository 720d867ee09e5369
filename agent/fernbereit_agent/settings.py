"""What can be set on a laptop?

The sample `deploy/agent.toml` is generated from the declarations below.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, StringConstraints, model_validator

from fernbereit.client_tables import NO_TABLES, ClientTables
from fernbereit.facts.types import Slug
from fernbereit.settings_model import SettingsModel
from fernbereit_agent.endpoints import Endpoint, PageAddress, is_address, page_host, split_endpoint
from fernbereit_agent.proxies import SYSTEM_PROXY, is_loopback, parse_proxy

PREFIX = "FERNBEREIT_AGENT_"
SYSTEM_FILES = {
    "linux": "/etc/fernbereit/agent.toml",
    "darwin": "/Library/Application Support/Fernbereit/agent.toml",
    "win32": r"%ProgramData%\Fernbereit\agent.toml",
}
"""The settings file of the whole system, by `sys.platform`."""
SYSTEM_FILE = Path(os.path.expandvars(SYSTEM_FILES.get(sys.platform, SYSTEM_FILES["linux"])))
MANAGED_FILE = "/etc/fernbereit/agent.managed.toml"
MANAGED_PREFERENCES = "/Library/Managed Preferences/de.fernbereit.agent.plist"
POLICY_KEY = r"HKLM\SOFTWARE\Policies\Fernbereit\Agent"

HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]
DeviceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


def _loopback(host: str) -> str:
    if not is_loopback(host):
        raise ValueError(
            "expected a loopback address: reports are not encrypted and devices not yet authenticated, "
            "so none may leave this machine"
        )
    return host


def _address(text: str) -> str:
    if not is_address(text):
        raise ValueError("expected an IP address, not a name: the routing table is asked, nothing is sent")
    return text


def _proxy(text: str) -> str:
    proxy = parse_proxy(text)
    if text != SYSTEM_PROXY and proxy is None:
        raise ValueError(
            'expected http://host:port, with name:password@ before the host if needed, or "system"'
        )
    if proxy is not None and not is_loopback(proxy.host):
        raise ValueError(
            "expected a proxy on this machine: reports are not encrypted and devices not yet authenticated, "
            "so none may leave it"
        )
    return text


Address = Annotated[str, AfterValidator(_address)]
Proxy = Annotated[str, AfterValidator(_proxy)]


class BrokerSettings(SettingsModel):
    """The MQTT broker records are handed to."""

    host: Annotated[str, AfterValidator(_loopback)] = Field("127.0.0.1", description="address of the broker")
    port: Port = Field(1883, description="TCP port of the broker")
    proxy: Proxy | None = Field(
        None,
        repr=False,
        description='HTTP proxy that connects to the broker (CONNECT), or "system" for the one of the system',
        examples=["http://127.0.0.1:3128"],
    )


class DeviceSettings(SettingsModel):
    """Who this laptop is."""

    id: DeviceId | None = Field(
        None,
        description="lower-case UUID of this laptop; without one it is made once and kept in the data folder",
        examples=["11111111-2222-4333-8444-555555555555"],
    )


class PolicySettings(SettingsModel):
    """By which policy this laptop judges itself."""

    public_key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None,
        description="key of the authority's policy, 64 hexadecimal digits, the line that fernbereit policy "
        "key prints; without one the shipped policy is used and no other taken",
        examples=["00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],
    )


class ReportSettings(SettingsModel):
    """When records are made and sent; all in seconds."""

    interval_s: float = Field(900, ge=1, le=86_400, description="seconds from one report to the next")
    start_spread_s: float = Field(
        60, ge=0, le=3600, description="longest random wait before the first connection"
    )
    resend_s: float = Field(60, ge=1, le=3600, description="first wait for an answer before sending again")
    resend_max_s: float = Field(1800, ge=1, le=86_400, description="longest wait for an answer")
    drain_s: float = Field(2, ge=0.05, le=3600, description="shortest time between two batches")
    reconnect_s: float = Field(1, ge=0.05, le=3600, description="first wait before connecting again")
    reconnect_max_s: float = Field(300, ge=1, le=86_400, description="longest wait before connecting again")


class TargetSettings(SettingsModel):
    """One service its owner works with."""

    name: Slug = Field(description="short name: lower-case letters, digits, - and _", examples=["intranet"])
    host: HostName = Field(description="host name or address", examples=["intranet.example"])
    port: Port = Field(443, description="TCP port")
    tls: bool = Field(True, description="whether a TLS handshake is made")
    essential: bool = Field(False, description="whether nobody can work without it")
    path: Literal["internal", "cloud"] = Field(
        "internal", description="whether it is reached through the tunnel or from anywhere"
    )
    samples: int = Field(5, ge=1, le=20, description="connections made to measure delay and loss")


class ProbeSettings(SettingsModel):
    """What the probes need to know."""

    inventory_key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){16,64}$")] | None = Field(
        None,
        repr=False,
        description="key under which serial number and host name are hashed, so that the collector finds "
        "the inventory's line: the one that fernbereit inventory key prints; secret, 32 to 128 hexadecimal "
        "digits",
        examples=["00112233445566778899aabbccddeeff"],
    )
    internal_target: Address | None = Field(
        None, description="IP address inside the authority's network, to ask the route", examples=["10.0.0.1"]
    )
    second_internal_target: Address | None = Field(
        None,
        description="the same of the other family, IPv6 beside IPv4, where the inside speaks both",
        examples=["fd00:10::1"],
    )
    public_target: Address = Field("192.0.2.1", description="IP address outside, to ask the route")
    beacon: Slug | None = Field(
        None, description="name of the target that only answers in the office", examples=["intranet"]
    )
    stun: Endpoint | None = Field(
        None,
        description="host:port of the authority's own STUN server, to see whether UDP passes",
        examples=["turn.example:3478"],
    )
    reflector: Endpoint | None = Field(
        None,
        description="host:port of the collector's reflector, to measure loss with 20 small datagrams an hour",
        examples=["fernbereit.example:8742"],
    )
    portal: PageAddress | None = Field(
        None,
        description="http:// address of the authority's own page, to see whether a hotel or train answers in "
        "its place",
        examples=["http://start.example/fernbereit.txt"],
    )
    portal_text: Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]{0,98}[!-~])?$")] = Field(
        "fernbereit", description="all that stands on that page"
    )
    targets: tuple[TargetSettings, ...] = Field(
        (), max_length=16, description="at most 16 services to reach", examples=["[[probes.targets]]"]
    )

    _clients: ClientTables = PrivateAttr(default=NO_TABLES)

    @property
    def clients(self) -> ClientTables:
        """Return what the policy in force adds to the clients the program knows; no setting can."""
        return self._clients

    def with_clients(self, clients: ClientTables) -> Self:
        """Return these settings beside the tables of a policy."""
        copy = self.model_copy()
        copy._clients = clients  # noqa: SLF001 - its own
        return copy

    @property
    def internal_targets(self) -> tuple[str, ...]:
        """Return the addresses inside, one a family."""
        return tuple(each for each in (self.internal_target, self.second_internal_target) if each)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return every host that is named here, each once."""
        endpoints = [split_endpoint(each)[0] for each in (self.stun, self.reflector) if each]
        pages = [page_host(self.portal)] if self.portal else []
        return tuple(dict.fromkeys([*(target.host for target in self.targets), *endpoints, *pages]))

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        inside = self.internal_targets
        if self.second_internal_target and len({":" in each for each in inside}) < 2:
            raise ValueError("expected second_internal_target to be of the other family than internal_target")
        names = [target.name for target in self.targets]
        if len(set(names)) < len(names):
            raise ValueError("expected every target to have a name of its own")
        if self.beacon is not None and self.beacon not in names:
            raise ValueError("expected beacon to be the name of one of the targets")
        return self


class HelpSettings(SettingsModel):
    """Whom its owner asks."""

    contact: (
        Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None
    ) = Field(
        None,
        description="whom to ask for help, as shown to the owner: name, telephone, address of a page",
        examples=["IT-Service, Tel. 115"],
    )


def default_data_folder() -> Path:
    """Return where outbox and device id are kept: system-wide for a service, else in the home folder."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Fernbereit"
    if os.geteuid() == 0:
        if sys.platform == "darwin":
            return Path("/Library/Application Support/Fernbereit")
        return Path("/var/lib/fernbereit-agent")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Fernbereit"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "fernbereit-agent"


class Settings(SettingsModel):
    """Everything that can be set on a laptop."""

    data: Path = Field(
        default_factory=default_data_folder,
        description="folder of all that the agent keeps",
        examples=["/var/lib/fernbereit-agent"],
    )
    broker: BrokerSettings = Field(BrokerSettings(), examples=["[broker]"])
    device: DeviceSettings = Field(DeviceSettings(), examples=["[device]"])
    policy: PolicySettings = Field(PolicySettings(), examples=["[policy]"])
    report: ReportSettings = Field(ReportSettings(), examples=["[report]"])
    probes: ProbeSettings = Field(ProbeSettings(), examples=["[probes]"])
    help: HelpSettings = Field(HelpSettings(), examples=["[help]"])


def sample_file() -> str:
    """Return the text of `deploy/agent.toml`."""
    from fernbereit.settings_sample import sample

    places = [SYSTEM_FILES[system] for system in ("linux", "win32", "darwin")]
    head = (
        "Settings of the agent. Every key shows its default or an example: remove the # before what you "
        f"change. Read from --settings FILE, else from {places[0]}, on Windows {places[1]}, on macOS "
        f"{places[2]}; the environment comes after it, as in {PREFIX}REPORT__INTERVAL_S=60, and what the "
        "management prescribes last. fernbereit-agent settings shows every value and where it stands."
    )
    return sample(Settings, head)
