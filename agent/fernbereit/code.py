"""What is read out on the telephone for a device, and for a check?"""

import hashlib
from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread."""
LENGTH = 6
CHECK_CODES = 10_000
"""So many codes there are for checks."""
_MISREAD = str.maketrans("ILO", "110")


def device_code(device_id: str) -> str:
    """Return the first 30 bits of SHA-256(device_id) in Crockford's base 32.

    >>> device_code("11111111-2222-4333-8444-555555555555")
    'SX64EC'
    """
    number = int.from_bytes(hashlib.sha256(device_id.encode()).digest()[:4], "big") >> 2
    return "".join(ALPHABET[number >> shift & 31] for shift in range(25, -1, -5))


def read_code(text: str) -> str | None:
    """Read a code as people type it (lower case, I for 1, O for 0, hyphens), or return None."""
    code = text.strip().upper().replace("-", "").translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def check_codes(checks: Iterable[str]) -> dict[str, str]:
    """Return the code of every check of a policy: `F-` and four digits, the same in every language.

    The digits are SHA-256(id) modulo 10000. Where two checks of one policy meet, the later one in the
    alphabet takes the next free number.

    >>> check_codes(["firewall", "disk_encryption"])
    {'disk_encryption': 'F-7209', 'firewall': 'F-1814'}
    """
    taken: dict[int, str] = {}
    for check in sorted(set(checks)):
        number = int.from_bytes(hashlib.sha256(check.encode()).digest()) % CHECK_CODES
        while number in taken:
            number = (number + 1) % CHECK_CODES
        taken[number] = check
    return {check: f"F-{number:04}" for number, check in taken.items()}


def read_check_code(text: str) -> str | None:
    """Read the code of a check as people type it (lower case, blanks, without hyphen), or return None."""
    digits = "".join(text.upper().replace("-", "").split()).removeprefix("F")
    return f"F-{digits}" if len(digits) == len(str(CHECK_CODES - 1)) and digits.isdecimal() else None
