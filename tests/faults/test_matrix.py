"""Is anything lost, doubled or stuck, whatever befalls whom? Every fault of the table, one after the other.

`make faults SEED=...` repeats a run; a test prints its seed. By default each pairing of broker and store
meets a share of the table, and the shares together are the whole; `FERNBEREIT_FAULTS=all` gives everything
to everybody.
"""

import os
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest

from e2e.brokers import BROKERS
from faults.small_disk import can_mount, small_disk
from faults.table import FAULTS, Fault
from faults.world import STORES, world

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(1800)]

SEED = os.environ.get("SEED", "1")
ALL = os.environ.get("FERNBEREIT_FAULTS") == "all"
PAUSE_S = float(os.environ.get("FERNBEREIT_FAULTS_PAUSE_S", "2"))
PAIRINGS = [(broker, store) for broker in BROKERS for store in STORES]
IN_CI = [PAIRINGS[0], PAIRINGS[3], PAIRINGS[4], PAIRINGS[7]]


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


@pytest.mark.parametrize("pairing", PAIRINGS if ALL else IN_CI, ids="-".join)
def test_nothing_is_lost_doubled_or_stuck(pairing: tuple[str, str], tmp_path: Path) -> None:
    """After each fault the collector is ready by itself; in the end the oracle has nothing to say."""
    chosen = share(pairing)
    Random(SEED).shuffle(chosen)
    (tmp_path / "collector").mkdir()
    disk = small_disk(tmp_path / "collector") if can_mount() else nullcontext()
    with disk, world(tmp_path, *pairing, seed=SEED, pause_s=PAUSE_S) as hurt:
        for fault in chosen:
            print(f"- {fault.name}")  # noqa: T201 - shown with a failure
            fault.act(hurt)
            hurt.healed()
        assert hurt.judged() == []


def test_the_shares_are_the_whole_table() -> None:
    """No line is left out of what runs with every change."""
    if not can_mount():
        pytest.skip("only root may mount a small disk: the disk that is full is left out")
    met = {fault.name for pairing in IN_CI for fault in share(pairing)}

    assert {fault.name for fault in FAULTS} == met
