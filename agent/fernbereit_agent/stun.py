"""How is a STUN server asked whether UDP passes? One binding request without attributes (RFC 8489, 5 and 6).

    type (2 bytes)  length of what follows (2)  magic cookie (4)  transaction (12)  attributes

Of the answer it is only asked whether it is one. The public address it carries is passed over unread.
"""

import zlib

COOKIE = b"\x21\x12\xa4\x42"
TRANSACTION_BYTES = 12
_REQUEST, _SUCCESS = b"\x00\x01", b"\x01\x01"
_HEAD = 20
_FINGERPRINT, _FINGERPRINT_XOR = b"\x80\x28\x00\x04", 0x5354554E
_FINGERPRINT_BYTES = 8


def request(transaction: bytes) -> bytes:
    """Return the datagram of a binding request.

    >>> request(bytes(12)).hex()
    '000100002112a442000000000000000000000000'
    """
    return _REQUEST + b"\0\0" + COOKIE + transaction


def answers(datagram: bytes, transaction: bytes) -> bool:
    """Tell whether a datagram is a whole success response to the request with this transaction."""
    length = int.from_bytes(datagram[2:4], "big")
    if datagram[:2] != _SUCCESS or datagram[4:_HEAD] != COOKIE + transaction:
        return False
    return len(datagram) == _HEAD + length and length > 0 and _is_whole(datagram)


def _is_whole(datagram: bytes) -> bool:
    """Walk over the attributes, each padded to four bytes; a fingerprint must be the last one, and right."""
    fingerprint = len(datagram) - _FINGERPRINT_BYTES
    if datagram[fingerprint : fingerprint + 4] == _FINGERPRINT:
        right = zlib.crc32(datagram[:fingerprint]) ^ _FINGERPRINT_XOR
        if datagram[fingerprint + 4 :] != right.to_bytes(4, "big"):
            return False
    at = _HEAD
    while at < len(datagram):
        if datagram[at : at + 2] == _FINGERPRINT[:2] and at != fingerprint:
            return False
        size = int.from_bytes(datagram[at + 2 : at + 4], "big")
        at += 4 + size + -size % 4
    return at == len(datagram)
