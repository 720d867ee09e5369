"""What did the owner of this laptop ask of the service? Small files in a folder anyone here may write to.

Whoever writes there is not trusted with anything: a request can only make the service report now, at most
every five minutes, or note that a result is called wrong. No listening port and no socket is needed for it.
"""

import json
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from fernbereit.facts.types import CheckId
from fernbereit_agent.owner import REQUESTS, prepare

EVERY_S = 60.0
"""So often the service looks."""
SEND_EVERY_S = 300.0
"""So often it reports because it was asked to; a request that comes too early waits."""
LONGEST = 1024
MOST_READ = 16
MOST_LOOKED_AT = 4096
UNFINISHED_S = 60.0
"""A file whose name begins with a dot is being written for so long."""

logger = logging.getLogger(__name__)


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Send(_Request):
    """Look at everything and report now."""

    ask: Literal["send"] = "send"


class Contest(_Request):
    """The result of a check is wrong, or with `withdraw` no longer said to be."""

    ask: Literal["contest"] = "contest"
    check: CheckId
    withdraw: bool = False


Request = Annotated[Send | Contest, Field(discriminator="ask")]
_REQUEST: TypeAdapter[Send | Contest] = TypeAdapter(Request)


def post(data: Path, request: Send | Contest) -> Path:
    """Leave a request and return its file, which is gone once the service has read it; raises `OSError`."""
    name = secrets.token_hex(12)
    folder = data / REQUESTS
    scratch = folder / f".{name}"
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "wb") as written:
        written.write(request.model_dump_json().encode())
    scratch.chmod(0o644)  # whatever the umask of its owner: the service is somebody else
    return scratch.rename(folder / f"{name}.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done now."""

    send: bool = False
    contests: tuple[Contest, ...] = ()


@dataclass(slots=True)
class Mailbox:
    """The service's side; used from one thread. Times are seconds of the clock that counts sleep."""

    data: Path
    due: float = 0.0
    """When to look next."""
    _send: bool = False
    _sent_at: float | None = None
    _trouble: str = ""

    @classmethod
    def made(cls, data: Path) -> Self:
        """Return the mailbox of a data folder, made now where the disk allows it."""
        mailbox = cls(data)
        try:
            prepare(data)
        except OSError as error:
            mailbox._tell(f"{data / REQUESTS} cannot be made: {error.strerror}")
        return mailbox

    def look(self, now: float, wall: float) -> Asked:
        """Read and delete what lies there, if it is time to; never raises. `wall` is in Unix seconds."""
        if now < self.due:
            return Asked()
        self.due = now + EVERY_S
        try:
            requests = tuple(self._requests(wall))
            self._trouble = ""
        except OSError as error:
            self._tell(f"{self.data / REQUESTS} cannot be read: {error.strerror}")
            requests = ()
        self._send |= any(isinstance(request, Send) for request in requests)
        send = self._send and (self._sent_at is None or now - self._sent_at >= SEND_EVERY_S)
        if send:
            self._send, self._sent_at = False, now
        return Asked(send, tuple(request for request in requests if isinstance(request, Contest)))

    def _requests(self, wall: float) -> Iterator[Send | Contest]:
        folder = self.data / REQUESTS
        if not folder.is_dir():
            prepare(self.data)
        read = 0
        with os.scandir(folder) as entries:
            for entry in islice(entries, MOST_LOOKED_AT):
                if entry.name.startswith(".") and _young(entry, wall):
                    continue
                content = _content(entry) if read < MOST_READ else None
                read += content is not None
                _remove(entry)
                if content:
                    yield from _understood(content)

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            logger.warning(trouble)


def _young(entry: os.DirEntry[str], wall: float) -> bool:
    try:
        return abs(wall - entry.stat(follow_symlinks=False).st_mtime) < UNFINISHED_S
    except OSError:
        return True


def _content(entry: os.DirEntry[str]) -> bytes | None:
    """Return what stands in a small regular file of one name; None for anything else."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            return None
        descriptor = os.open(entry.path, flags | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LONGEST or found.st_nlink > 1:
            return None
        return os.read(descriptor, LONGEST)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _remove(entry: os.DirEntry[str]) -> None:
    """Delete an entry; a folder that holds something stays, and is in nobody's way."""
    try:
        if entry.is_dir(follow_symlinks=False):
            Path(entry.path).rmdir()
        else:
            Path(entry.path).unlink()
    except OSError:
        return


def _understood(content: bytes) -> Iterator[Send | Contest]:
    try:
        yield _REQUEST.validate_python(json.loads(content))
    except (ValidationError, ValueError, RecursionError):
        return
