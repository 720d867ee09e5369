"""What is known of one VPN client on each system, so that it can be recognised?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxEvidence:
    """What shows the client on Linux.

    `interfaces` are name patterns nobody else uses, `shared_interfaces` such as `tun*` count only while the
    client is installed. `witness` is an address only this client routes; asking for its route sends nothing.
    """

    interfaces: tuple[str, ...] = ()
    shared_interfaces: tuple[str, ...] = ()
    device_type: str | None = None
    """`DEVTYPE` in the interface's uevent."""
    paths: tuple[str, ...] = ()
    witness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsEvidence:
    """What shows the client on Windows; descriptions are not translated, adapter names are."""

    descriptions: tuple[str, ...] = ()
    component_ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    """Patterns of the name in the list of programs."""
    adapter_address: str | None = None
    """A fixed hardware address all adapters of this client share."""
    hides: bool = False
    """Whether it may carry traffic without an adapter, by filtering packets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MacosEvidence:
    """What shows the client on macOS; most use an unlabelled utun, which alone names nobody.

    `interfaces` are patterns of the names it may use. `networks` hold the addresses it gives the laptop,
    `services` are what stands in the brackets of `scutil --nc list`. `hides` tells of a client that may also
    carry traffic without any interface.
    """

    interfaces: tuple[str, ...] = ("utun*",)
    mtu: int | None = None
    networks: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    hides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnEntry:
    """One client; `own_interface` is False where the tunnel shows on no interface of the laptop.

    `client` is a word of `VpnClient`, or the name that the policy gives it.
    """

    client: str
    linux: LinuxEvidence = LinuxEvidence()
    windows: WindowsEvidence = WindowsEvidence()
    macos: MacosEvidence = MacosEvidence()
    own_interface: bool = True
