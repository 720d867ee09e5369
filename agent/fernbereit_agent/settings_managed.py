r"""What does the management of this laptop prescribe? Registry, managed preferences, or a file.

windows  HKLM\SOFTWARE\Policies\Fernbereit\Agent, values named `<section>.<key>`: REG_SZ, REG_DWORD,
         REG_MULTI_SZ; a list of tables is one table a line, as JSON, or a JSON list
macos    /Library/Managed Preferences/de.fernbereit.agent.plist, dictionaries by section or keys `section.key`
linux    /etc/fernbereit/agent.managed.toml, as the settings file

Only root or the system writes there. What cannot be read is a fault: going on without it would be going on
against what was prescribed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fernbereit.settings_faults import Telling
from fernbereit.settings_file import SettingsFaults, kind_of, toml_layer
from fernbereit.settings_layers import InTheWay, Layer, Origin, Source, flat_layer, spelt
from fernbereit.settings_source import SettingsUnreadable
from fernbereit.toml_lines import Path
from fernbereit_agent.errors import Denied, NotHere, ProbeError
from fernbereit_agent.host import Host, System
from fernbereit_agent.settings import MANAGED_FILE, MANAGED_PREFERENCES, POLICY_KEY, Settings
from fernbereit_agent.windows_ports import RegistryValue

Entry = tuple[Path, Any, Origin]


def managed_layer(host: Host, telling: Telling) -> Layer | None:
    """Return what is prescribed, None where nothing is; raises `SettingsFaults` or `SettingsUnreadable`."""
    read = {System.WINDOWS: _registry, System.MACOS: _preferences, System.LINUX: _file}[host.system]
    try:
        return read(host, telling)
    except NotHere:
        return None
    except InTheWay as found:
        fault = telling.fault(found.origin, (), telling.words("setting.no_table"))
        raise SettingsFaults(fault) from None


def _file(host: Host, telling: Telling) -> Layer:
    try:
        text = _bytes(host, MANAGED_FILE, telling).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(MANAGED_FILE, telling.words("setting.no_text"), telling) from None
    return toml_layer(MANAGED_FILE, text, Source.MANAGED, telling=telling)


def _preferences(host: Host, telling: Telling) -> Layer:
    import plistlib  # with an XML parser, which only a Mac needs

    from fernbereit_agent.plist import NO_PLIST

    content = _bytes(host, MANAGED_PREFERENCES, telling)
    try:
        # A binary list may hold keys that are no texts, and dictionaries that hold themselves.
        entries = list(_preference_entries(plistlib.loads(content)))
    except NO_PLIST:
        raise _unreadable(MANAGED_PREFERENCES, telling.words("setting.no_plist"), telling) from None
    return flat_layer(MANAGED_PREFERENCES, entries)


def _preference_entries(told: Mapping[str, Any], above: Path = ()) -> Iterator[Entry]:
    """Yield one entry a key; keys with which systems mark profiles are passed over."""
    for key, value in told.items():
        if not above and key.startswith(("Payload", "_")):
            continue
        path = (*above, *key.split("."))
        if isinstance(value, dict):
            yield from _preference_entries(value, path)
            continue
        origin = Origin(
            source=Source.MANAGED, form="plist", name=".".join(map(str, path)), place=MANAGED_PREFERENCES
        )
        yield path, _typed(value, path), origin


def _registry(host: Host, telling: Telling) -> Layer:
    registry = host.windows.registry
    entries: list[Entry] = []
    try:
        for name in registry.value_names(POLICY_KEY):
            path = tuple(name.lower().split("."))
            origin = Origin(source=Source.MANAGED, form="registry", name=name, place=POLICY_KEY)
            entries.append((path, _typed(registry.value(POLICY_KEY, name), path), origin))
    except NotHere:
        raise
    except ProbeError as error:
        reason = telling.words("setting.denied") if isinstance(error, Denied) else str(error)
        raise _unreadable(POLICY_KEY, reason, telling) from error
    if not entries:
        raise NotHere(detail=POLICY_KEY)
    return flat_layer(POLICY_KEY, entries)


def _typed(value: RegistryValue | object, path: Path) -> Any:
    """Return a value as the declaration asks for it, as far as the place can only hold texts and numbers."""
    kind = kind_of(Settings, path)
    if kind == "boolean" and value in (0, 1):
        return bool(value)
    if kind == "array":
        return _list(value)
    return spelt(value, kind) if isinstance(value, str) else value


def _list(value: object) -> Any:
    if isinstance(value, str):
        value = value.splitlines() if value.lstrip().startswith("{") else _json(value)
    if isinstance(value, tuple | list):
        return [_json(line) if isinstance(line, str) else line for line in value if line != ""]
    return value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _bytes(host: Host, path: str, telling: Telling) -> bytes:
    try:
        return host.read_bytes(path)
    except NotHere:
        raise
    except ProbeError as error:
        reason = telling.words("setting.denied") if isinstance(error, Denied) else str(error)
        raise _unreadable(path, reason, telling) from error


def _unreadable(place: str, reason: str, telling: Telling) -> SettingsUnreadable:
    return SettingsUnreadable(telling.words("setting.managed_unreadable", place=place, reason=reason))
