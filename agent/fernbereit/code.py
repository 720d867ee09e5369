"""Which six characters stand for a device on the telephone?"""

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread."""
LENGTH = 6
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
