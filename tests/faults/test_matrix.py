"""Is anything lost, doubled or stuck, whatever befalls whom? Every fault of the table, one after the other.

`make faults SEED=...` repeats a run; a test prints its seed. By default each pairing of broker and store
meets a share of the table, and the shares together are the whole; `FERNBEREIT_FAULTS=all` gives everything
to everybody.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from e2e.brokers import BROKERS
from faults.table import FAULTS, Fault
from faults.world import STORES, world

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(1800)]

SEED = os.environ.get("SEED", "1")
ALL = os.environ.get("FERNBEREIT_FAULTS") == "all"
PAUSE_S = float(os.environ.get("FERNBEREIT_FAULTS_PAUSE_S", "2"))
PAIRINGS = [(broker, store) for broker in BROKERS for store in STORES]
IN_CI = [PAIRINGS[0], PAIRINGS[3], PAIRINGS[4], PAIRINGS[7]]
SMALL_DISK = "24m"


def share(pairing: tuple[str, str]) -> list[Fault]:
    """Return the faults this pairing meets: all, or those that fall to it in turn."""
    possible = [fault for fault in FAULTS if fault.where(*pairing)]
    if ALL:
        return possible
    mine = []
    for fault in FAULTS:
        able = [one for one in IN_CI if fault.where(*one)]
        if able and pairing == able[FAULTS.index(fault) % len(able)]:
            mine.append(fault)
    return mine


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Have the collector's folder on a disk that is soon full; root alone may mount one."""
    place = folder / "collector"
    place.mkdir()
    if os.geteuid() != 0:
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "fernbereit", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.mark.parametrize("pairing", PAIRINGS if ALL else IN_CI, ids="-".join)
def test_nothing_is_lost_doubled_or_stuck(pairing: tuple[str, str], tmp_path: Path) -> None:
    """After each fault the collector is ready by itself; in the end the oracle has nothing to say."""
    chosen = share(pairing)
    Random(SEED).shuffle(chosen)
    with small_disk(tmp_path), world(tmp_path, *pairing, seed=SEED, pause_s=PAUSE_S) as hurt:
        for fault in chosen:
            print(f"- {fault.name}")  # noqa: T201 - shown with a failure
            fault.act(hurt)
            hurt.healed()
        assert hurt.judged() == []


def test_the_shares_are_the_whole_table() -> None:
    """What no pairing can meet here (a disk only root may mount) is the only line left out."""
    met = {fault.name for pairing in IN_CI for fault in share(pairing)}

    assert {fault.name for fault in FAULTS} - met <= ({"the disk is full"} if os.geteuid() else set())
