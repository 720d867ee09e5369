"""Under which key are serial numbers and host names hashed?"""

import secrets

from fernbereit_server.errors import StoreError
from fernbereit_server.settings import Settings


def inventory_key(settings: Settings) -> bytes:
    """Return the key of the keyed hashes: from the settings, else from the data folder, made there once.

    Raises `StoreError` if it can neither be read nor made.
    """
    if settings.inventory.key is not None:
        return bytes.fromhex(settings.inventory.key)
    file = settings.data / "inventory.key"
    try:
        if not file.exists():
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32), encoding="ascii")
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{file}: the inventory key can neither be read nor made ({type(error).__name__}); make the data "
            "folder writable, or set inventory.key"
        ) from None
