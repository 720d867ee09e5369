"""How do tests sign a policy as an authority does?"""

from nacl.signing import SigningKey

from fernbereit.policy import Policy, shipped_policy
from fernbereit.signed_policy import key_id, write_signed

KEY = SigningKey(bytes(range(32)))
PUBLIC = bytes(KEY.verify_key).hex()
"""What stands in the settings of the laptops."""


def signed(policy: Policy, key: SigningKey = KEY) -> bytes:
    """Return the bytes that travel."""
    return write_signed(policy, key_id(bytes(key.verify_key)), lambda text: key.sign(text).signature)


def version(number: int) -> Policy:
    """Return the shipped policy under another version."""
    return shipped_policy().model_copy(update={"version": number})
