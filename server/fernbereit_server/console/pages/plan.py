"""What is to be done first? Bundles of measures, what each costs, adds, and what binds after it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fernbereit.words import Words
from fernbereit_server.console.formatting import number
from fernbereit_server.metrics.place_names import place_name
from fernbereit_server.outlook import OFFICE_CLOSED
from fernbereit_server.outlook.answers import ScenarioChoice
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.planner.result import Plan, Purchase, Single, Step, Wish

DEFAULT_EURO: Final = 100_000
_MOST: Final = 1e9
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,3}(,[0-9]{3})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked for, as it stands in the form."""

    scenario: str
    euro: str
    hours: str
    target: str

    @property
    def wish(self) -> Wish:
        """Return the question; what is no number counts as not said, and a target comes before a budget."""
        target = _number(self.target, 100)
        if target:
            return Wish(target=target / 100)
        euro = _number(self.euro, _MOST)
        return Wish(euro=DEFAULT_EURO if euro is None else euro, hours=_number(self.hours, _MOST))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One bundle, in the order in which to take them."""

    what: tuple[str, ...]
    cost: str
    gain: str
    worth: str
    after: str
    binds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The whole page."""

    query: Query
    scenarios: tuple[ScenarioChoice, ...]
    language: str
    sentence: str
    verdict: str
    steps: tuple[StepView, ...]
    singles: tuple[str, ...]
    unpriced: str
    notes: tuple[str, ...]


def read_query(asked: dict[str, str]) -> Query:
    """Read the form; a first visit asks for the default budget."""
    euro = asked.get("euro", "" if asked.get("target") else str(DEFAULT_EURO))
    return Query(
        scenario=asked.get("scenario", "")[:200] or OFFICE_CLOSED,
        euro=euro.strip()[:16],
        hours=asked.get("hours", "").strip()[:16],
        target=asked.get("target", "").strip()[:16],
    )


def plan(found: Plan, query: Query, scenarios: tuple[ScenarioChoice, ...], own: Words) -> PlanView:
    """Lay out a plan."""
    say = telling.words(own.lang)
    return PlanView(
        query=query,
        scenarios=scenarios,
        language=own.lang,
        sentence=own(
            "plan.sentence",
            before=telling.count(found.before.able, say),
            after=telling.count(found.after.able, say),
            suitable=number(found.suitable, own),
            euro=number(found.euro, own),
            hours=number(found.hours, own),
        ),
        verdict=_verdict(found, own),
        steps=tuple(
            _step(step, gain, own) for step, gain in zip(found.steps, telling.gains(found), strict=True)
        ),
        singles=tuple(_singles(found, own)),
        unpriced=", ".join(telling.item(item, say) for item in found.unpriced),
        notes=tuple(telling.plan_note(note, say) for note in found.notes),
    )


def _verdict(found: Plan, own: Words) -> str:
    say = telling.words(own.lang)
    if found.reached is None:
        return own("plan.nothing") if not found.steps else ""
    return own(
        "plan.reached" if found.reached else "plan.not_reached", most=telling.count(found.at_most, say)
    )


def _step(step: Step, gain: int, own: Words) -> StepView:
    say = telling.words(own.lang)
    return StepView(
        what=tuple(_purchase(one, own) for one in step.purchases),
        cost=own(
            "plan.cost", euro=number(step.euro, own), hours=number(step.hours, own, _decimals(step.hours))
        )
        if step.euro or step.hours
        else own("plan.free"),
        gain=number(gain, own),
        worth=own("plan.worth", euro=number(step.euro / step.gain, own)) if step.euro and step.gain else "",
        after=telling.count(step.after.able, say),
        binds=telling.binding(step.after.binding, say),
    )


def _purchase(one: Purchase, own: Words) -> str:
    say = telling.words(own.lang)
    text = own("plan.purchase", number=number(one.number, own), item=telling.measure(one, say))
    if one.where:
        places = (
            own("plan.at", place=place_name(place, own), number=number(many, own))
            for place, many in one.where.items()
        )
        text += f" ({', '.join(places)})"
    if one.from_stock:
        text += own("plan.from_stock", number=number(one.from_stock, own))
    return text


def _singles(found: Plan, own: Words) -> Iterator[str]:
    """Say what each kind of measure would add by itself: often nothing, and that is the point."""
    for single in found.singles:
        yield _single(single, own)


def _single(single: Single, own: Words) -> str:
    say = telling.words(own.lang)
    return own(
        "plan.single",
        item=telling.measure(single, say),
        most=number(single.most, own),
        gain=telling.count(single.gain, say),
    )


def _decimals(value: float) -> int:
    return 0 if value == round(value) else 1


def _number(text: str, most: float) -> float | None:
    """Read a number as people type it in either language; None for anything else.

    >>> _number("100.000", 1e9), _number("1,5", 1e9), _number("12,500", 1e9), _number("viel", 1e9)
    (100000.0, 1.5, 12500.0, None)
    """
    plain = text.replace(" ", "").removesuffix("%")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", "")
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= most else None
