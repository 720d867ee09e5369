"""What does somebody wish of a plan? A budget and hours, or a target, as people type them."""

import re

from fernbereit.words import Words
from fernbereit_server.commands.two_files import stop
from fernbereit_server.resilience.planner.result import Wish

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d+)?")
_MOST = 1e12


def wish(budget: str | None, hours: str | None, target: str | None, say: Words) -> Wish:
    """Return what is wished, or say what is wrong with it and end with exit code 2."""
    if (budget is None) == (target is None):
        stop(say("plan.one_of_both"))
    if target is not None:
        if hours is not None:
            stop(say("plan.hours_with_budget"))
        share = figure(target.rstrip().removesuffix("%").rstrip())
        if share is None or share > 100:
            stop(say("plan.no_target", text=target))
        return Wish(target=share / 100)
    euro = figure(budget or "")
    if euro is None:
        stop(say("plan.no_budget", text=budget))
    spent = None if hours is None else figure(hours)
    if hours is not None and spent is None:
        stop(say("plan.no_hours", text=hours))
    return Wish(euro=euro, hours=spent)


def figure(text: str) -> float | None:
    """Read a number from 0 on, thousands and decimals of either language; None for anything else.

    >>> figure("100.000"), figure("100,000.5"), figure("1,5"), figure("-1"), figure("viel")
    (100000.0, 100000.5, 1.5, None, None)
    """
    text = text.strip()
    if _GROUPED.fullmatch(text):
        mark = next(letter for letter in text if letter in ".,")
        text = text.replace(mark, "")
    elif not _PLAIN.fullmatch(text):
        return None
    found = float(text.replace(",", "."))
    return found if found <= _MOST else None
