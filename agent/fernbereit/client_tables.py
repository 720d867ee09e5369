"""By what does an authority have its own VPN and management clients recognised? Two tables of a policy.

    vpn_clients:
      - name: musterstadt_connect
        linux: {interfaces: [mcon*], units: [mcon.service]}
        windows: {services: [McSvc], adapters: [Musterstadt Connect Adapter*]}
        macos: {labels: [de.musterstadt.connect]}
    management_clients:
      - name: opsi
        linux: {units: [opsiclientd.service]}

A row whose name the program knows adds to what it knows; any other client is counted as `other`, and its name
is shown to the desk. A policy says which names to look for, never where: each kind of marker has its fixed
place, a marker is one name without a path, and all that is asked is whether it is there.
"""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from fernbereit.policy_model import PolicyModel

MOST_CLIENTS, MOST_MARKERS = 16, 8

_STAR = r"\*?$"
ClientName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{1,31}$")]
Interface = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{1,13}" + _STAR)]
Text = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.,()&+-]{3,62}" + _STAR)]
Service = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.$()-]{1,62}" + _STAR)]
Component = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9\\_&-]{3,62}$")]
Unit = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_@-]{1,62}\.(service|timer|socket)$")]
Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-?[A-Za-z0-9]+)*(\.[A-Za-z0-9_-]+){1,8}$")
]


class Markers(PolicyModel):
    """What shows a client on one system."""

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise PydanticCustomError("no_marker", "at least one marker")
        return self


class LinuxMarkers(Markers):
    """What shows a client on Linux."""

    units: tuple[Unit, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["mcon.service"]],
        description="Names of systemd units.",
    )


class WindowsMarkers(Markers):
    """What shows a client on Windows."""

    services: tuple[Service, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["McSvc"]],
        description="Names of services, not those that people see.",
    )
    programs: tuple[Text, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["Musterstadt Connect*"]],
        description="Names in the list of installed programs; * at the end stands for any rest.",
    )


class MacosMarkers(Markers):
    """What shows a client on macOS."""

    labels: tuple[Identifier, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["de.musterstadt.connect"]],
        description="Labels of its launch daemons or agents.",
    )
    bundles: tuple[Identifier, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["de.musterstadt.connect.pkg"]],
        description="Identifiers under which its package was installed.",
    )


class LinuxVpnMarkers(LinuxMarkers):
    """What shows a VPN client on Linux."""

    interfaces: tuple[Interface, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["mcon*"]],
        description="Names of its interfaces; * at the end stands for any rest.",
    )


class WindowsVpnMarkers(WindowsMarkers):
    """What shows a VPN client on Windows."""

    adapters: tuple[Text, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["Musterstadt Connect Adapter*"]],
        description="Descriptions of its adapters, which nobody renames; * at the end stands for any rest.",
    )
    components: tuple[Component, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[[r"root\mconnect"]],
        description="ComponentIds of its adapters.",
    )


class MacosVpnMarkers(MacosMarkers):
    """What shows a VPN client on macOS."""

    interfaces: tuple[Interface, ...] = Field(
        default=(),
        max_length=MOST_MARKERS,
        examples=[["mcon*"]],
        description="Names of its interfaces if they are its own; utun is everybody's.",
    )


class VpnClientRow(PolicyModel):
    """One VPN client."""

    name: ClientName = Field(examples=["musterstadt_connect"])
    linux: LinuxVpnMarkers | None = Field(default=None, examples=[{"interfaces": ["mcon*"]}])
    windows: WindowsVpnMarkers | None = Field(default=None, examples=[{"services": ["McSvc"]}])
    macos: MacosVpnMarkers | None = Field(default=None, examples=[{"labels": ["de.musterstadt.connect"]}])
    own_interface: bool = Field(
        default=True,
        examples=[False],
        description="Whether its tunnel shows on an interface of the laptop; false for a box outside of it.",
    )


class ManagementClientRow(PolicyModel):
    """One product that manages machines."""

    name: ClientName = Field(examples=["musterstadt_agent"])
    linux: LinuxMarkers | None = Field(default=None, examples=[{"units": ["mgmt.service"]}])
    windows: WindowsMarkers | None = Field(default=None, examples=[{"services": ["MgmtSvc"]}])
    macos: MacosMarkers | None = Field(default=None, examples=[{"labels": ["de.musterstadt.mgmt"]}])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTables:
    """Both tables of a policy."""

    vpn: tuple[VpnClientRow, ...] = ()
    management: tuple[ManagementClientRow, ...] = ()


NO_TABLES = ClientTables()
