"""Which file are a program's settings read from, and what if it cannot be?"""

from collections.abc import Mapping
from pathlib import Path

from fernbereit.settings_faults import Telling
from fernbereit.settings_file import Model, read_settings


class SettingsUnreadable(ValueError):  # noqa: N818 - an answer for whoever started the program
    """The file cannot be read; `str()` names it, the reason and the next step."""


def load(
    model: type[Model],
    file: Path | None,
    *,
    system_file: Path,
    environment: Mapping[str, str],
    prefix: str,
    sample: str,
) -> Model:
    """Read `file`, else the system's file if there is one, else nothing but defaults and environment.

    `sample` is named to somebody whose file is not there. Raises `SettingsUnreadable` or `SettingsFaults`.
    """
    name, text = text_of(file, system_file=system_file, sample=sample, telling=Telling())
    return read_settings(model, name=name, text=text, environment=environment, prefix=prefix)


def text_of(file: Path | None, *, system_file: Path, sample: str, telling: Telling) -> tuple[str, str]:
    """Return name and text of the file, of an absent file of the system an empty one.

    Raises `SettingsUnreadable`.
    """
    place = file or system_file
    try:
        return str(place), place.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if file is None and isinstance(error, FileNotFoundError):
            return "defaults", ""
        reason = error.strerror if isinstance(error, OSError) else telling.words("setting.no_text")
        step = (
            telling.words("setting.no_file", sample=sample)
            if isinstance(error, FileNotFoundError)
            else telling.words("setting.other_file")
        )
        told = telling.words("setting.unreadable", file=place, reason=reason, step=step)
        raise SettingsUnreadable(told) from error
