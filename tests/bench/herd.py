"""How soon are 5,000 laptops back after their broker was restarted?

python tests/bench herd        needs the Debian package mosquitto
python tests/bench/herd.py --devices 500        smaller, to try it out
"""

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import programs
from bench.simulated import say, simulate
from bench.watched import BOUND_MS, Seen
from fernbereit_server.simulate.open_files import most_connections
from processes import free_port, listening, running, wait_for

DEVICES, SPREAD_S, MINUTES, DOWN_S = 5000, 30, 1.25, 10
BACK_WITHIN_S = 120
TEXT = """### The broker is restarted under {devices:,} connected laptops

`fernbereit simulate`, a connection and a report a minute each; mosquitto is killed and is away for {down} s.
The laptops come back by their own rule: at random, up to a ceiling that doubles from one second to five
minutes. Lost: devices whose store is not what their log says. Turn: how long the collector's event loop does
something before it looks again who waits, the longest and 99 of 100.

| laptops | lost their connection | 95 % back after, s | most new in a second | lost | turn, ms |
| ---: | ---: | ---: | ---: | ---: | ---: |
| {devices:,} | {gone:,} | {back} | {most:,} | {lost} | {turn} |
| to be at most | | {within} | | 0 | {bound} |
"""


def measure(devices: int, spread_s: float, minutes: float) -> tuple[dict[str, Any], int, Seen]:
    """Restart a broker amid a simulation; return what it tells, how many devices lost something, turns."""
    most_connections()
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        data = folder / "data"
        watch = folder / "watched.jsonl"
        data.mkdir()
        broker, collector = (
            programs.broker(folder, mqtt),
            programs.collector(data, mqtt, http, ingest="", watch=watch),
        )
        with running(broker, collector):
            wait_for("a listening broker", partial(listening, mqtt))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            say(f"{devices:,} laptops connect")
            options = ("--devices", str(devices), "--interval", "60", "--spread", str(spread_s))
            began = time.monotonic()
            under_way = simulate(folder, mqtt, (*options, "--minutes", str(minutes), "--patience", "240"))
            time.sleep(spread_s + 15)
            say(f"the broker is away for {DOWN_S} s")
            broker.kill()
            time.sleep(DOWN_S)
            broker.start()
            told = under_way.result()
            seen = Seen.between(watch, began, time.monotonic())
            return told, under_way.lost(f"sqlite:///{data / 'fernbereit.sqlite3'}"), seen


def report(devices: int = DEVICES, spread_s: float = SPREAD_S, minutes: float = MINUTES) -> str:
    """Return this part of docs/performance.md."""
    told, lost, seen = measure(devices, spread_s, minutes)
    herd = told["herd"]
    return TEXT.format(
        devices=devices,
        down=DOWN_S,
        gone=herd["lost_at_once"],
        back="never" if herd["back_95_s"] is None else f"{herd['back_95_s']:.0f}",
        within=BACK_WITHIN_S,
        most=herd["most_made_in_a_second"],
        lost=lost,
        turn=seen.told(),
        bound=BOUND_MS,
    )


def main() -> None:
    """Measure as asked and print it."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--devices", type=int, default=DEVICES)
    sys.stdout.write(report(line.parse_args().devices))


if __name__ == "__main__":
    main()
