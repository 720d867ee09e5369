"""Does the screen lock itself?

linux    /etc/dconf/db/*.d/ with its locks, /etc/xdg/kscreenlockerrc: what is enforced for everybody
         What somebody chose for themselves needs their session: unsupported, needs_user_session.
macos    managed preferences; sysadminctl, defaults and pmset if the agent runs as the person in front
windows  the shortest of policy, device management, screen saver of whoever sits there, power plan
Never    when it was locked.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="screen_lock",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("screen_lock_linux"),
        System.MACOS: reader_in("screen_lock_macos"),
        System.WINDOWS: reader_in("screen_lock_windows"),
    },
)
