"""Can the laptop reach what its owner works with, and how well?

Quality depends on where the laptop stands, so it is counted only; whether a target was reached is shown.
"""

from fernbereit.facts.types import Milliseconds, Ratio, Slug
from fernbereit.field import Purpose, Visibility, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class TargetFailure(OpenEnum):
    """The first step that did not work."""

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    CERTIFICATE = "certificate"
    OTHER = "other"


class Spared(OpenEnum):
    """Why quality was not measured: it would have cost its owner money, or the last of the battery."""

    METERED = "metered"
    LOW_BATTERY = "low_battery"
    OTHER = "other"


class TargetResult(OpenModel):
    """One target of the settings, by the name given there."""

    name: Slug | None = fact(purpose=Purpose.CONNECTION)
    reachable: bool | None = fact(purpose=Purpose.CONNECTION)
    failure: TargetFailure | None = fact(purpose=Purpose.CONNECTION)
    essential: bool | None = fact(purpose=Purpose.CONNECTION)
    through_tunnel: bool | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED)
    dns_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    connect_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    tls_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    rtt_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    jitter_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    loss_ratio: Ratio | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)


class Targets(OpenModel):
    """All configured targets, and how good the way to the authority's own servers is.

    Nothing is known of the way but what those servers answer: a STUN server, the collector's reflector of
    datagrams, a page of one line. `udp` tells that an answer came, and false that none did. `captive_portal`
    tells that somebody else answered in place of the page.
    """

    results: tuple[TargetResult, ...] | None = fact(purpose=Purpose.CONNECTION, max_length=16)
    udp: bool | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    stun_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    echo_rtt_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    echo_jitter_ms: Milliseconds | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    echo_loss_ratio: Ratio | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    captive_portal: bool | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
    spared: Spared | None = fact(purpose=Purpose.CONNECTION, visibility=Visibility.COUNTED)
