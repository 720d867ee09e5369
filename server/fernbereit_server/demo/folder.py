"""Where does the demonstration keep its files, and whose folder would it rather not touch?"""

import json
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from fernbereit_server.errors import SettingsError

MARKER = "demonstration.json"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """The folder and its inventory key, hexadecimal."""

    path: Path
    key: str

    @property
    def this_computer(self) -> str:
        """Return the device id under which this computer reports into this folder."""
        digest = sha256(f"this computer/{self.key}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))


@contextmanager
def demo_folder(chosen: Path | None) -> Iterator[DemoFolder]:
    """Open the folder that was chosen, or a temporary one that is removed afterwards.

    Raises `SettingsError` for a folder that holds anything the demonstration did not make, since it writes
    an invented inventory and an invented history.
    """
    if chosen is None:
        with TemporaryDirectory(prefix="fernbereit-demo-", ignore_cleanup_errors=True) as folder:
            yield DemoFolder(Path(folder), secrets.token_hex(32))
        return
    try:
        yield _kept(chosen)
    except OSError as error:
        raise SettingsError(f"{chosen}: the folder cannot be used: {error.strerror}") from None


def _kept(path: Path) -> DemoFolder:
    path.mkdir(parents=True, exist_ok=True)
    marker = path / MARKER
    if marker.exists():
        return DemoFolder(path, str(json.loads(marker.read_text(encoding="utf-8"))["key"]))
    if any(path.iterdir()):
        raise SettingsError(
            f"{path}: expected an empty folder or one that an earlier demonstration made, for it is filled "
            "with an invented authority. Example: --data ./demonstration"
        )
    key = secrets.token_hex(32)
    marker.touch(mode=0o600)
    marker.write_text(json.dumps({"key": key}), encoding="utf-8")
    return DemoFolder(path, key)
