"""What does a plan answer to a script? Plain values for JSON: people as numbers, shares from 0 to 1."""

from typing import Any

from fernbereit_server.resilience.answer import binding, number
from fernbereit_server.resilience.planner.result import Plan, Step
from fernbereit_server.resilience.planner.standing import Standing


def answer(plan: Plan, language: str, source: str = "files") -> dict[str, Any]:
    """Return the answer; figures have six decimals, what has no price for a person is null.

    `source` is `files`, `published` or `exact`.
    """
    return {
        "organisation": plan.organisation,
        "scenario": {"key": plan.scenario, "title": plan.title[language]},
        "source": source,
        "budget": {"euro": plan.wish.euro, "it_hours": plan.wish.hours},
        "target": plan.wish.target,
        "reached": plan.reached,
        "suitable": plan.suitable,
        "before": _standing(plan.before, plan.suitable),
        "after": _standing(plan.after, plan.suitable),
        "at_most": {"able": number(plan.at_most), "ratio": _ratio(plan.at_most, plan.suitable)},
        "gain": number(plan.gain),
        "euro": number(plan.euro),
        "it_hours": number(plan.hours),
        "steps": [_step(step, plan.suitable) for step in plan.steps],
        "singles": [
            {"what": one.what, "item": one.item, "most": one.most, "gain": number(one.gain)}
            for one in plan.singles
        ],
        "unpriced": list(plan.unpriced),
        "notes": [{"word": note.word, **note.values} for note in plan.notes],
    }


def _step(step: Step, suitable: int) -> dict[str, Any]:
    return {
        "purchases": [
            {
                "what": one.what,
                "item": one.item or None,
                "number": one.number,
                "from_stock": one.from_stock,
                "bought": one.bought,
                "euro": number(one.euro),
                "it_hours": number(one.hours),
                "where": dict(one.where),
                "alone": number(one.alone),
            }
            for one in step.purchases
        ],
        "euro": number(step.euro),
        "it_hours": number(step.hours),
        "gain": number(step.gain),
        "able_per_euro": None if step.able_per_euro is None else number(step.able_per_euro),
        "able_per_hour": None if step.able_per_hour is None else number(step.able_per_hour),
        "after": _standing(step.after, suitable),
    }


def _standing(standing: Standing, suitable: int) -> dict[str, Any]:
    return {
        "able": number(standing.able),
        "ratio": _ratio(standing.able, suitable),
        "binding_constraint": binding(standing.binding),
    }


def _ratio(able: float, suitable: int) -> float | None:
    return number(able / suitable) if suitable else None
