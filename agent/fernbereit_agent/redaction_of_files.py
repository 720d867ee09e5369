"""Which part of a recorded file do the probes need? The rest is cut away before anything is written."""

import json
import re
from collections.abc import Callable
from typing import Any

from fernbereit_agent.firmware_variables import ALSO_NEW, NEW_CERTIFICATE, OLD_CERTIFICATE, TRUSTED
from fernbereit_agent.probes import screen_lock_linux as lock
from fernbereit_agent.redaction_of_macos import trimmed_of_macos

REDACTED_SERIAL = "REDACTED"
_SERIALS = ("_serial", "_uuid", "serial_number", "_asset_tag")
_LOCK_PATHS = (lock.IDLE, lock.LOCK, lock.DELAY)
_DEFENDER = ("definitionsUpdatedMinutesAgo", "realTimeProtectionEnabled", "tamperProtection")
_OWN_TIMES = frozenset({11, 12, 19})
"""Fields of /proc/<pid>/stat after the name: processor time in and below the process, start."""


def is_serial(path: str) -> bool:
    """Tell whether a file names one single machine or part."""
    return path.endswith(_SERIALS)


def trimmed(path: str, content: Any) -> Any:
    """Return what may stay of a file, or of what a command printed."""
    kept = trimmed_of_macos(path, content)
    if kept is not None:
        return kept
    if isinstance(content, str):
        cut = next((cut for pattern, cut in _CUTS if re.search(pattern, path)), None)
        return content if cut is None else cut(content)
    if path.endswith(TRUSTED) and isinstance(content, dict) and "hex" in content:
        return {"hex": _certificate_names(bytes.fromhex(content["hex"])).hex()}
    return content


def _mountinfo(text: str) -> str:
    """Keep the volumes the probes look at, without options and without the path inside the volume."""
    kept = []
    for line in text.splitlines():
        front, dash, back = line.partition(" - ")
        before, after = front.split(" "), back.split(" ")
        if dash and len(before) > 5 and before[4] in {"/", "/home"} and len(after) > 1:
            remote = ":" in after[1] or after[1].startswith("//")
            source = "server:/volume" if remote else after[1]
            kept.append(" ".join([*before[:3], "/", before[4], "rw", "-", after[0], source, "rw"]))
    return "\n".join(kept) + "\n"


def _first_processor(text: str) -> str:
    found = re.search(r"^model name.*$", text, re.MULTILINE)
    return f"{found[0]}\n" if found else ""


def _own_times(text: str) -> str:
    fields = enumerate(text.rpartition(")")[2].split())
    return "1 (python) " + " ".join(field if i in _OWN_TIMES else "0" for i, field in fields) + "\n"


def _own_memory(text: str) -> str:
    return "".join(f"{row}\n" for row in text.splitlines() if row.startswith(("Pss:", "Rss:")))


def _dconf(text: str) -> str:
    folders = {path.rpartition("/")[0].strip("/") for path in _LOCK_PATHS}
    keys = {path.rpartition("/")[2] for path in _LOCK_PATHS}
    return "".join(
        f"{row}\n"
        for row in map(str.strip, text.splitlines())
        if row in _LOCK_PATHS or row.strip("[]") in folders or row.partition("=")[0].strip() in keys
    )


def _kde(text: str) -> str:
    rows = map(str.strip, text.splitlines())
    return "".join(f"{row}\n" for row in rows if re.match(r"\[Daemon\]|Autolock=|Timeout=", row))


def _defender(text: str) -> str:
    """Keep the three answers a fact is made of; the rest names tenant and machine."""
    try:
        said = json.loads(text)
    except ValueError:
        return ""
    return (
        json.dumps({key: said[key] for key in _DEFENDER if key in said}) if isinstance(said, dict) else "[]"
    )


def _certificate_names(variable: bytes) -> bytes:
    """Keep attributes and the names looked for; an authority's own certificates stay its own."""
    names = (OLD_CERTIFICATE, NEW_CERTIFICATE, ALSO_NEW)
    return variable[:4] + b"\0".join(name for name in names if name in variable)


def _phone_book(text: str) -> str:
    """Keep that there is a VPN; its name and its server stay where they are."""
    return "Type=2\n" if re.search(r"^Type=2\s*$", text, re.MULTILINE) else ""


_CUTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"^/proc/self/mountinfo$", _mountinfo),
    (r"^/proc/self/stat$", _own_times),
    (r"^/proc/self/smaps_rollup$", _own_memory),
    (r"^/proc/cpuinfo$", _first_processor),
    (r"^/etc/dconf/", _dconf),
    (r"/kscreenlockerrc$", _kde),
    (r"/rasphone\.pbk$", _phone_book),
    (r"^(/usr/local/bin/)?mdatp ", _defender),
)
