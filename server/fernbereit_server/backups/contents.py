"""What does a backup say of itself? The first member of its file, `backup.json`."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from fernbereit_server.errors import BackupError

FORMAT = 1
SUFFIX = ".backup"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^(store\.sqlite3|store\.dump|keys/[a-z]{1,20}\.key)$")]


class Contents(BaseModel):
    """Where a backup comes from, and what must be in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Annotated[int, Field(ge=1)] = FORMAT
    version: str
    """Of the Fernbereit that made it."""
    made_at: AwareDatetime
    database: Literal["sqlite", "postgresql"]
    generation: str
    """The life of the store it was made of."""
    devices: Annotated[int, Field(ge=0)]
    records: Annotated[int, Field(ge=0)]
    """How many records all laptops together had delivered."""
    members: dict[Name, Sha256]

    @property
    def store(self) -> str:
        """Return the member that holds the store."""
        return "store.sqlite3" if self.database == "sqlite" else "store.dump"


def read_contents(text: bytes) -> Contents:
    """Read `backup.json`; raises `BackupError` for what this version cannot restore."""
    try:
        found = Contents.model_validate_json(text)
    except ValueError:
        raise BackupError("damaged") from None
    if found.format > FORMAT:
        raise BackupError("newer", version=found.version[:40])
    if found.store not in found.members:
        raise BackupError("damaged")
    return found


def file_name(moment: datetime) -> str:
    """Return the name of the backup of a moment; names sort by time.

    >>> file_name(datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC))
    'fernbereit-20260301T040506Z.backup'
    """
    return f"fernbereit-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
