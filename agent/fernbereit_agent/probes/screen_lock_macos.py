"""Does the screen of a Mac lock itself?

/Library/Managed Preferences/com.apple.screensaver.plist    set for everybody: askForPassword,
                                                            askForPasswordDelay, idleTime in seconds
sysadminctl -screenLock status       "screenLock delay is immediate" | "... 300 seconds" | "screenLock is off"
defaults -currentHost read com.apple.screensaver idleTime   seconds, 0 for never
pmset -g custom                      displaysleep in minutes, on battery and on mains; 0 for never

All but the first and the last answer for whoever asks, so they are asked only if the agent runs as the person
in front of the screen. The screen locks some time after the screen saver or the dark display, whichever comes
first; told is the latest moment, on the source of power that is slowest. None of these answers is translated.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.record import Reason
from fernbereit_agent.errors import Unreadable, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import ask, flag_in, in_front, number_in, preferences, word
from fernbereit_agent.probes.texts import whole
from fernbereit_agent.settings import ProbeSettings

MANAGED = "/Library/Managed Preferences/com.apple.screensaver.plist"
STATUS = ("/usr/sbin/sysadminctl", "-screenLock", "status")
SAVER = ("/usr/bin/defaults", "-currentHost", "read", "com.apple.screensaver", "idleTime")
DISPLAY = ("/usr/bin/pmset", "-g", "custom")
NEVER_S = (1 << 31) - 1
"""What the system keeps, beside -1, for a lock that is off."""
_LONGEST_S = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Whether a password is asked for after the screen went dark, and how many seconds later."""

    on: bool
    delay_s: int | None = None


def read(host: Host, _settings: ProbeSettings) -> ScreenLock:
    """Read what is enforced, else what the person in front chose; raises `Unsupported` without either."""
    managed = preferences(host, MANAGED)
    lock, saver_s = parse_managed(managed), _seconds(number_in(managed, "idleTime"))
    if lock is None:
        if not in_front(host):
            raise Unsupported(Reason.NEEDS_USER_SESSION)
        lock = parse_status(ask(host, *STATUS))
        if lock is None:
            raise Unreadable(detail="sysadminctl")
    if saver_s is None and in_front(host):
        saver_s = _seconds(whole(word(host, *SAVER)))
    return judge(lock, saver_s, parse_display_sleep(word(host, *DISPLAY)))


def parse_managed(said: Mapping[str, Any]) -> Lock | None:
    """Return what the authority set for everybody, None if it left the choice to people."""
    on = flag_in(said, "askForPassword")
    return None if on is None else Lock(on=on, delay_s=_seconds(number_in(said, "askForPasswordDelay")))


def parse_status(text: str) -> Lock | None:
    """Return what sysadminctl says; its answer stands behind a time and the name of the program.

    >>> parse_status("... sysadminctl[512:8a1c] screenLock delay is 300 seconds")
    Lock(on=True, delay_s=300)
    """
    found = re.search(
        r"screenLock (?:is (off)|delay is (?:(immediate)|(-?\d{1,10})(?:\.\d+)? seconds))", text, re.ASCII
    )
    if not found:
        return None
    off, immediate, seconds = found.groups()
    delay_s = 0 if immediate else int(seconds or -1)
    return Lock(on=False) if off or not 0 <= delay_s < NEVER_S else Lock(on=True, delay_s=delay_s)


def parse_display_sleep(text: str) -> tuple[int, ...]:
    r"""Return the seconds after which the display goes dark, one number a source of power.

    >>> parse_display_sleep("Battery Power:\n displaysleep   2\nAC Power:\n displaysleep   10\n")
    (120, 600)
    """
    minutes = re.findall(r"^[ \t]*displaysleep[ \t]+(\d{1,6})$", text, re.MULTILINE | re.ASCII)
    return tuple(int(each) * 60 for each in minutes)


def judge(lock: Lock, saver_s: int | None, display_s: Sequence[int]) -> ScreenLock:
    """Make a fact of lock, screen saver and display; 0 seconds stand for never, None for not known."""
    if not lock.on:
        return ScreenLock(enabled=False, asks_password=False)
    latest = [_first_s(saver_s, each) for each in display_s] or [_first_s(saver_s, None)]
    if 0 in latest:
        return ScreenLock(enabled=False, asks_password=True)
    known = [each for each in latest if each is not None]
    if len(known) < len(latest):
        return ScreenLock(asks_password=True)
    timeout_s = float(max(known) + lock.delay_s) if lock.delay_s is not None else None
    return ScreenLock(enabled=True, timeout_s=timeout_s, asks_password=True)


def _first_s(saver_s: int | None, display_s: int | None) -> int | None:
    """Return when the first of both comes at the latest: 0 for never, None if that is not known."""
    coming = [each for each in (saver_s, display_s) if each]
    if coming:
        return min(coming)
    return 0 if saver_s == 0 and display_s == 0 else None


def _seconds(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < _LONGEST_S else None
