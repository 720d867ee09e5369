"""Which value stands in the registry of Windows, if any? Nothing here raises; what is closed is not known."""

from fnmatch import fnmatchcase

from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host

UNINSTALL = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall",
)
STORE_APPS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Appx\AppxAllUserStore\Applications"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"


def text(host: Host, key: str, name: str) -> str:
    """Return a text without blanks around it; nothing for a missing or closed one, or another type."""
    try:
        found = host.windows.registry.value(key, name)
    except ProbeError:
        return ""
    return found.strip() if isinstance(found, str) else ""


def number(host: Host, key: str, name: str) -> int | None:
    """Return a number that is not negative, or None."""
    try:
        found = host.windows.registry.value(key, name)
    except ProbeError:
        return None
    return found if isinstance(found, int) and found >= 0 else None


def raw(host: Host, key: str, name: str) -> bytes:
    """Return bytes, or none."""
    try:
        found = host.windows.registry.value(key, name)
    except ProbeError:
        return b""
    return found if isinstance(found, bytes) else b""


def has_key(host: Host, key: str) -> bool | None:
    """Tell whether a key exists; None where it is closed."""
    try:
        return host.windows.registry.has_key(key)
    except ProbeError:
        return None


def subkeys(host: Host, key: str) -> tuple[str, ...]:
    """Return the names below a key; none where it is closed."""
    try:
        return host.windows.registry.subkeys(key)
    except ProbeError:
        return ()


def has_service(host: Host, name: str) -> bool | None:
    """Tell whether a service is installed, by its name; the name people see is translated. None if closed."""
    return has_key(host, f"{SERVICES}\\{name}")


def service_like(host: Host, pattern: str) -> bool:
    """Tell whether a service of this name is installed; * at the end stands for any rest."""
    if "*" not in pattern:
        return has_service(host, pattern) is True
    return any(fnmatchcase(each.casefold(), pattern.casefold()) for each in subkeys(host, SERVICES))


def readable(host: Host, key: str) -> bool:
    """Tell whether a key may be looked at, whether it exists or not."""
    return has_key(host, key) is not None


def programs(host: Host) -> tuple[str, ...] | None:
    """Return the name of every installed program in lower case; None where the machine's list is closed.

    Programs of one person alone are missing while nobody is logged on.
    """
    if not readable(host, UNINSTALL[0]):
        return None
    entries = (f"{folder}\\{entry}" for folder in UNINSTALL for entry in subkeys(host, folder))
    return tuple(name.casefold() for entry in entries if (name := text(host, entry, "DisplayName")))


def store_apps(host: Host) -> tuple[str, ...]:
    """Return the full names of packaged apps installed for everybody, such as `MSTeams_..._8wekyb3d8bbwe`."""
    return subkeys(host, STORE_APPS)
