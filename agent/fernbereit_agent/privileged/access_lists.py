"""Does an access list of Windows let anybody write but SYSTEM and the administrators?

O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;AU)
    owner, group, then one entry in brackets a permission: type; flags; rights; object; ; whose

Source: Security Descriptor String Format, Microsoft Learn. What is not understood counts as a permission to
write.
"""

import re


class Untrusted(Exception):  # noqa: N818 - an answer, not an accident
    """Somebody without special rights may have written the file."""


OWNERS = frozenset({"SY", "BA", "S-1-5-18", "S-1-5-32-544"})
INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
MAY_WRITE = OWNERS | {INSTALLER, "CO", "S-1-3-0"}
"""CREATOR OWNER stands for whoever owns the file, which is looked at by itself."""

READING = frozenset({"FR", "FX", "GR", "GX", "RC", "CC", "SW", "WP", "LO"})
"""The last four are written by the names bits have in a directory service: of a file they are reading data
and extended attributes, executing, reading attributes. LC is appending there, RP writing extended attributes.
"""
READING_BITS = 0x1 | 0x8 | 0x20 | 0x80 | 0x20000 | 0x100000 | 0x20000000 | 0x80000000
"""Data, extended attributes, execution, attributes, the access list; waiting; generic read and execute."""

_DESCRIPTOR = re.compile(
    r"(?s)O:(?P<owner>.+?)(?:G:.+?)?D:(?P<flags>[A-Z_]*)(?P<entries>(?:\([^()]*\))*)(?:S:.*)?"
)


def closed_to_others(descriptor: str) -> bool:
    """Tell whether owner and every entry are as they should be; without a list everybody may write.

    >>> closed_to_others("O:SYD:P(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;AU)")
    True
    >>> closed_to_others("O:SYD:(A;;FA;;;WD)")
    False
    """
    found = _DESCRIPTOR.fullmatch(descriptor)
    if not found or found["owner"] not in OWNERS or "NO_ACCESS_CONTROL" in found["flags"]:
        return False
    entries = re.findall(r"\(([^()]*)\)", found["entries"])
    return bool(entries) and all(map(_harmless, entries))


def _harmless(entry: str) -> bool:
    parts = entry.split(";")
    if len(parts) != 6:
        return False
    kind, _, rights, _, _, whose = parts
    return kind == "D" or (kind == "A" and (whose in MAY_WRITE or _only_reads(rights)))


def _only_reads(rights: str) -> bool:
    if rights.startswith("0x"):
        try:
            return not int(rights, 16) & ~READING_BITS
        except ValueError:
            return False
    words = {rights[place : place + 2] for place in range(0, len(rights), 2)}
    return words <= READING
