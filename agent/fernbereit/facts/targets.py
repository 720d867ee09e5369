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
    """All configured targets."""

    results: tuple[TargetResult, ...] | None = fact(purpose=Purpose.CONNECTION, max_length=16)
