"""Which device of each published group speaks for another one? Drawn by a secret lot that nobody can redo.

`cells` says what it is good for, docs/decisions/010 why. The key never leaves the data folder; whoever has
it and the inventory could tell which devices were drawn.
"""

from hashlib import blake2b

from fernbereit_server.secret_file import secret
from fernbereit_server.settings import Settings


def lot_key(settings: Settings) -> bytes:
    """Return the key of the lot, made in the data folder once; raises `StoreError`."""
    return secret(settings.data / "publication.key", what="the key of the publication")


def drawn(key: bytes, name: str) -> bytes:
    """Return both lots of a device, sixteen bytes each: the lowest of the first is drawn in each group.

    The lowest of the second among the others speaks for it.
    """
    return blake2b(name.encode(), key=key, digest_size=32).digest()
