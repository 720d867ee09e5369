"""What of the service's folder may the owner of this laptop read, and where does the owner leave a request?

    <data>/                     0711, files in it 0600: the service's own
    <data>/owner/               0755, files in it 0644: for everybody who works on this laptop
    <data>/owner/last-sent      the exact bytes of the last envelope
    <data>/owner/sent-before    of an earlier one, where there was no room to keep the last
    <data>/owner/policy         the signed policy in force, as it came
    <data>/owner/settings       what a self-check needs of the settings, without the inventory key
    <data>/owner/contested/     one empty file for each result that is called wrong
    <data>/owner/requests/      1733: whoever works here may leave a request, and nobody may list them

Only the service writes here, but for the requests. On Windows the installer's access list does what modes
do elsewhere.
"""

import contextlib
import os
from pathlib import Path

from fernbereit import crash

FOLDER = Path("owner")
LAST_SENT = FOLDER / "last-sent"
SENT_BEFORE = FOLDER / "sent-before"
POLICY = FOLDER / "policy"
SETTINGS = FOLDER / "settings"
CONTESTED = FOLDER / "contested"
REQUESTS = FOLDER / "requests"

_MOVED = (("last_sent.txt", LAST_SENT), ("policy.signed", POLICY), ("contested", CONTESTED))
"""Where earlier versions kept it."""
_CLOSED = 0o700


def prepare(data: Path) -> None:
    """Make the folders with their modes, and move what an earlier version left; raises `OSError`."""
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    if data.stat().st_mode & 0o777 == _CLOSED:
        data.chmod(0o711)
    for folder, mode in ((FOLDER, 0o755), (CONTESTED, 0o755), (REQUESTS, 0o1733)):
        if folder == CONTESTED:
            _move(data)
        place = data / folder
        place.mkdir(exist_ok=True)
        if place.stat().st_mode & 0o7777 != mode:
            place.chmod(mode)


def publish(data: Path, place: Path, content: bytes, *, durable: bool = False) -> None:
    """Replace one of the owner's files in one step, readable by everybody here; raises `OSError`."""
    file = data / place
    if not file.parent.is_dir():
        prepare(data)
    scratch = file.with_name(f".{file.name}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(descriptor, "wb") as written:
        written.write(content)
        if durable:
            written.flush()
            os.fsync(written.fileno())
    scratch.chmod(0o644)
    crash.point(f"{file.name}.write")
    scratch.replace(file)
    crash.point(f"{file.name}.written")


def _move(data: Path) -> None:
    for old, place in _MOVED:
        with contextlib.suppress(FileNotFoundError):
            (data / old).rename(data / place)
            (data / place).chmod(0o755 if (data / place).is_dir() else 0o644)
