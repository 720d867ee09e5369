"""What do a drill and a plan of a large authority cost?

python tests/bench/planning.py        or as a part of make bench
"""

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path as FilePath

sys.path.insert(0, str(FilePath(__file__).parents[1]))

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.planner.plan import plan
from fernbereit_server.resilience.planner.result import Wish
from fernbereit_server.resilience.scenario import SCENARIOS

UNITS, RUNS = 200, 5
FIXES = (("battery", 0.08), ("settings", 0.05), ("headset", 0.03))
PRICES = {
    "laptop": {"euro": 1190, "it_hours": 3},
    "vpn_session": {"euro": 45, "it_hours": 0.1},
    "vpn_licence": {"euro": 31},
    "battery": {"euro": 89, "it_hours": 0.5},
    "settings": {"euro": 0, "it_hours": 0.25},
    "headset": {"euro": 39, "it_hours": 0.1},
}


def authority() -> tuple[Organisation, Counts]:
    """Return an authority in which everything may bind: unknown devices, shared licences, a device pool."""
    rng = random.Random(1)
    units = [{"name": f"U{n}", "headcount": rng.randint(20, 200)} for n in range(UNITS)]
    names = [f"U{n}" for n in range(UNITS)]
    gateways = [
        {
            "name": f"G{n}",
            "sessions": rng.randint(5 * UNITS, 20 * UNITS),
            "licences": "P" if n < 3 else None,
            "units": [name for name in names if rng.random() < 0.5] if n else None,
        }
        for n in range(5)
    ]
    organisation = Organisation.model_validate(
        {
            "units": units,
            "gateways": gateways,
            "services": [{"name": f"S{n}", "minimum": {f"U{n}": 5}} for n in range(0, UNITS, 10)],
            "licence_pools": [{"name": "P", "sessions": 20 * UNITS}],
            "device_pools": [{"name": "pool", "units": names[:20]}],
            "concurrency": 0.8,
            "prices": PRICES,
            "stock": {"laptop": 150, "battery": 40},
        },
        strict=False,
    )
    counts: Counts = Counter({Group("pool", Path.VPN, Verdict.READY, Kind.POOL): 60})
    for unit in organisation.units:
        for path, verdict, part in (
            (Path.VPN, Verdict.READY, 0.6),
            (Path.DIRECT, Verdict.READY, 0.05),
            (Path.VPN, Verdict.UNKNOWN, 0.1),
            (Path.UNKNOWN, Verdict.READY, 0.1),
        ):
            counts[Group(unit.name, path, verdict, Kind.PERSONAL)] += int(unit.headcount * part)
        for fix, part in FIXES:
            group = Group(
                unit.name, rng.choice([Path.VPN, Path.DIRECT]), Verdict.NOT_READY, Kind.PERSONAL, fix
            )
            counts[group] += int(unit.headcount * part * rng.random())
    return organisation, counts


def seconds(call: Callable[[], object], times: int) -> float:
    """Return the median over some runs of the processor time of one call; the first run is for imports."""
    call()
    runs = []
    for _ in range(times):
        before = time.process_time()
        call()
        runs.append(time.process_time() - before)
    return statistics.median(runs)


def report(runs: int = RUNS) -> str:
    """Measure and return the part of docs/performance.md about drills and plans."""
    organisation, counts = authority()
    closed = SCENARIOS[0]
    asked = (
        ("`drill`", lambda: drill(organisation, counts, closed)),
        ("`plan --budget 100000`", lambda: plan(organisation, counts, closed, Wish(euro=100_000))),
        ("`plan --budget 1000000`", lambda: plan(organisation, counts, closed, Wish(euro=1_000_000))),
        ("`plan --target 85%`", lambda: plan(organisation, counts, closed, Wish(target=0.85))),
    )
    rows = "\n".join(f"| {what} | {seconds(call, runs):.2f} |" for what, call in asked)
    return (
        "### Drills and plans\n\n"
        f"{UNITS} units with unknown devices in each, 5 gateways, shared licences, a device pool; median of "
        f"{runs} runs, processor time without start and imports.\n\n"
        f"| what | seconds |\n| --- | ---: |\n{rows}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(report())
