"""Where do the facts that need rights lie, and what may stand in the file?

    {"format": 1, "day": "2026-11-22", "sections": {"storage": {"health": "ok"}}}

Only the fields of `FIELDS` are taken over, whatever else stands there, and only to fill what the agent could
not read itself.
"""

import os
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from fernbereit.facts import SECTIONS
from fernbereit.tolerance import OpenModel

NAME = "facts.json"
LARGEST = 16 * 1024
OLDEST = timedelta(days=8)
"""The file is made daily and after each start; a laptop may lie in a drawer over a week of holidays."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "disk_encryption": ("state", "method"),
    "boot_security": ("tpm_present", "tpm_version", "secure_boot", "certificates_2023"),
    "management": ("clients",),
    "storage": ("health",),
}
"""BitLocker; Win32_Tpm and firmware variables; the last contact with the management; the drive on itself."""


class FactsFile(BaseModel):
    """The whole file; `sections` holds fields of the sections' own models, None left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    format: Literal[1]
    day: date
    sections: dict[str, dict[str, Any]]

    def facts(self) -> dict[str, OpenModel]:
        """Return the facts by section; raises `ValidationError` for a value no section can hold."""
        return {
            name: SECTIONS[name].model_validate(
                {field: value for field, value in self.sections[name].items() if field in fields}
            )
            for name, fields in FIELDS.items()
            if name in self.sections
        }


def folder() -> Path:
    """Return the folder of the file, which nobody can set: it is the same on every machine of a system."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Fernbereit Privileged"
    if sys.platform == "darwin":
        return Path("/Library/Application Support/Fernbereit Privileged")
    return Path("/var/lib/fernbereit-agent-privileged")


def parsed(content: bytes) -> FactsFile:
    """Return the file these bytes are; raises `ValueError`, also for one that is too large."""
    if len(content) > LARGEST:
        raise ValueError("too large")
    return FactsFile.model_validate_json(content)


def written(day: date, facts: Mapping[str, OpenModel]) -> bytes:
    """Return the bytes of the file; nothing but the fields above, nothing that is not known."""
    sections = {
        name: {
            field: value
            for field, value in seen.model_dump(mode="json", exclude_none=True).items()
            if field in FIELDS[name]
        }
        for name, seen in facts.items()
    }
    made = FactsFile(format=1, day=day, sections=sections)
    return made.model_dump_json(indent=1).encode() + b"\n"
