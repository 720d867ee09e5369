"""How good is the link the laptop is on? Never: network names, addresses, access points, places."""

from fernbereit.facts.types import Ratio
from fernbereit.field import Purpose, Visibility, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class LinkType(OpenEnum):
    """What carries the default route, looking through a tunnel."""

    ETHERNET = "ethernet"
    WIFI = "wifi"
    MOBILE = "mobile"
    OTHER = "other"


class Zone(OpenEnum):
    """Whether the laptop is inside the authority's network; computed on the laptop, nothing finer exists."""

    OFFICE = "office"
    REMOTE = "remote"
    OTHER = "other"


class Network(OpenModel):
    """The link in use."""

    link_type: LinkType | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    wifi_quality_ratio: Ratio | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    link_mbps: float | None = fact(
        purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED, ge=0, le=1_000_000
    )
    metered: bool | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    proxy: bool | None = fact(purpose=Purpose.CONNECTION)
    ipv6: bool | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    zone: Zone | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
