"""Which probe reads what, on which system, with which rights, how often? The table of agent/README.md."""

import inspect
import re
from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import PROBES

_TITLES = {System.WINDOWS: "Windows", System.MACOS: "macOS", System.LINUX: "Linux"}


def probe_table() -> str:
    """Return the table in Markdown, one row a probe."""
    heads = ["section", "question", *_TITLES.values(), "rights", "every", "never"]
    rows = [" | ".join(heads), " | ".join("---" for _ in heads), *(" | ".join(_row(p)) for p in PROBES)]
    return "\n".join(f"| {row} |" for row in rows)


def _row(probe: Probe) -> list[str]:
    question, never = _said(probe)
    systems = ["yes" if system in probe.readers else "-" for system in _TITLES]
    return [f"`{probe.section}`", question, *systems, probe.rights, _often(probe.every), never]


def _said(probe: Probe) -> tuple[str, str]:
    """Return the first line of the probe's docstring, and its line about what is never read."""
    module = __import__(f"fernbereit_agent.probes.{probe.section}", fromlist=["PROBE"])
    text = inspect.getdoc(module) or ""
    never = re.search(r"^Never\s+(.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return text.splitlines()[0], " ".join(never[1].split()) if never else ""


def _often(every: timedelta) -> str:
    minutes = every.total_seconds() / 60
    if minutes < 60:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 24 * 60 else f"{minutes / 1440:.0f} d"
