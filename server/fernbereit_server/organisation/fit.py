"""Where does an organisation not fit the devices there are? Told at import; none of it stops one."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fernbereit.nearest import nearest
from fernbereit_server.organisation.items import LAPTOP, SESSION
from fernbereit_server.organisation.model import Organisation

_ALWAYS = (LAPTOP, SESSION)
IN_HAND = ("personal", "loan")
"""Kinds of devices that one person has; a pool is shared out, stock and shared ones make nobody able."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A unit of the inventory that the organisation does not name; its devices have no unit for the drill."""

    unit: str
    devices: int
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowded:
    """A unit with more devices in people's hands than people."""

    unit: str
    headcount: int
    devices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Everything that does not fit."""

    strangers: tuple[Stranger, ...] = ()
    without_unit: int = 0
    """Devices whose inventory row names no unit."""
    without_devices: tuple[str, ...] = ()
    crowded: tuple[Crowded, ...] = ()
    unheard_targets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Essential targets that no laptop tests, each with the units that need it."""
    unpriced: tuple[str, ...] = ()
    """What a plan may ask for and has neither a price nor a stock, so that it is not planned."""

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return any(getattr(self, name) for name in self.__slots__)


def placed(unit: str | None, known: Collection[str]) -> str | None:
    """Return the unit a device counts for, None for the visible bucket "no unit".

    `unit` is that of its inventory row, None without one; `known` what the organisation names.
    """
    return unit if unit in known else None


def named(organisation: Organisation) -> frozenset[str]:
    """Return everything that devices can belong to: units and device pools."""
    units = {unit.name for unit in organisation.units}
    return frozenset(units | {pool.name for pool in organisation.device_pools})


def fit(
    organisation: Organisation,
    devices: Iterable[tuple[str | None, str]],
    *,
    reported_targets: Collection[str] | None,
    cost_items: Iterable[str] = (),
) -> Fit:
    """Compare an organisation with unit and kind of each inventory row.

    `reported_targets` are the targets that any laptop reported on, None where none reported at all;
    `cost_items` what devices need that fail a check of the policy.
    """
    in_all: Counter[str | None] = Counter()
    in_hand: Counter[str | None] = Counter()
    for unit, kind in devices:
        in_all[unit] += 1
        in_hand[unit] += kind in IN_HAND
    known = named(organisation)
    return Fit(
        strangers=tuple(
            Stranger(unit=unit, devices=number, suggestion=nearest(unit, sorted(known)))
            for unit, number in sorted((u, n) for u, n in in_all.items() if u is not None)
            if placed(unit, known) is None
        ),
        without_unit=in_all[None],
        without_devices=tuple(unit.name for unit in organisation.units if in_all and not in_all[unit.name]),
        crowded=tuple(
            Crowded(unit=unit.name, headcount=unit.headcount, devices=in_hand[unit.name])
            for unit in organisation.units
            if in_hand[unit.name] > unit.headcount
        ),
        unheard_targets=_unheard(organisation, reported_targets),
        unpriced=tuple(sorted({*_ALWAYS, *cost_items} - {*organisation.prices, *organisation.stock})),
    )


def _unheard(
    organisation: Organisation, tested: Collection[str] | None
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if tested is None:
        return ()
    known = {_key(name) for name in tested}
    needing: dict[str, list[str]] = {}
    for unit in organisation.units:
        for target in unit.essential:
            if _key(target) not in known:
                needing.setdefault(target, []).append(unit.name)
    return tuple((target, tuple(units)) for target, units in needing.items())


def _key(name: str) -> str:
    """Return how names are compared: the settings of a laptop write `e-akte` where people say E-Akte."""
    return "".join(character for character in name.casefold() if character.isalnum())
