"""How many sessions are left at each way in, and when are they used up?"""

from dataclasses import dataclass

from fernbereit.words import Words
from fernbereit_server.console.formatting import day, number
from fernbereit_server.console.pages.bars import Slice, bar
from fernbereit_server.outlook.answers import HeadroomOutlook
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.forecast import Forecast
from fernbereit_server.resilience.headroom import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadView:
    """One gateway or shared limit: sessions asked for, of how many."""

    name: str
    bar: tuple[Slice, ...]
    demanded: str
    capacity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadroomView:
    """Everything about ways in; `total` is None where nobody knows the capacity."""

    sentence: str
    forecast: str
    loads: tuple[LoadView, ...]


def headroom(outlook: HeadroomOutlook, own: Words) -> HeadroomView:
    """Lay out demand beside capacity, and the forecast by the high demand."""
    found, say = outlook.headroom, telling.words(own.lang)
    if found.total is None:
        return HeadroomView(sentence=own("headroom.unknown"), forecast="", loads=())
    return HeadroomView(
        sentence=own(
            "headroom.total",
            demanded=telling.people(found.total.demanded, say),
            capacity=telling.count(found.total.capacity, say),
        ),
        forecast=_forecast(outlook.earliest, own),
        loads=tuple(_load(load, own) for load in found.gateways),
    )


def _load(load: Load, own: Words) -> LoadView:
    say = telling.words(own.lang)
    low, high = min(load.demanded.low, load.capacity), load.demanded.high
    over = max(0.0, load.demanded.low - load.capacity)
    pieces = [
        ("good", round(10 * low)),
        ("critical", round(10 * over)),
        ("unknown", round(10 * max(0.0, high - load.demanded.low))),
    ]
    return LoadView(
        name=load.name or own("headroom.all"),
        bar=bar(pieces, max(1, round(10 * max(load.capacity, high)))),
        demanded=telling.people(load.demanded, say),
        capacity=number(load.capacity, own),
    )


def _forecast(found: Forecast, own: Words) -> str:
    if found.on is not None:
        return own("headroom.forecast.day", day=day(found.on, own))
    return own(f"headroom.forecast.{found.word}")
