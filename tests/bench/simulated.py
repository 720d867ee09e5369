"""How does a bench let laptops report? By `fernbereit simulate`, as anybody would."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import oracle
from fernbereit_server.simulate.open_files import most_connections


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation under way."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def result(self) -> dict[str, Any]:
        """Wait for its end and return what it tells; raises `SystemExit` if it did not run."""
        out, _ = self.process.communicate()
        if self.process.returncode not in {0, 1}:
            raise SystemExit(f"fernbereit simulate ended with {self.process.returncode}")
        return dict(json.loads(out))

    def lost(self, store_url: str) -> int:
        """Return how many devices are not in the store as their log says; nothing may be missing."""
        return len(oracle.faults(self.log, store_url, everything=True))


def simulate(folder: Path, mqtt_port: int, options: Sequence[str]) -> Simulated:
    """Begin a simulation; its log and what it says on the way lie in `folder`."""
    most_connections()  # the limit of open files is handed on to broker and simulation
    log = folder / "laptops.jsonl"
    argv = [sys.executable, "-m", "fernbereit_server", "simulate", "--broker", f"127.0.0.1:{mqtt_port}"]
    with (folder / "simulate.log").open("wb") as said:
        process = subprocess.Popen(
            [*argv, "--json", "--log", str(log), *options], stdout=subprocess.PIPE, stderr=said
        )
    return Simulated(process, log)


def say(text: str) -> None:
    """Tell whoever watches how far it is."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()
