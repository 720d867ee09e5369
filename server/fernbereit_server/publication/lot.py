"""Which device of each published group speaks for another one? Drawn by a secret lot that nobody can redo.

`cells` says what it is good for, docs/decisions/010 why. The key never leaves the data folder; whoever has
it and the inventory could tell which devices were drawn.
"""

import secrets
from hashlib import blake2b

from fernbereit_server.errors import StoreError
from fernbereit_server.settings import Settings


def lot_key(settings: Settings) -> bytes:
    """Return the key of the lot, made in the data folder once; raises `StoreError`."""
    file = settings.data / "publication.key"
    try:
        if not file.exists():
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32), encoding="ascii")
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{file}: the key of the publication can neither be read nor made ({type(error).__name__}); "
            "make the data folder writable"
        ) from None


def drawn(key: bytes, name: str) -> bytes:
    """Return both lots of a device, sixteen bytes each: the lowest of the first is drawn in each group.

    The lowest of the second among the others speaks for it.
    """
    return blake2b(name.encode(), key=key, digest_size=32).digest()
