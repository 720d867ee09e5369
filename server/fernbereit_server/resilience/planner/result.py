"""What does a plan answer?"""

from collections.abc import Mapping
from dataclasses import dataclass

from fernbereit_server.resilience.planner.measure import Measure
from fernbereit_server.resilience.planner.standing import Standing
from fernbereit_server.resilience.result import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: the most for a budget (hours None: as many as it takes), or a share of the staff."""

    euro: float | None = None
    hours: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One kind of measure in one step; `alone` is what it would add without the others of its step.

    `where` are the places with their numbers; those handed out of a pool name the units that get them.
    """

    what: str
    item: str
    number: int
    from_stock: int
    euro: float
    hours: float
    where: Mapping[str, int]
    alone: float

    @property
    def bought(self) -> int:
        """Return how many have to be bought."""
        return self.number - self.from_stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One bundle: what is named here makes `gain` more people able together.

    `after` is how the authority stands then, and `taken` every measure up to here, as `applied` takes them.
    """

    purchases: tuple[Purchase, ...]
    euro: float
    hours: float
    gain: float
    after: Standing
    taken: Mapping[Measure, int]

    @property
    def able_per_euro(self) -> float | None:
        """Return people for each euro, or None for what costs none."""
        return self.gain / self.euro if self.euro else None

    @property
    def able_per_hour(self) -> float | None:
        """Return people for each IT hour, or None for what takes none."""
        return self.gain / self.hours if self.hours else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One kind of measure by itself, as often as it can be taken, whatever the budget."""

    what: str
    item: str
    most: int
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole answer; `reached` is None without a target. Steps are in the order in which to take them.

    `at_most` is what all measures together would make able, without a budget. `unpriced` are items that would
    help but have neither price nor stock.
    """

    organisation: str | None
    scenario: str
    title: Mapping[str, str]
    wish: Wish
    suitable: int
    before: Standing
    steps: tuple[Step, ...]
    reached: bool | None
    at_most: float
    singles: tuple[Single, ...]
    unpriced: tuple[str, ...]
    notes: tuple[Note, ...]

    @property
    def after(self) -> Standing:
        """Return how the authority stands after the last step."""
        return self.steps[-1].after if self.steps else self.before

    @property
    def euro(self) -> float:
        """Return what the whole plan costs."""
        return sum(step.euro for step in self.steps)

    @property
    def hours(self) -> float:
        """Return the IT hours of the whole plan."""
        return sum(step.hours for step in self.steps)

    @property
    def gain(self) -> float:
        """Return how many more people are able after the last step."""
        return self.after.able - self.before.able
