"""What stands in the minutes of a drill day? Counts over groups, no name, and room for a pen."""

from collections.abc import Iterator, Sequence
from datetime import date

from fernbereit.words import Words
from fernbereit_server.commands.blocks import Block, Grid, Heading, Items, Paragraph
from fernbereit_server.commands.figures import day, number
from fernbereit_server.metrics.family import NO_UNIT
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.drill_day import Calibration, Line, Outcome, Review
from fernbereit_server.resilience.result import Binding, Bounds


def minutes_of(found: Review, errors: Calibration, say: Words) -> tuple[str, tuple[Block, ...]]:
    """Return title and blocks of the minutes."""
    title = say("minutes.title", day=day(found.drill_day.held_on, say))
    return title, tuple(_blocks(found, errors, say))


def error_text(error: float, say: Words) -> str:
    """Say measured less predicted in points of the suitable people."""
    points = round(100 * error, 1)
    return say("drill_day.points", points=("+" if points > 0 else "") + number(points or 0, say))


def _blocks(found: Review, errors: Calibration, say: Words) -> Iterator[Block]:
    drill_day, predicted = found.drill_day, found.drill_day.predicted
    yield Items(
        (
            say("minutes.scenario", title=predicted["title"][say.lang]),
            say("minutes.announced", day=day(drill_day.announced_on, say)),
            say("minutes.made_on", day=day(date.fromisoformat(predicted["made_on"]), say)),
            say(f"drill_day.phase_of_day.{found.phase.value}"),
        )
    )
    yield Heading(say("minutes.expected"))
    yield Paragraph(
        say(
            "minutes.people",
            suitable=number(predicted["suitable"], say),
            headcount=number(predicted["headcount"], say),
        )
    )
    yield Paragraph(say("minutes.voluntary"))
    yield Heading(say("minutes.predicted"))
    able = telling.people(Bounds(*predicted["able"]), telling.words(say.lang))
    yield Paragraph(say("minutes.able", able=able, binding=_binding(predicted["binding"], say)))
    yield Grid(
        tuple(say(f"minutes.column.{name}") for name in ("unit", "suitable", "able", "binds")),
        tuple(
            (
                _named(unit["unit"], unit["members"], say),
                number(unit["suitable"], say),
                telling.people(Bounds(*unit["able"]), telling.words(say.lang)),
                _binding(unit["binding"], say),
            )
            for unit in predicted["units"]
        ),
    )
    yield Heading(say("minutes.services"))
    if predicted["services"]:
        yield Grid(
            tuple(say(f"minutes.column.{name}") for name in ("service", "minimum", "staffed", "holds")),
            tuple(
                (
                    service["name"],
                    number(service["minimum"], say),
                    telling.people(Bounds(*service["staffed"]), telling.words(say.lang)),
                    telling.holds(service["holds"], telling.words(say.lang)),
                )
                for service in predicted["services"]
            ),
        )
    else:
        yield Paragraph(say("minutes.no_services"))
    yield from _measured(found, errors, say)
    yield Heading(say("minutes.open"))
    yield Items(
        tuple(say(f"minutes.open.{name}") for name in ("staff", "helpdesk", "services", "next")), True
    )


def _measured(found: Review, errors: Calibration, say: Words) -> Iterator[Block]:
    yield Heading(say("minutes.measured"))
    if not (found.groups or found.total):
        yield Paragraph(say("minutes.not_measured"))
        return
    yield Paragraph(say("minutes.how"))
    lines = [(line, _named(line.unit, line.members, say)) for line in found.groups]
    if found.total is not None:
        lines.append((found.total, say("minutes.everybody")))
    yield Grid(
        tuple(
            say(f"minutes.column.{name}")
            for name in ("unit", "devices", "heard", "predicted", "working", "outcome")
        ),
        tuple(
            (
                name,
                number(line.size, say),
                number(line.heard, say),
                "" if line.predicted is None else telling.people(line.predicted, telling.words(say.lang)),
                number(line.working, say),
                say(f"drill_day.outcome.{line.outcome.value}"),
            )
            for line, name in lines
        ),
    )
    yield Heading(say("minutes.findings"))
    yield Items(tuple(_findings(found, errors, say)))


def _findings(found: Review, errors: Calibration, say: Words) -> Iterator[str]:
    total = found.total
    if total is None:
        yield say("minutes.finding.no_total")
    else:
        yield say(f"minutes.finding.{total.outcome.value}", name=say("minutes.everybody"))
        if total.error is not None and total.outcome is not Outcome.UNKNOWN:
            yield say("minutes.finding.error", error=error_text(total.error, say))
    for line in found.groups:
        if line.outcome is not Outcome.AS_PREDICTED:
            yield say(f"minutes.finding.{_word(line)}", name=_named(line.unit, line.members, say))
    if errors.mean is not None and errors.days > 1:
        yield say("minutes.finding.so_far", days=errors.days, error=error_text(errors.mean, say))


def _named(unit: str, members: Sequence[str], say: Words) -> str:
    """Name a unit, or those that are told together."""
    known = [name for name in members if name != NO_UNIT]
    if list(members) == [unit] or not members:
        return say("minutes.no_unit") if unit == NO_UNIT else unit
    without = [say("minutes.no_unit")] if len(known) < len(members) else []
    return say("minutes.together", names=", ".join([*known, *without]))


def _word(line: Line) -> str:
    return "not_predicted" if line.predicted is None else line.outcome.value


def _binding(written: dict[str, object], say: Words) -> str:
    names = written["names"]
    assert isinstance(names, list)
    binding = Binding(kind=str(written["kind"]), names=tuple(map(str, names)))
    return telling.binding(binding, telling.words(say.lang))
