"""How do a laptop and the collector recognise the same serial number without either telling it?

Both hash it under the authority's inventory key; laptop and inventory list write it in different case and
with blanks around it, so it is brought into one shape first.
"""

import hmac
from hashlib import sha256

PLACEHOLDERS = frozenset(
    {
        "0",
        "INVALID",
        "N/A",
        "NA",
        "NONE",
        "NOT APPLICABLE",
        "NOT AVAILABLE",
        "NOT SPECIFIED",
        "O.E.M.",
        "OEM",
        "SERIAL NUMBER",
        "SYSTEM SERIAL NUMBER",
        "TO BE FILLED BY O.E.M.",
        "TO BE FILLED BY OEM",
        "UNDEFINED",
        "UNKNOWN",
        "UNSET",
    }
)
"""What makers leave where a serial number belongs."""

_TELLING = ("DEFAULT", "SERIAL", "STRING")
"""Words no real serial number holds; the rule of Fleet's inventory."""


def serial_hash(serial: str, key: bytes) -> str | None:
    """Return the keyed hash of a serial number in hexadecimal; None for an empty one or a placeholder.

    >>> serial_hash(" pf-0a1b2 ", b"key") == serial_hash("PF-0A1B2", b"key")
    True
    >>> serial_hash("To Be Filled By O.E.M.", b"key") is None
    True
    """
    shaped = "".join(serial.split()).upper()
    blanks = " ".join(serial.split()).upper()
    if len(set(shaped)) <= 1 or blanks in PLACEHOLDERS or any(word in blanks for word in _TELLING):
        return None
    return _hash(shaped, key)


def host_name_hash(name: str, key: bytes) -> str | None:
    """Return the keyed hash of a host name without its domain; None for one that says nothing.

    >>> host_name_hash("NB-04711.musterstadt.example", b"key") == host_name_hash("nb-04711", b"key")
    True
    """
    shaped = name.strip().partition(".")[0].upper()
    if shaped in {"", "LOCALHOST"}:
        return None
    return _hash(shaped, key)


def _hash(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(errors="replace"), sha256).hexdigest()
