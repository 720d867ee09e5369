"""Does the screen lock itself, as far as the administration has fixed it?"""

import pytest

from fernbereit.facts.screen_lock import ScreenLock
from fernbereit_agent.probes.screen_lock_linux import (
    DELAY,
    IDLE,
    LOCK,
    judge_gnome,
    parse_dconf,
    parse_kscreenlockerrc,
)

ALL = (IDLE, LOCK, DELAY)


def dconf(idle: str, lock: str, delay: str) -> dict[str, str]:
    return parse_dconf(
        f"[org/gnome/desktop/session]\nidle-delay={idle}\n"
        f"[org/gnome/desktop/screensaver]\nlock-enabled={lock}\nlock-delay={delay}\n"
    )


@pytest.mark.parametrize(
    ("idle", "lock", "delay", "expected"),
    [
        ("uint32 300", "true", "uint32 0", ScreenLock(enabled=True, timeout_s=300, asks_password=True)),
        ("uint32 300", "true", "uint32 30", ScreenLock(enabled=True, timeout_s=330, asks_password=True)),
        ("300", "true", "0", ScreenLock(enabled=True, timeout_s=300, asks_password=True)),
        ("uint32 0", "true", "uint32 0", ScreenLock(enabled=False, timeout_s=None, asks_password=False)),
        ("uint32 300", "false", "uint32 0", ScreenLock(enabled=False, timeout_s=None, asks_password=False)),
        ("soon", "true", "uint32 0", None),
        ("uint32 300", "perhaps", "uint32 0", None),
        ("uint32 300", "true", "later", ScreenLock(enabled=True, timeout_s=None, asks_password=True)),
    ],
    ids=[
        "after five minutes",
        "half a minute after the screen goes dark",
        "without a type",
        "never idle",
        "locking switched off",
        "idle time unreadable",
        "switch unreadable",
        "delay unreadable",
    ],
)
def test_gnome_locks_after_idle_time_and_delay(
    idle: str, lock: str, delay: str, expected: ScreenLock | None
) -> None:
    """What nobody can change is in force; an unreadable part stays unknown."""
    assert judge_gnome(dconf(idle, lock, delay), ALL) == expected


@pytest.mark.parametrize("fixed", [(), (IDLE,), (LOCK, DELAY)], ids=["nothing", "idle time", "switch"])
def test_a_setting_people_may_change_is_not_in_force(fixed: tuple[str, ...]) -> None:
    """A default without a lock says nothing about anybody's screen."""
    assert judge_gnome(dconf("uint32 300", "true", "uint32 0"), fixed) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Daemon][$i]\nTimeout=10\n", ScreenLock(enabled=True, timeout_s=600, asks_password=True)),
        ("[Daemon][$i]\n", ScreenLock(enabled=True, timeout_s=300, asks_password=True)),
        ("[Daemon][$i]\nAutolock=false\n", ScreenLock(enabled=False, timeout_s=None, asks_password=False)),
        (
            "[Daemon][$i]\n[Greeter]\nAutolock=false\n",
            ScreenLock(enabled=True, timeout_s=300, asks_password=True),
        ),
        ("[Daemon][$i]\nAutolock=maybe\n", None),
        ("[Daemon]\nTimeout=10\n", None),
        ("", None),
    ],
    ids=[
        "ten minutes",
        "KDE's own five minutes",
        "switched off",
        "a line of another group",
        "unreadable",
        "not fixed",
        "no file",
    ],
)
def test_kde_locks_as_its_fixed_group_says(text: str, expected: ScreenLock | None) -> None:
    """Only a group marked with $i cannot be changed."""
    assert parse_kscreenlockerrc(text) == expected
