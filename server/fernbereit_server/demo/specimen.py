"""What is one machine of the synthetic authority like, before anybody looks at it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from fernbereit.facts.management import Provider
from fernbereit.facts.operating_system import Platform
from fernbereit.facts.remote_access import VpnClient
from fernbereit_server.demo.models import DESKTOPS, LAPTOPS, Model
from fernbereit_server.demo.systems import LINUX, MACOS, WINDOWS_10, WINDOWS_11, System
from fernbereit_server.demo.town import Unit

T = TypeVar("T")

STAYED_BEHIND = 0.45
"""Share of badly kept machines that still run a system whose support has ended."""
FORGOTTEN = 0.07
"""Share of laptops that lay in a drawer for months: nothing on them is new."""
WORKED_OUTSIDE = 0.7
"""Share of laptops in the office that reached everything from outside within the last thirty days."""
CONTESTED = 0.08
"""Share of owners who say of a failed check that it is not true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """One machine; `care` is the probability that any one thing about it is in order.

    `outside_before` says that it was used from outside lately, `without_tunnel` that it needs none there.
    """

    model: Model
    system: System
    bought_on: date
    memory_gib: int
    care: float
    remote: bool
    vpn: tuple[VpnClient, ...]
    managed_by: tuple[Provider, ...]
    needs: tuple[str, ...]
    forgotten: bool
    outside_before: bool
    without_tunnel: bool
    contests: bool


def draw(rng: Random, unit: Unit, *, desktop: bool, today: date) -> Specimen:
    """Draw a machine that fits the unit's habits."""
    platform = weighted(rng, unit.platforms)
    models = [m for m in (DESKTOPS if desktop else LAPTOPS) if platform in m.platforms]
    if not models:
        platform, models = Platform.WINDOWS, list(DESKTOPS)
    model = rng.choices(models, [m.weight for m in models])[0]
    bought_on = min(date(model.year, 1, 1) + timedelta(days=rng.randrange(700)), today - timedelta(days=20))
    return Specimen(
        model=model,
        system=_system(rng, model, platform, unit.care, today),
        bought_on=bought_on,
        memory_gib=rng.choice(model.memory_gib),
        care=unit.care,
        remote=not desktop and rng.random() < 0.35,
        vpn=() if desktop else weighted(rng, unit.vpn),
        managed_by=weighted(rng, unit.managed_by),
        needs=unit.needs,
        forgotten=not desktop and rng.random() < FORGOTTEN,
        outside_before=not desktop and rng.random() < WORKED_OUTSIDE,
        without_tunnel=rng.random() < unit.without_tunnel,
        contests=rng.random() < CONTESTED,
    )


def _system(rng: Random, model: Model, platform: Platform, care: float, today: date) -> System:
    """Draw a release that is still supported, or one that is not where somebody stayed behind."""
    releases = {Platform.MACOS: MACOS, Platform.LINUX: LINUX}.get(platform, (*WINDOWS_10, *WINDOWS_11))
    if platform is Platform.WINDOWS and not model.windows_11:
        releases = WINDOWS_10
    current = [one for one in releases if one.support_ends_on is None or one.support_ends_on >= today]
    ended = [one for one in releases if one not in current]
    stayed_behind = rng.random() < (1 - care) * STAYED_BEHIND
    choices = (ended or current) if stayed_behind else (current or ended)
    return rng.choices(choices, [system.weight for system in choices])[0]


def weighted(rng: Random, choices: Sequence[tuple[T, int]]) -> T:
    """Choose one of the first elements by the weights beside them."""
    return rng.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
