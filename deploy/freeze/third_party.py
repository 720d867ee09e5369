"""Whose work does the frozen agent carry, and under which licences?"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

RULE = "=" * 78
LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
PYTHON = f"Python {sys.version.split()[0]}"


def text() -> str:
    """Return names, versions and the full texts of all licences, sorted by name."""
    parts = [*_packages(), distribution("pyinstaller")]
    parts.sort(key=lambda part: part.name.lower())
    chapters = [_chapter(PYTHON, "its interpreter and standard library", [_of_python()])]
    chapters += [_chapter(f"{part.name} {part.version}", _what(part), list(_texts(part))) for part in parts]
    head = "The frozen agent of Fernbereit carries the following works, each under its own licence.\n"
    return "\n".join([head, *chapters])


def _packages() -> list[Distribution]:
    """Return everything that the agent depends on, directly or not."""
    found: dict[str, Distribution] = {}
    waiting = ["fernbereit"]
    while waiting:
        part = distribution(waiting.pop())
        for needed in part.requires or []:
            name, _, condition = needed.partition(";")
            match = re.match(r"[A-Za-z0-9._-]+", name)
            if match and "extra" not in condition and _applies(condition) and match[0] not in found:
                found[match[0]] = distribution(match[0])
                waiting.append(match[0])
    return list(found.values())


def _applies(condition: str) -> bool:
    """Tell whether a requirement holds for this Python on this system."""
    from packaging.markers import Marker

    return not condition.strip() or Marker(condition).evaluate()


def _what(part: Distribution) -> str:
    if part.name.lower() == "pyinstaller":
        return "the program that starts the frozen agent; its exception allows any licence for what it starts"
    return str(part.metadata["Summary"] or "")


def _chapter(title: str, what: str, texts: list[str]) -> str:
    if not texts:
        raise SystemExit(f"{title}: no text of its licence was found; it must not be shipped without")
    return "\n\n".join([RULE, f"{title}: {what}", *(one.strip() for one in texts)]) + "\n"


def _of_python() -> str:
    places = [Path(sys.base_prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")]
    places += [
        Path(sys.base_prefix),
        Path("/usr/share/doc", f"python{sys.version_info[0]}.{sys.version_info[1]}"),
    ]
    for place in places:
        for name in ("LICENSE.txt", "LICENSE", "copyright"):
            if (place / name).is_file():
                return (place / name).read_text(encoding="utf-8")
    raise SystemExit(f"{PYTHON}: no text of its licence was found; it must not be shipped without")


def _texts(part: Distribution) -> Iterator[str]:
    """Yield the licences a package brings, and what its bill of materials says of works inside it."""
    for file in part.files or []:
        if ".dist-info/" not in str(file):
            continue
        if LICENCE_FILE.search(str(file)):
            yield Path(str(part.locate_file(file))).read_text(encoding="utf-8")
        elif str(file).endswith(".cyclonedx.json"):
            bill = json.loads(Path(str(part.locate_file(file))).read_text(encoding="utf-8"))
            yield "Inside it:\n" + "\n".join(sorted(_components(bill)))


def _components(bill: dict[str, Any]) -> Iterator[str]:
    for component in bill.get("components", []):
        names = []
        for entry in component.get("licenses", []):
            licence = entry.get("license", {})
            names.append(entry.get("expression") or licence.get("id") or licence.get("name") or "")
        yield f"  {component['name']} {component.get('version', '')}: {' and '.join(names) or 'not stated'}"
