"""With which key does the authority sign its policies? The only file of the server that knows PyNaCl.

The key is made once and stays in the data folder; laptops get its public half by their settings. Whoever has
the file can decide by which policy every laptop judges itself, and nothing beyond that.
"""

import contextlib
import os
import secrets
from pathlib import Path

from fernbereit.policy import Policy
from fernbereit.signed_policy import key_id, write_signed
from fernbereit_server.errors import StoreError

FILE = "policy.key"


class Signer:
    """Signs policies with one key."""

    def __init__(self, seed: bytes) -> None:
        from nacl.signing import SigningKey

        self._key = SigningKey(seed)

    @property
    def public_key(self) -> bytes:
        """Return what laptops verify with."""
        return bytes(self._key.verify_key)

    def signed(self, policy: Policy) -> bytes:
        """Return the bytes that travel; raises `fernbereit.signed_policy.SignedPolicyError` if too large."""
        return write_signed(policy, key_id(self.public_key), lambda text: self._key.sign(text).signature)


def signer(data: Path) -> Signer:
    """Return the signer of a data folder, its key made there once.

    Raises `StoreError` if the key can neither be read nor made.
    """
    file = data / FILE
    try:
        if not file.exists():
            _make(file)
        return Signer(bytes.fromhex(file.read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{file}: the key that signs policies can neither be read nor made ({type(error).__name__}); "
            "make the data folder writable, or put the key back from a backup"
        ) from None


def _make(file: Path) -> None:
    """Make a key that only its owner can read; one that somebody else made meanwhile stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(f"{secrets.token_hex(32)}\n")
            written.flush()
            os.fsync(written.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(scratch, file)
    finally:
        scratch.unlink()
