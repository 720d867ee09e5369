"""With which key does the authority sign its policies? The only file of the server that knows PyNaCl.

The key is made once and stays in the data folder; laptops get its public half by their settings. Whoever has
the file can decide by which policy every laptop judges itself, and nothing beyond that.
"""

from pathlib import Path

from fernbereit.policy import Policy
from fernbereit.signed_policy import key_id, write_signed
from fernbereit_server.secret_file import secret

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
    return Signer(
        secret(
            data / FILE,
            what="the key that signs policies",
            instead=", or put the key back from a backup",
        )
    )
