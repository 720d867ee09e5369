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
    noisy,
    planning,
    report_file,
    scraping,
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
    "planning": planning.report,
}
"""A new measurement joins here; its order is that of its first writing."""


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
    for part in asked.part or PARTS:
        print(f"measuring {part} ...", file=sys.stderr, flush=True)  # noqa: T201 - a command people watch
        text = f"{PARTS[part]().rstrip()}\n\n{measured()}\n"
        if not asked.print:
            report_file.put(f"make bench {part}", text)
        print(text)  # noqa: T201 - its result


if __name__ == "__main__":
    main()
