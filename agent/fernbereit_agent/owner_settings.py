"""Which settings may everybody on this laptop know? What a self-check needs: targets, policy key, help.

The file of the settings holds the inventory key and is closed; the service lays out the rest of it.
"""

import logging
from pathlib import Path

from pydantic import ValidationError

from fernbereit_agent.owner import SETTINGS, publish
from fernbereit_agent.settings import Settings

_TOLD = {"help": True, "policy": True, "probes": True}
_SECRET = {"probes": {"inventory_key"}}
_LONGEST = 1 << 16

logger = logging.getLogger(__name__)


def publish_settings(settings: Settings) -> None:
    """Lay out what everybody may know; a disk that does not take it is said."""
    told = settings.model_dump_json(include=_TOLD, exclude=_SECRET, exclude_defaults=True)
    try:
        publish(settings.data, SETTINGS, told.encode())
    except OSError as error:
        logger.warning("%s cannot be written: %s", settings.data / SETTINGS, error.strerror)


def read_settings(data: Path) -> Settings | None:
    """Return what the service laid out, with its data folder; None if there is nothing this version reads."""
    try:
        with (data / SETTINGS).open("rb") as file:
            told = Settings.model_validate_json(file.read(_LONGEST))
    except (OSError, ValidationError):
        return None
    return told.model_copy(update={"data": data})
