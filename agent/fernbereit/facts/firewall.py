"""Is a firewall on?"""

from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class FirewallProduct(OpenEnum):
    """What filters packets on this machine."""

    WINDOWS = "windows"
    MACOS = "macos"
    FIREWALLD = "firewalld"
    UFW = "ufw"
    NFTABLES = "nftables"
    THIRD_PARTY = "third_party"
    OTHER = "other"


class Firewall(OpenModel):
    """Whether every network profile in use is filtered."""

    enabled: bool | None = fact(purpose=Purpose.PROTECTION)
    product: FirewallProduct | None = fact(purpose=Purpose.PROTECTION)
