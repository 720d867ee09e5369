"""What does the collector cost, beside its peers in the same run? Writes its parts of docs/performance.md.

make bench                                measures everything
python tests/bench scraping judging       measures some, and leaves the other parts as they are
python tests/bench --print planning       writes nothing
python tests/bench --small                tries everything out in some minutes; its figures mean nothing

Needs the Debian packages mosquitto, prometheus-mqtt-exporter, postgresql, prometheus and curl.
"""

import argparse
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import (
    at_size,
    evaluate,
    herd,
    hostile_texts,
    judging,
    load,
    machine,
    new_day,
    noisy,
    planning,
    report_file,
    scraping,
    simulated,
    stages,
    taking_in,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One measurement, and the sizes at which it only shows that it runs."""

    report: Callable[..., str]
    small: Mapping[str, Any] = field(default_factory=dict)


PARTS: Mapping[str, Part] = {
    "messages": Part(taking_in.report, {"devices": 20, "rounds": 3, "runs": 1}),
    "stages": Part(stages.report, {"devices": 20, "rounds": 2, "stores": 1}),
    "evaluate": Part(evaluate.report, {"calls": 50, "runs": 3}),
    "judging": Part(judging.report, {"fleet": 200, "runs": 1}),
    "newday": Part(new_day.report, {"fleet": 100, "senders": 100, "alone_s": 0.5}),
    "size": Part(at_size.report, {"devices": 2000, "seconds": 4}),
    "load": Part(load.report, {"devices": 200, "minutes": 0.1}),
    "herd": Part(herd.report, {"devices": 200, "minutes": 0.5, "spread_s": 5}),
    "noisy": Part(noisy.report, {"devices": 50, "runs": 1, "seconds": 3}),
    "scraping": Part(scraping.report, {"devices": 200, "fleets": (200,)}),
    "hostile": Part(hostile_texts.report, {"texts": 20_000}),
    "planning": Part(planning.report, {"runs": 1}),
}
"""A new measurement joins here, at its place on the page."""


def main() -> None:
    """Measure what is named, print it and write it."""
    line = argparse.ArgumentParser(
        prog="python tests/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    line.add_argument("part", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}")
    line.add_argument("--print", action="store_true", help="leave docs/performance.md as it is")
    line.add_argument(
        "--small", action="store_true", help="tiny sizes, to see that everything runs; writes nothing"
    )
    asked = line.parse_args()
    if unknown := [part for part in asked.part if part not in PARTS]:
        line.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    parts, began = asked.part or tuple(PARTS), time.monotonic()
    if len(parts) == 1:
        sys.exit(0 if _done(parts[0], asked) else "not measured; this part of the page is as it was")
    broken = [part for number, part in enumerate(parts, 1) if not _apart(part, f"{number} of {len(parts)}")]
    simulated.say(f"all of it took {(time.monotonic() - began) / 60:.1f} minutes")
    if broken:
        sys.exit(f"not measured: {', '.join(broken)}; their parts of the page are as they were")


def _apart(part: str, which: str) -> bool:
    """Measure one part in a process that no other part has used; tell whether that worked."""
    simulated.say(f"{which}:")
    options = [option for option in sys.argv[1:] if option.startswith("-")]
    return subprocess.run([sys.executable, sys.argv[0], *options, part], check=False).returncode == 0


def _done(part: str, asked: argparse.Namespace) -> bool:
    """Measure one part and write it; tell whether that worked, for the others do not wait for it."""
    simulated.say(f"measuring {part} ...")
    before, measured = machine.Moment.now(), PARTS[part]
    try:
        text = measured.report(**(measured.small if asked.small else {})).rstrip()
    except (Exception, SystemExit):  # noqa: BLE001 - the fence around a part
        traceback.print_exc()
        return False
    after = machine.Moment.now()
    text = f"{text}\n\n{machine.said(before, after)}\n"
    if not (asked.print or asked.small):
        order = [f"make bench {name}" for name in PARTS]
        later = order[order.index(f"make bench {part}") + 1 :]
        report_file.put(f"make bench {part}", text, before=(*later, "make bench-agent"))
    print(text)  # noqa: T201 - its result
    simulated.say(f"{part} took {after.at_s - before.at_s:.0f} s")
    return True


if __name__ == "__main__":
    main()
