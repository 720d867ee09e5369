"""Who is this laptop? A random UUID, made once and kept in the data folder, or the one of the settings."""

import contextlib
import os
import uuid
from pathlib import Path

from fernbereit import crash
from fernbereit.topics import is_device_id
from fernbereit_agent.errors import OutboxError
from fernbereit_agent.settings import Settings

FILE = "device_id"


def device_id(settings: Settings) -> str:
    """Return the id, made now if there is none; raises `OutboxError` if it cannot be kept."""
    if settings.device.id is not None:
        return settings.device.id
    file = settings.data / FILE
    kept = kept_device_id(settings.data)
    if kept is not None:
        return kept
    made = str(uuid.uuid4())
    try:
        settings.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        write_private(file, f"{made}\n".encode(), durable=True)
    except OSError as error:
        step = "name a folder that can be written with --data DIR, or as data in the settings"
        raise OutboxError(f"{file}: the device id cannot be kept: {error.strerror}; {step}") from None
    return made


def kept_device_id(data: Path) -> str | None:
    """Return the id of a data folder, or None where none can be read."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        kept = (data / FILE).read_text(encoding="ascii").strip()
        if is_device_id(kept):
            return kept
    return None


def keep(settings: Settings, device_id: str) -> None:
    """Write the id down again if somebody deleted the data folder; raises `OutboxError`."""
    file = settings.data / FILE
    if settings.device.id is not None or file.exists():
        return
    try:
        settings.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        write_private(file, f"{device_id}\n".encode(), durable=True)
    except OSError as error:
        raise OutboxError(f"{file}: the device id cannot be kept: {error.strerror}") from None


def write_private(file: Path, content: bytes, *, durable: bool = False) -> None:
    """Replace a file in one step by one that only its owner can read; raises `OSError`."""
    scratch = file.with_name(f".{file.name}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        written.write(content)
        if durable:
            written.flush()
            os.fsync(written.fileno())
    crash.point(f"{file.name}.write")
    scratch.replace(file)
    crash.point(f"{file.name}.written")
