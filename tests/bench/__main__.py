"""What does the collector cost, beside its peers in the same run? Writes its parts of docs/performance.md.

make bench                                measures everything
python tests/bench scraping judging       measures some, and leaves the other parts as they are
python tests/bench --print planning       writes nothing

Needs the Debian packages mosquitto, prometheus-mqtt-exporter, postgresql, prometheus and curl.
"""

import argparse
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import (
    at_size,
    evaluate,
    herd,
    hostile_texts,
    judging,
    load,
    new_day,
    noisy,
    planning,
    report_file,
    scraping,
    simulated,
    stages,
    taking_in,
)

VERSIONS = ("fernbereit", "pydantic", "gmqtt", "sqlalchemy")
PARTS: Mapping[str, Callable[[], str]] = {
    "messages": taking_in.report,
    "stages": stages.report,
    "size": at_size.report,
    "load": load.report,
    "herd": herd.report,
    "noisy": noisy.report,
    "scraping": scraping.report,
    "hostile": hostile_texts.report,
    "evaluate": evaluate.report,
    "judging": judging.report,
    "newday": new_day.report,
    "planning": planning.report,
}
"""A new measurement joins here, at its place on the page."""


def measured() -> str:
    """Say on what and when was measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    return (
        f"Measured on {datetime.now(UTC).date()}: {os.cpu_count()} cores, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, load average at the end "
        f"{os.getloadavg()[0]:.1f}; {versions}."
    )


def main() -> None:
    """Measure what is named, print it and write it."""
    line = argparse.ArgumentParser(
        prog="python tests/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    line.add_argument("part", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}")
    line.add_argument("--print", action="store_true", help="leave docs/performance.md as it is")
    asked = line.parse_args()
    if unknown := [part for part in asked.part if part not in PARTS]:
        line.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    parts = asked.part or tuple(PARTS)
    broken = [
        part for number, part in enumerate(parts, 1) if not _done(part, f"{number} of {len(parts)}", asked)
    ]
    if broken:
        sys.exit(f"not measured: {', '.join(broken)}; their parts of the page are as they were")


def _done(part: str, which: str, asked: argparse.Namespace) -> bool:
    """Measure one part and write it; tell whether that worked, for the others do not wait for it."""
    simulated.say(f"measuring {part} ({which}) ...")
    began = time.monotonic()
    try:
        text = f"{PARTS[part]().rstrip()}\n\n{measured()}\n"
    except (Exception, SystemExit):  # noqa: BLE001 - the fence around a part
        traceback.print_exc()
        return False
    if not asked.print:
        order = [f"make bench {name}" for name in PARTS]
        later = order[order.index(f"make bench {part}") + 1 :]
        report_file.put(f"make bench {part}", text, before=(*later, "make bench-agent"))
    print(text)  # noqa: T201 - its result
    simulated.say(f"{part} took {time.monotonic() - began:.0f} s")
    return True


if __name__ == "__main__":
    main()
