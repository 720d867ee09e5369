"""What does a drill answer to a script? Plain values for JSON: people as numbers, shares from 0 to 1."""

from typing import Any

from fernbereit_server.resilience.result import Binding, Bounds, DrillResult


def answer(result: DrillResult, language: str) -> dict[str, Any]:
    """Return the answer; figures have six decimals, `ratio` is null where nobody is suited."""
    return {
        "organisation": result.organisation,
        "scenario": {"key": result.scenario, "title": result.title[language]},
        "source": "files",
        "as_of": None,
        "rounded_to": None,
        "concurrency": result.concurrency,
        "reservation": result.reservation,
        "headcount": result.headcount,
        "suitable": result.suitable,
        "equipped": _bounds(result.equipped),
        "able": _bounds(result.able),
        "ratio": _bounds(result.ratio),
        "binding_constraint": binding(result.binding),
        "binding_constraint_high": binding(result.binding_high),
        "minimum_cut": [
            {"kind": piece.kind, "name": piece.name or None, "people": number(piece.people)}
            for piece in result.cut
        ],
        "units": [
            {
                "name": unit.name,
                "headcount": unit.headcount,
                "suitable": unit.suitable,
                "leaves": unit.leaves,
                "equipped": _bounds(unit.equipped),
                "able": _bounds(unit.able),
                "ratio": _bounds(unit.ratio) if unit.leaves else None,
                "binding_constraint": binding(unit.binding),
            }
            for unit in result.units
        ],
        "services": [
            {
                "name": service.name,
                "minimum": service.minimum,
                "staffed": _bounds(service.staffed),
                "holds": service.holds,
            }
            for service in result.services
        ],
        "notes": [{"word": note.word, **note.values} for note in result.notes],
    }


def _bounds(bounds: Bounds | None) -> dict[str, float] | None:
    return None if bounds is None else {"low": number(bounds.low), "high": number(bounds.high)}


def number(value: float) -> float:
    """Return a figure with six decimals, a whole one without any."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def binding(found: Binding) -> dict[str, Any]:
    """Return what binds."""
    return {
        "kind": found.kind,
        "names": list(found.names),
        "stopped": number(found.stopped),
        "tied": list(found.tied),
    }
