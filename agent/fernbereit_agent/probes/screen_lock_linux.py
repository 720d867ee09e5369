"""Does the screen of a Linux computer lock itself?

    /etc/dconf/db/local.d/00-lock          [org/gnome/desktop/session]      idle-delay=uint32 300
                                           [org/gnome/desktop/screensaver]  lock-enabled=true
                                                                            lock-delay=uint32 0
    /etc/dconf/db/local.d/locks/lock       "/org/gnome/desktop/session/idle-delay": nobody may change it
    /etc/xdg/kscreenlockerrc               [Daemon][$i] Autolock=true Timeout=5 (minutes): $i fixes the group

Only a setting that nobody can change says what is in force; all others lie in somebody's session.
Source: the system administration guides of GNOME (dconf profiles and locks) and KDE (Kiosk).
"""

import re
from collections.abc import Iterable, Mapping

from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of, whole
from fernbereit_agent.settings import ProbeSettings

DCONF = "/etc/dconf/db"
SESSIONS = ("/usr/share/wayland-sessions", "/usr/share/xsessions")
IDLE = "/org/gnome/desktop/session/idle-delay"
LOCK = "/org/gnome/desktop/screensaver/lock-enabled"
LONGEST_MINUTES = 1_000_000
DELAY = "/org/gnome/desktop/screensaver/lock-delay"


def read(host: Host, _settings: ProbeSettings) -> ScreenLock:
    """Read what is enforced; raises `NotHere` without a desktop, `Unsupported` where people may choose."""
    if not any(map(host.list_dir, SESSIONS)):
        raise NotHere(Reason.NOT_INSTALLED)
    enforced = _gnome(host) or parse_kscreenlockerrc(line_of(host, "/etc/xdg/kscreenlockerrc"))
    if enforced is None:
        raise Unsupported(Reason.NEEDS_USER_SESSION)
    return enforced


def judge_gnome(values: Mapping[str, str], locked: Iterable[str]) -> ScreenLock | None:
    """Make a fact of dconf values and the keys nobody may change; None if locking may be switched off."""
    fixed = {key: values[key] for key in locked if key in values}
    if LOCK not in fixed or IDLE not in fixed:
        return None
    idle, delay = _number(fixed[IDLE]), _number(fixed.get(DELAY, "0"))
    if idle is None or fixed[LOCK] not in {"true", "false"}:
        return None
    enabled = fixed[LOCK] == "true" and idle > 0
    timeout_s = float(idle + delay) if enabled and delay is not None else None
    return ScreenLock(enabled=enabled, timeout_s=timeout_s, asks_password=enabled)


def parse_dconf(text: str) -> dict[str, str]:
    r"""Return the values of a dconf key file by their full path.

    >>> parse_dconf("[org/gnome/desktop/session]\nidle-delay=uint32 300\n")
    {'/org/gnome/desktop/session/idle-delay': 'uint32 300'}
    """
    values: dict[str, str] = {}
    folder = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            folder = line[1:-1].strip("/")
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            values[f"/{folder}/{key.strip()}"] = value.strip()
    return values


def parse_kscreenlockerrc(text: str) -> ScreenLock | None:
    """Return KDE's setting if its group is fixed with `[$i]`, else None."""
    found = re.search(r"^\[Daemon\]\[\$i\][ \t]*\n((?:(?!\[).*\n?)*)", text, re.MULTILINE)
    if not found:
        return None
    rows = (row.partition("=") for row in found.group(1).splitlines())
    said = {key.strip(): value.strip() for key, _, value in rows}
    if said.get("Autolock", "true") not in {"true", "false"}:
        return None
    enabled = said.get("Autolock", "true") == "true"
    minutes = whole(said.get("Timeout", "5"))
    timeout_s = minutes * 60.0 if minutes is not None and 0 < minutes < LONGEST_MINUTES else None
    return ScreenLock(enabled=enabled, timeout_s=timeout_s if enabled else None, asks_password=enabled)


def _gnome(host: Host) -> ScreenLock | None:
    values: dict[str, str] = {}
    locked: list[str] = []
    for database in host.list_dir(DCONF):
        if not database.endswith(".d"):
            continue
        for name in host.list_dir(f"{DCONF}/{database}"):
            values |= parse_dconf(line_of(host, f"{DCONF}/{database}/{name}"))
        for name in host.list_dir(f"{DCONF}/{database}/locks"):
            locked += line_of(host, f"{DCONF}/{database}/locks/{name}").splitlines()
    return judge_gnome(values, map(str.strip, locked))


def _number(value: str) -> int | None:
    """Return the number of a GVariant such as `uint32 300`."""
    number = whole(value.removeprefix("uint32").strip())
    return number if number is not None and 0 <= number < 1 << 32 else None
