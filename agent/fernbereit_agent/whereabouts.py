"""Which settings and which data folder do the owner's commands use?

Whoever works on a laptop need not be able to read the settings of its service, nor own its folder. What
cannot be read is said, never in the way.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fernbereit_agent import owner, proof
from fernbereit_agent.errors import SettingsError
from fernbereit_agent.owner_settings import read_settings
from fernbereit_agent.settings import Settings
from fernbereit_agent.settings_sources import load_settings

Note = Literal["settings_faulty", "settings_closed", "folder_closed", "policy_shipped", "judged_by_shipped"]
"""What the owner is told about how the answer was made; texts are `self_check.note.<word>`."""


_SERVICE_FOLDERS = {
    "linux": Path("/var/lib/fernbereit-agent"),
    "darwin": Path("/Library/Application Support/Fernbereit"),
}
"""Where packages let the service keep its data; on Windows that is the default anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Settings to use, whether the memory can be read, and what had to be left aside."""

    settings: Settings
    remembers: bool
    notes: tuple[Note, ...] = ()


def find(file: Path | None, data: Path | None, environment: Mapping[str, str], lang: str) -> Whereabouts:
    """Find both; raises `SettingsError` only for a file that was named."""
    notes: list[Note] = []
    try:
        settings = load_settings(file, environment=environment, data=data, lang=lang).settings
    except SettingsError as error:
        if file is not None:
            raise
        notes.append("settings_faulty" if error.__cause__ is None else "settings_closed")
        settings = Settings() if data is None else Settings(data=data)
    if "data" not in settings.model_fields_set:
        settings = settings.model_copy(update={"data": _service_folder(settings.data)})
    folder = settings.data
    laid_out = read_settings(folder) if file is None else None  # what the service goes by
    if laid_out is not None:
        settings, notes = laid_out, []
    if _closed(folder):
        notes.append("folder_closed")
    return Whereabouts(settings=settings, remembers=not _shut(folder / proof.FILE), notes=tuple(notes))


def _service_folder(otherwise: Path) -> Path:
    """Return the folder of the service if one lays out something for the owner, else the given one."""
    folder = _SERVICE_FOLDERS.get(sys.platform, otherwise)
    return folder if _is_folder(folder / owner.FOLDER) else otherwise


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:
        return False


def _closed(folder: Path) -> bool:
    """Tell whether there is a folder that cannot even be passed through."""
    try:
        (folder / owner.FOLDER).stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _shut(file: Path) -> bool:
    try:
        with file.open("rb"):
            return False
    except PermissionError:
        return True
    except OSError:
        return False
