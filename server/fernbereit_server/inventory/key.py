"""Under which key are serial numbers and host names hashed?"""

from fernbereit_server.secret_file import secret
from fernbereit_server.settings import Settings


def inventory_key(settings: Settings) -> bytes:
    """Return the key of the keyed hashes: from the settings, else from the data folder, made there once.

    Raises `StoreError` if it can neither be read nor made.
    """
    if settings.inventory.key is not None:
        return bytes.fromhex(settings.inventory.key)
    file = settings.data / "inventory.key"
    return secret(file, what="the inventory key", instead=", or set inventory.key")
