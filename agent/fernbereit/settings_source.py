"""Which file are a program's settings read from, and what if it cannot be?"""

from collections.abc import Mapping
from pathlib import Path

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
    name, text = str(file or system_file), ""
    try:
        text = (file or system_file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if file is not None or not isinstance(error, FileNotFoundError):
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            step = (
                f"begin with a copy of the sample {sample}, or run without --settings: "
                "every setting has a default"
                if isinstance(error, FileNotFoundError)
                else "name another file with --settings FILE"
            )
            raise SettingsUnreadable(f"{name}: the settings cannot be read: {reason}; {step}") from None
        name = "defaults"
    return read_settings(model, name=name, text=text, environment=environment, prefix=prefix)
