"""What does the agent itself cost?

linux    /proc/self/stat           -> processor time and start of this process, in ticks
         /proc/self/smaps_rollup   -> "Pss:  31234 kB", memory with shared pages divided among their users
         /proc/uptime              -> seconds since start of the machine, sleep included
macos    psutil: processor time, age and memory of this process
windows  psutil, as on macOS
Outbox   its numbers, and how long looks take, are added by the resident, which alone knows them.
Helper   whether the file of the optional helper with rights is used, and if not, why.
Never    when the process started: only its cost per hour leaves the laptop.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="agent",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=5),
    readers={
        System.LINUX: reader_in("agent_linux"),
        System.MACOS: reader_in("agent_macos"),
        System.WINDOWS: reader_in("agent_windows"),
    },
)
