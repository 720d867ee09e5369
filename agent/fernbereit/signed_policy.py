"""How does a policy travel, so that a laptop can tell that its authority made it and nobody changed it?

One head line, then the policy as JSON, compressed by zlib:

    fernbereit-policy 1 <policy version> <key id> <signature>

The signature (Ed25519, in lower-case hexadecimal) covers everything but itself: the head line without it and
the compressed bytes as they are. Nothing is decompressed or read before it was found right. The key id is the
beginning of the SHA-256 of the public key; it tells a wrong key from changed bytes, and proves nothing.

Who signs and who verifies brings the arithmetic along as a function, so that this file needs no library.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from fernbereit.delivery import MAX_PAYLOAD_BYTES
from fernbereit.policy import Policy, as_json

MAX_JSON_BYTES = 1 << 20
"""A policy of the most checks with the longest texts needs about 560,000 bytes."""

Sign = Callable[[bytes], bytes]
"""Returns the 64 bytes of the signature of a message."""
Verify = Callable[[bytes, bytes], bool]
"""Tells whether a signature is that of a message: `verify(message, signature)`."""

_FORMAT = b"fernbereit-policy 1"
_HEAD = re.compile(_FORMAT + rb" ([1-9][0-9]{0,9}) ([0-9a-f]{16}) ([0-9a-f]{128})")


class Fault(StrEnum):
    """Why bytes are not taken for a policy."""

    TOO_LARGE = "too_large"
    NO_POLICY = "no_policy"
    """No head line of this format."""
    OTHER_KEY = "other_key"
    CHANGED = "changed"
    """The signature is not that of these bytes."""
    UNREADABLE = "unreadable"
    """Rightly signed, but this version does not understand it."""


class SignedPolicyError(ValueError):
    """The bytes are no policy to be used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"not a policy to be used: {fault}")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPolicy:
    """The head line read and the rest as it came; nothing is verified yet."""

    version: int
    key_id: str
    signature: bytes
    packed: bytes

    @property
    def message(self) -> bytes:
        """Return the bytes that are signed."""
        return _message(self.version, self.key_id, self.packed)


def key_id(public_key: bytes) -> str:
    """Return by which name a public key goes: sixteen hexadecimal digits.

    >>> key_id(bytes(32))
    '66687aadf862bd77'
    """
    return hashlib.sha256(public_key).hexdigest()[:16]


def write_signed(policy: Policy, key: str, sign: Sign) -> bytes:
    """Return the bytes that travel; raises `SignedPolicyError` (`too_large`) for a policy no packet holds."""
    text = json.dumps(as_json(policy), ensure_ascii=False, separators=(",", ":")).encode()
    packed = zlib.compress(text, 9)
    signature = sign(_message(policy.version, key, packed)).hex().encode()
    written = b"%s %d %s %s\n%s" % (_FORMAT, policy.version, key.encode(), signature, packed)
    if len(text) > MAX_JSON_BYTES or len(written) > MAX_PAYLOAD_BYTES:
        raise SignedPolicyError(Fault.TOO_LARGE)
    return written


def read_head(written: bytes) -> SignedPolicy:
    """Take the bytes apart without believing them; raises `SignedPolicyError`."""
    if len(written) > MAX_PAYLOAD_BYTES:
        raise SignedPolicyError(Fault.TOO_LARGE)
    head, _, packed = written.partition(b"\n")
    found = _HEAD.fullmatch(head)
    if found is None:
        raise SignedPolicyError(Fault.NO_POLICY)
    return SignedPolicy(
        version=int(found[1]),
        key_id=found[2].decode(),
        signature=bytes.fromhex(found[3].decode()),
        packed=packed,
    )


def read_signed(written: bytes, key: str, verify: Verify) -> Policy:
    """Return the policy of bytes that were signed with the key of this id; raises `SignedPolicyError`."""
    signed = read_head(written)
    if signed.key_id != key:
        raise SignedPolicyError(Fault.OTHER_KEY)
    if not verify(signed.message, signed.signature):
        raise SignedPolicyError(Fault.CHANGED)
    try:
        policy = Policy.model_validate_json(_unpacked(signed.packed))
    except (zlib.error, ValidationError):
        raise SignedPolicyError(Fault.UNREADABLE) from None
    if policy.version != signed.version:
        raise SignedPolicyError(Fault.UNREADABLE)
    return policy


def _message(version: int, key: str, packed: bytes) -> bytes:
    return b"%s %d %s\n%s" % (_FORMAT, version, key.encode(), packed)


def _unpacked(packed: bytes) -> bytes:
    """Return the JSON, never more of it than allowed, however small its packed form is."""
    machine = zlib.decompressobj()
    text = machine.decompress(packed, MAX_JSON_BYTES + 1)
    if len(text) > MAX_JSON_BYTES:
        raise SignedPolicyError(Fault.TOO_LARGE)
    if not machine.eof or machine.unused_data:
        raise SignedPolicyError(Fault.UNREADABLE)
    return text
