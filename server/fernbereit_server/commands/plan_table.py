"""What does a plan look like in a terminal? Two sentences, step by step, what was left out and why."""

from collections.abc import Iterator, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from fernbereit.words import Words
from fernbereit_server.commands.wording import words
from fernbereit_server.metrics.place_names import place_name
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.planner.result import Plan, Purchase, Step
from fernbereit_server.resilience.result import Bounds

_PLACES = 4
_SOMEBODY = 0.5


def show(plan: Plan, language: str, source: str, console: Console) -> None:
    """Print the answer; steps stand in the order in which to take them.

    `source` says where the counts come from: `files`, `published` or `exact`.
    """
    console.print(Group(*_parts(plan, source, words(language), telling.words(language))))


def _parts(plan: Plan, source: str, say: Words, drill: Words) -> Iterator[RenderableType]:
    title = plan.title[say.lang]
    yield Text(f"{plan.organisation}: {title}" if plan.organisation else title, style="bold")
    yield Text(
        say(
            "plan.before",
            able=telling.count(plan.before.able, drill),
            suitable=telling.count(plan.suitable, drill),
            share=_share(plan.before.able, plan, drill),
            binding=telling.binding(plan.before.binding, drill),
        )
    )
    yield Text(_outcome(plan, say, drill))
    yield Text()
    for place, (step, gain) in enumerate(zip(plan.steps, telling.gains(plan), strict=True), start=1):
        yield from _step(place, step, telling.count(gain, drill), say, drill)
        yield Text()
    if plan.singles:
        yield Text(say("plan.singles"))
        for one in plan.singles:
            more, most = telling.count(one.gain, drill), telling.count(one.most, drill)
            yield Text(say("plan.single", measure=telling.measure(one, drill), most=most, gain=more))
    if plan.unpriced:
        names = ", ".join(f"{telling.item(item, drill)} ({item})" for item in plan.unpriced)
        yield Text(say("plan.unpriced", items=names))
    for note in plan.notes:
        yield Text(telling.plan_note(note, drill))
    from_where = {"files": "drill.from_files", "published": "plan.published", "exact": "drill.for_operations"}
    yield Text(say(from_where[source]))


def _outcome(plan: Plan, say: Words, drill: Words) -> str:
    at_most = say(
        "plan.at_most", able=telling.count(plan.at_most, drill), share=_share(plan.at_most, plan, drill)
    )
    spent = say(
        "plan.after",
        able=telling.count(plan.after.able, drill),
        share=_share(plan.after.able, plan, drill),
        euro=_figure(plan.euro, drill),
        hours=_figure(plan.hours, drill),
    )
    if plan.reached:
        return say("plan.reached") + (" " + spent if plan.steps else "")
    if plan.reached is False:
        return " ".join([say("plan.not_reached"), at_most, *([spent] if plan.steps else [])])
    return spent if plan.steps else f"{say('plan.nothing')} {at_most}"


def _step(place: int, step: Step, gain: str, say: Words, drill: Words) -> Iterator[RenderableType]:
    after = telling.count(step.after.able, drill)
    yield Text(say("plan.step", place=place, gain=gain, after=after, cost=_cost(step, say, drill)))
    lines = [_purchase(one, say, drill) for one in step.purchases]
    if sum(one.alone for one in step.purchases) < step.gain - _SOMEBODY and len(step.purchases) > 1:
        alone = ", ".join(
            say("plan.alone", measure=telling.measure(one, drill), gain=telling.count(one.alone, drill))
            for one in step.purchases
        )
        lines.append(say("plan.together", alone=alone, gain=gain))
    lines.append(say("plan.binds", binding=telling.binding(step.after.binding, drill)))
    for line in lines:
        yield Padding(Text(line), (0, 0, 0, 2))


def _cost(step: Step, say: Words, drill: Words) -> str:
    """Say what a step costs, and what one more able person does: in euro, else in hours."""
    if not step.euro and not step.hours:
        return say("plan.free")
    euro, hours = _figure(step.euro, drill), _figure(step.hours, drill)
    if step.gain < _SOMEBODY:
        return say("plan.cost", euro=euro, hours=hours)
    kind, spent = ("euro", step.euro) if step.euro else ("hours", step.hours)
    each = say(f"plan.{kind}_each", number=_figure(round(spent / step.gain, 2), drill))
    return say("plan.cost_each", euro=euro, hours=hours, each=each)


def _purchase(one: Purchase, say: Words, drill: Words) -> str:
    number = telling.count(one.number, drill)
    text = say("plan.purchase", number=number, measure=telling.measure(one, drill))
    if one.from_stock:
        text += " " + say("plan.from_stock", number=telling.count(one.from_stock, drill))
    return f"{text}: {_places(one.where, say, drill)}"


def _places(where: Mapping[str, int], say: Words, drill: Words) -> str:
    """Name the places where most is done, and how many more there are."""
    largest = sorted(where, key=lambda place: -where[place])
    named = [f"{place_name(place, say)} {telling.count(where[place], drill)}" for place in largest[:_PLACES]]
    if len(largest) > _PLACES:
        named.append(say("plan.more_places", number=len(largest) - _PLACES))
    return ", ".join(named)


def _figure(value: float, drill: Words) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if drill.lang == "de" else text


def _share(able: float, plan: Plan, drill: Words) -> str:
    return telling.share(Bounds(able, able).over(plan.suitable), drill)
