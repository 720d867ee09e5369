"""What was seen of the thing a check asks about? Of a list the entries that matter, of them what matters.

"Name of the service: e-akte, Reachable: no" instead of every figure of every service.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fernbereit.expectations import compiled
from fernbereit.fact_kinds import facts
from fernbereit.policy import Check, Expectation
from fernbereit.telling import told_value
from fernbereit.words import Words

_NAMES = ("name", "provider", "model")
"""By these an entry is known, whatever is expected of it."""


def told_seen(check: Check, observed: Any, today: date, shared: Words) -> str:
    """Tell a value as far as it matters to the check."""
    unwanted = check.expect.negated.contains if check.expect.negated else None
    wanted = unwanted or check.expect.contains
    items = facts()[check.fact].items
    if isinstance(observed, list) and wanted is not None and items is not None:
        test = compiled(wanted, items)
        guilty = [one for one in observed if unwanted is None or test(one, today.toordinal()) is True]
        observed = [_of(one, wanted) for one in guilty or observed]
    return told_value(check.fact, observed, shared)


def _of(entry: Any, wanted: Expectation) -> Any:
    if not isinstance(entry, Mapping) or wanted.properties is None:
        return entry
    kept = {**dict.fromkeys(_NAMES), **dict.fromkeys(wanted.properties), **dict.fromkeys(("failure",))}
    return {name: entry[name] for name in kept if name in entry}
