"""What is one measure, what does it take from the stock, and what does it cost?"""

from dataclasses import dataclass
from enum import StrEnum

from fernbereit_server.organisation import items
from fernbereit_server.organisation.model import Gateway, Organisation, Price
from fernbereit_server.resilience.counts import Counts, Group, Kind, Verdict


class What(StrEnum):
    """What is done; also the key of its words (`plan.what.<what>`)."""

    LAPTOP = "laptop"
    SESSION = "session"
    LICENCE = "licence"
    LINE = "line"
    UPLINK = "uplink"
    FIX = "fix"
    POOL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing to do at one place, at most `most` times; each takes one of `item` ("": costs nothing).

    `place` is a unit, gateway, licence pool, uplink or device pool. `devices` are those that come to be (a
    new laptop is ready, and needs a tunnel unless the unit reaches all that it needs without one), are fixed,
    or are handed out of a pool to `unit`.
    """

    what: What
    item: str
    place: str
    most: int
    devices: Group | None = None
    unit: str = ""


def in_stock(organisation: Organisation, counts: Counts) -> dict[str, int]:
    """Return what need not be bought; without a stated stock of laptops, the ready devices kept as stock."""
    ready = sum(
        number
        for group, number in counts.items()
        if group.kind is Kind.STOCK and group.verdict is Verdict.READY
    )
    return {items.LAPTOP: ready, **organisation.stock}


def price_of(organisation: Organisation, item: str) -> Price:
    """Return the price of an item; one that is only in stock costs nothing that is known."""
    return organisation.prices.get(item, Price(euro=0.0))


def session_brings_licence(organisation: Organisation, gateway: Gateway) -> bool:
    """Say whether one more session means one more licence of the shared pool as well."""
    return gateway.licences is not None and items.LICENCE not in organisation.prices
