r"""Does the screen of a Windows computer lock itself?

The shortest of what is set counts:
HKLM\...\Policies\System\InactivityTimeoutSecs                   by policy, for the whole machine
HKLM\...\PolicyManager\current\device\DeviceLock                 MaxInactivityTimeDeviceLock, minutes, by MDM
HKCU\Software\Policies\Microsoft\Windows\Control Panel\Desktop   ScreenSaveActive, ScreenSaverIsSecure "1",
HKCU\Control Panel\Desktop                                       ScreenSaveTimeOut "600"; policy first
power plan                                                       sleep after, if waking asks for a password

"No" is said only where the settings of whoever sits there and the power plan were read and none locks.
"""

from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.record import Reason
from fernbereit_agent.errors import ProbeError, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import number, readable, text
from fernbereit_agent.probes.texts import whole
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Number

SYSTEM = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
BY_MDM = r"HKLM\SOFTWARE\Microsoft\PolicyManager\current\device\DeviceLock"
BY_POLICY = r"HKCU\Software\Policies\Microsoft\Windows\Control Panel\Desktop"
CHOSEN = r"HKCU\Control Panel\Desktop"
LONGEST_S = 1_000_000


def read(host: Host, _settings: ProbeSettings) -> ScreenLock:
    """Return the shortest time; raises `Unsupported` where only somebody's session would tell."""
    told = readable(host, CHOSEN)
    asleep = _sleep(host)
    candidates = [_policy(host), _mdm(host), _screen_saver(host) if told else None, asleep]
    timeouts = [each for each in candidates if each]
    if timeouts:
        return ScreenLock(enabled=True, timeout_s=float(min(timeouts)), asks_password=True)
    if not told or asleep is None:
        raise Unsupported(Reason.NEEDS_USER_SESSION)
    return ScreenLock(enabled=False, asks_password=False)


def judge_screen_saver(active: str, secure: str, timeout: str) -> int | None:
    """Return the seconds after which the screen saver locks, None if it does not or the texts are odd.

    >>> judge_screen_saver("1", "1", "600"), judge_screen_saver("1", "0", "600")
    (600, None)
    """
    seconds = whole(timeout)
    if active != "1" or secure != "1" or seconds is None:
        return None
    return seconds if 0 < seconds < LONGEST_S else None


def _policy(host: Host) -> int | None:
    seconds = number(host, SYSTEM, "InactivityTimeoutSecs")
    return seconds if seconds and seconds < LONGEST_S else None


def _mdm(host: Host) -> int | None:
    """Return what device management ordered; DevicePasswordEnabled is 0 where a password is wanted."""
    minutes = number(host, BY_MDM, "MaxInactivityTimeDeviceLock")
    wanted = number(host, BY_MDM, "DevicePasswordEnabled") == 0
    return minutes * 60 if wanted and minutes and minutes * 60 < LONGEST_S else None


def _screen_saver(host: Host) -> int | None:
    names = ("ScreenSaveActive", "ScreenSaverIsSecure", "ScreenSaveTimeOut")
    active, secure, timeout = (text(host, BY_POLICY, name) or text(host, CHOSEN, name) for name in names)
    return judge_screen_saver(active, secure, timeout)


def _sleep(host: Host) -> int | None:
    """Return the longer of the two times to sleep, 0 if it never locks so, None if that is not known."""
    native = host.windows.native
    try:
        locks = [native.number(Number.POWER_SETTING, f"{source} console_lock") for source in ("ac", "dc")]
        after = [native.number(Number.POWER_SETTING, f"{source} sleep_after") for source in ("ac", "dc")]
    except ProbeError:
        return None
    fine = all(lock == 1 for lock in locks) and all(0 < seconds < LONGEST_S for seconds in after)
    return max(after) if fine else 0
