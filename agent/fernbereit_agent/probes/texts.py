"""Which value does a line of text hold, if any? Nothing here raises; what is not understood is None."""

import unicodedata

from fernbereit_agent.errors import Denied, NotHere, Unreadable
from fernbereit_agent.host import Host

LONGEST = 96
MOST_DIGITS = 15
UNDECODABLE = "\ufffd"
PLACEHOLDERS = frozenset(
    {
        "",
        "0",
        "default string",
        "invalid",
        "n/a",
        "na",
        "none",
        "not applicable",
        "not available",
        "not specified",
        "o.e.m.",
        "oem",
        "serial number",
        "system manufacturer",
        "system product name",
        "system serial number",
        "system version",
        "to be filled by o.e.m.",
        "to be filled by oem",
        "type1productconfigid",
        "undefined",
        "unknown",
    }
)
"""What makers leave in firmware fields they did not fill, in lower case."""


def line_of(host: Host, path: str) -> str:
    """Return the stripped text of a one-line file, or nothing where it is missing, closed or broken."""
    try:
        return host.read_text(path).strip()
    except (NotHere, Denied, Unreadable):
        return ""


def plain(text: str) -> str | None:
    """Return the text fit for a fact: one line, printable, at most 96 characters; None for a placeholder.

    >>> plain("  ThinkPad  X1 "), plain("To Be Filled By O.E.M.")
    ('ThinkPad X1', None)
    """
    printable = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    line = " ".join(printable.replace(UNDECODABLE, " ").split())[:LONGEST].rstrip()
    says_nothing = line.casefold() in PLACEHOLDERS or not any(map(str.isalnum, line))
    return None if says_nothing else line


def whole(text: str) -> int | None:
    """Return a whole number, or None; one of more than 15 digits was not counted by any machine.

    >>> whole("42"), whole("-1"), whole("4 2"), whole("")
    (42, -1, None, None)
    """
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        return None
    return int(text)
