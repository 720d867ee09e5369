"""Can this laptop reach the inside from outside?

Whether the tunnel is up says where its owner is, so it leaves the collector only as a count over ten or more.
"""

from fernbereit.facts.types import Count, Slug
from fernbereit.field import Purpose, Visibility, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class VpnClient(OpenEnum):
    """A known client; the table in `fernbereit_agent.probes.vpn_clients` says how each is recognised."""

    CISCO_SECURE_CLIENT = "cisco_secure_client"
    GLOBALPROTECT = "globalprotect"
    FORTICLIENT = "forticlient"
    OPENVPN = "openvpn"
    WIREGUARD = "wireguard"
    WINDOWS_BUILT_IN = "windows_built_in"
    MACOS_BUILT_IN = "macos_built_in"
    STRONGSWAN = "strongswan"
    NCP = "ncp"
    GENUCARD = "genucard"
    ZSCALER = "zscaler"
    CLOUDFLARE_WARP = "cloudflare_warp"
    TAILSCALE = "tailscale"
    OTHER = "other"


class Route(OpenEnum):
    """Which traffic the kernel sends through a tunnel: all, the inside only, none."""

    FULL = "full"
    SPLIT = "split"
    NONE = "none"
    OTHER = "other"


class Tunnel(OpenEnum):
    """Up is operational, connected and routable; some boxes outside the laptop cannot be seen from it."""

    UP = "up"
    DOWN = "down"
    NOT_DETECTABLE = "not_detectable"
    OTHER = "other"


class RemoteAccess(OpenModel):
    """Installed clients, and the truth of the routing table."""

    clients: tuple[VpnClient, ...] | None = fact(purpose=Purpose.REMOTE_ACCESS, max_length=8)
    other_clients: tuple[Slug, ...] | None = fact(purpose=Purpose.REMOTE_ACCESS, max_length=8)
    """Names from the table of the authority's policy, for clients that count as `other`."""
    tunnel: Tunnel | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED)
    route: Route | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED)
    active_client: VpnClient | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED)
    mtu: Count | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED, le=65_535)
