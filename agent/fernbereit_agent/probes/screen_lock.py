"""Does the screen lock itself?

linux    /etc/dconf/db/*.d/ with its locks, /etc/xdg/kscreenlockerrc: what is enforced for everybody
         What somebody chose for themselves needs their session: unsupported, needs_user_session.
macos    managed preferences; sysadminctl, defaults and pmset if the agent runs as the person in front
windows  the shortest of policy, device management, screen saver of whoever sits there, power plan
Never    when it was locked.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import screen_lock_linux, screen_lock_macos, screen_lock_windows

PROBE = Probe(
    section="screen_lock",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: screen_lock_linux.read,
        System.MACOS: screen_lock_macos.read,
        System.WINDOWS: screen_lock_windows.read,
    },
)
