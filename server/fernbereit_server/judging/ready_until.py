"""How long does a ready laptop stay ready if nothing is done?"""

from collections.abc import Collection, Mapping
from datetime import date

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Evaluation, Look, evaluate, stand
from fernbereit_server.judging.rulebook import Rulebook

HORIZON_DAYS = 400
"""How far ahead it looks."""


def ready_until(
    book: Rulebook,
    looks: Mapping[str, Look],
    today: date,
    evaluation: Evaluation,
    waived: Collection[str] = (),
) -> date | None:
    """Return the first day on which a ready laptop is no longer ready, with today's facts; else None.

    Only dates in the facts count, not the age of the facts, since somebody will look again; waivers are
    taken to hold. None as well if nothing ends within `HORIZON_DAYS`.
    """
    if evaluation.standing.verdict is not Verdict.READY:
        return None
    first, last = today.toordinal() + 1, today.toordinal() + HORIZON_DAYS
    results = list(evaluation.results)
    for turn in sorted(turn for turn in book.turns(looks) if first <= turn <= last):
        day = date.fromordinal(turn)
        for place, result in zip(
            book.dated_places, evaluate(book.dated, looks, day, waived).results, strict=True
        ):
            results[place] = result
        if stand(book.compiled, results, outdated=False).verdict is not Verdict.READY:
            return day
    return None
