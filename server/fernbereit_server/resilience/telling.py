"""How are the figures of a drill said? One rounding, half to even; numbers as the language writes them."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from fernbereit.words import Words, read
from fernbereit_server.resilience.planner.result import Plan, Purchase, Single
from fernbereit_server.resilience.result import Binding, Bounds, DrillResult, Note, UnitResult

_TO = "\N{EN DASH}"


@cache
def words(language: str) -> Words:
    """Return the catalogue of drills in `de` or `en`."""
    return read(files("fernbereit_server.resilience") / "words", language)


def people(bounds: Bounds, say: Words) -> str:
    """Return people, rounded, as one number or as a range.

    >>> people(Bounds(1480.2, 1480.4), words("de"))
    '1.480'
    """
    low, high = (count(value, say) for value in (bounds.low, bounds.high))
    return low if low == high else f"{low}{_TO}{high}"


def share(bounds: Bounds | None, say: Words) -> str:
    """Return a share in per cent, or that there is nobody to have a share of."""
    if bounds is None:
        return say("drill.nobody")
    low, high = (_grouped(f"{value * 100:.1f}", say) for value in (bounds.low, bounds.high))
    return say("drill.percent", number=low if low == high else f"{low}{_TO}{high}")


def percent(value: float, say: Words) -> str:
    """Return a share from 0 to 1 in per cent, with a decimal where it has one."""
    number = round(100 * value, 1)
    return say("drill.percent", number=_grouped(f"{number:.10g}", say))


def able_of(unit: UnitResult, say: Words) -> str:
    """Return the able people of a unit, out of how many."""
    return say("drill.of", able=people(unit.able, say), suitable=count(unit.suitable, say))


def holds(word: str, say: Words) -> str:
    """Return whether a service keeps its minimum staffing, with a mark; `word` is yes, no or unknown."""
    return say(f"drill.holds.{word}")


def binding(found: Binding, say: Words) -> str:
    """Return what binds, by name where it has one."""
    text = say(f"drill.kind.{found.kind}")
    if found.names:
        text += f" ({', '.join(found.names)})"
    if found.tied:
        names = [say("drill.kind.devices") if name == "devices" else name for name in found.tied]
        text += " " + say("drill.tied", names=", ".join(names))
    return text


def headline(result: DrillResult, say: Words) -> str:
    """Return the answer in one sentence."""
    return say(
        "drill.headline",
        able=people(result.able, say),
        suitable=count(result.suitable, say),
        share=share(result.ratio, say),
    )


def note(found: Note, say: Words) -> str:
    """Return one note as a sentence."""
    values = {
        key: count(value, say) if isinstance(value, int) else value for key, value in found.values.items()
    }
    return say(f"drill.note.{found.word}", **values)


def measure(found: Purchase | Single, say: Words) -> str:
    """Return what is bought or done, one of it."""
    return say(f"plan.what.{found.what}", item=item(found.item, say))


def item(name: str, say: Words) -> str:
    """Return what an item of the price list is called; a name of the authority's own stays as it is."""
    key = f"plan.item.{name}"
    return say(key) if key in say.texts else name


def plan_note(found: Note, say: Words) -> str:
    """Return one note on a plan as a sentence."""
    values = {
        key: count(value, say) if isinstance(value, int) else value for key, value in found.values.items()
    }
    return say(f"plan.note.{found.word}", **values)


def gains(plan: Plan) -> tuple[int, ...]:
    """Return what each step adds: the rounded figure after it less the rounded one before it."""
    after = [round(plan.before.able), *(round(step.after.able) for step in plan.steps)]
    return tuple(later - earlier for earlier, later in pairwise(after))


def count(value: float, say: Words) -> str:
    """Return a whole number with the separators of the language."""
    return _grouped(f"{value:,.0f}", say)


def _grouped(number: str, say: Words) -> str:
    return number.translate(str.maketrans(",.", ".,")) if say.lang == "de" else number
