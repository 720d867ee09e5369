"""Does the agent tell its own cost truly?"""

import os
import sys
import time

import psutil
import pytest

import fernbereit
from fernbereit_agent.host import LocalHost
from fernbereit_agent.probes import agent_linux
from fernbereit_agent.settings import ProbeSettings


def stat(*, user: int, system: int, start: int, name: str = "agent") -> str:
    """Return a line of /proc/self/stat with these ticks."""
    return f"7 ({name}) S " + " ".join(["0"] * 10 + [str(user), str(system)] + ["0"] * 6 + [str(start), "0"])


@pytest.mark.parametrize(
    ("text", "uptime", "expected"),
    [
        pytest.param(
            stat(user=150, system=50, start=100_000), "4600.0 1.0", 2.0, id="two seconds in an hour"
        ),
        pytest.param(
            stat(user=1, system=0, start=100_000, name="a) S (b"), "2800.0 1.0", 0.0, id="an odd name"
        ),
        pytest.param(stat(user=90, system=0, start=100_000), "1030.0 1.0", None, id="thirty seconds old"),
        pytest.param("", "1030.0 1.0", None, id="no line"),
        pytest.param("7 (agent) S 1 2", "1030.0 1.0", None, id="a short line"),
        pytest.param(stat(user=1, system=0, start=0), "", None, id="no uptime"),
    ],
)
def test_processor_time_is_told_per_hour_of_life(text: str, uptime: str, expected: float | None) -> None:
    """A start is not taken for an hour, and odd texts are not known."""
    assert agent_linux.cpu_per_hour(text, uptime) == expected


@pytest.mark.live
def test_this_process_is_measured_as_psutil_measures_it() -> None:
    """The kernel's own numbers, read twice."""
    if sys.platform != "linux":
        pytest.skip("reads /proc of Linux")
    facts = agent_linux.read(LocalHost(), ProbeSettings())
    pss = psutil.Process().memory_full_info().pss
    assert facts.version == fernbereit.__version__
    assert facts.memory_bytes is not None
    assert abs(facts.memory_bytes - pss) < pss / 4 + (2 << 20)


@pytest.mark.live
def test_the_age_of_this_process_is_that_of_psutil() -> None:
    """Uptime and start are in the same clock."""
    if sys.platform != "linux":
        pytest.skip("reads /proc of Linux")
    host = LocalHost()
    uptime = float(host.read_text("/proc/uptime").split()[0])
    start = int(host.read_text("/proc/self/stat").rpartition(")")[2].split()[19]) / agent_linux.TICKS_PER_S
    created = psutil.Process(os.getpid()).create_time()
    assert uptime - start == pytest.approx(time.time() - created, abs=5)
    assert os.sysconf("SC_CLK_TCK") == agent_linux.TICKS_PER_S
