"""How is it said where an organisation does not fit the inventory?"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from fernbereit.words import Words
from fernbereit_server.commands.figures import counted, number
from fernbereit_server.organisation.fit import Fit

_SHOWN = 20


def remarks(found: Fit, say: Words) -> Iterator[str]:
    """Yield a sentence a finding."""
    for stranger in found.strangers[:_SHOWN]:
        text = counted("organisation.fit.stranger", stranger.devices, say, unit=stranger.unit)
        if stranger.suggestion:
            text += " " + say("file.suggestion", word=stranger.suggestion)
        yield text
    if more := len(found.strangers[_SHOWN:]):
        yield say("organisation.fit.more_strangers", number=number(more, say))
    if found.without_unit:
        yield counted("organisation.fit.without_unit", found.without_unit, say)
    for crowded in found.crowded:
        yield say(
            "organisation.fit.crowded",
            unit=crowded.unit,
            headcount=number(crowded.headcount, say),
            devices=number(crowded.devices, say),
        )
    if found.without_devices:
        yield say("organisation.fit.without_devices", units=", ".join(found.without_devices))
    for target, units in found.unheard_targets:
        yield say("organisation.fit.unheard_target", target=target, units=", ".join(units))
    if found.unpriced:
        yield say("organisation.fit.unpriced", items=", ".join(found.unpriced))


def as_json(found: Fit) -> dict[str, Any]:
    """Return all findings, for scripts."""
    return asdict(found) | {
        "unheard_targets": [
            {"target": target, "units": list(units)} for target, units in found.unheard_targets
        ]
    }
