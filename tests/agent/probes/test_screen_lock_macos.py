"""Does the screen of a Mac lock itself, and when at the latest?"""

import plistlib
from typing import Any

import pytest

from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.record import Reason
from fernbereit_agent.errors import Unsupported
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import screen_lock_macos as lock
from fernbereit_agent.probes.screen_lock_macos import Lock
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

PERSON = {"/usr/bin/id -u": "501\n", "/usr/bin/stat -f %u /dev/console": "501\n"}
SERVICE = {**PERSON, "/usr/bin/id -u": "0\n"}
CHOSEN = {" ".join(lock.STATUS): "... screenLock delay is immediate\n", " ".join(lock.SAVER): "600\n"}
ENFORCED = {lock.MANAGED: plistlib.dumps({"askForPassword": True, "askForPasswordDelay": 5}).decode()}


def look(commands: dict[str, str], files: dict[str, Any]) -> ScreenLock:
    laptop = RecordedLaptop.model_validate(
        {
            "provenance": "constructed",
            "note": "a screen",
            "system": "macos",
            "today": "2026-11-21",
            "commands": commands,
            "files": files,
        }
    )
    return lock.read(RecordedHost(laptop), ProbeSettings())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "x sysadminctl[5:8] screenLock delay is immediate", Lock(on=True, delay_s=0), id="at once"
        ),
        pytest.param("screenLock delay is 300 seconds", Lock(on=True, delay_s=300), id="later"),
        pytest.param(
            "screenLock delay is 300.000000 seconds", Lock(on=True, delay_s=300), id="with fractions"
        ),
        pytest.param("screenLock is off", Lock(on=False), id="off"),
        pytest.param("screenLock delay is -1.000000 seconds", Lock(on=False), id="minus one is off"),
        pytest.param("screenLock delay is 2147483647 seconds", Lock(on=False), id="for ever is off"),
        pytest.param("Bildschirmsperre ist aus", None, id="something else"),
    ],
)
def test_the_status_is_read_for_what_it_says(text: str, expected: Lock | None) -> None:
    """What this version does not understand is not known."""
    assert lock.parse_status(text) == expected


@pytest.mark.parametrize(
    ("saver_s", "display_s", "enabled", "timeout_s"),
    [
        pytest.param(300, (120, 600), True, 305.0, id="the saver comes first on mains"),
        pytest.param(0, (120, 600), True, 605.0, id="without a saver the display decides"),
        pytest.param(300, (0, 0), True, 305.0, id="a display that stays on leaves the saver"),
        pytest.param(0, (120, 0), False, None, id="on mains nothing ever comes"),
        pytest.param(None, (120, 600), True, 605.0, id="without knowing the saver, the latest moment"),
        pytest.param(None, (120, 0), None, None, id="without knowing the saver, maybe never"),
        pytest.param(300, (), True, 305.0, id="the saver alone"),
        pytest.param(None, (), None, None, id="nothing known"),
    ],
)
def test_the_latest_moment_is_told(
    saver_s: int | None, display_s: tuple[int, ...], *, enabled: bool | None, timeout_s: float | None
) -> None:
    """Of the slowest source of power, with the delay of the password."""
    seen = lock.judge(Lock(on=True, delay_s=5), saver_s, display_s)

    assert (seen.enabled, seen.timeout_s, seen.asks_password) == (enabled, timeout_s, True)


def test_a_service_does_not_take_its_own_lock_for_that_of_the_person() -> None:
    """It would read the settings of an account nobody sits in front of."""
    with pytest.raises(Unsupported) as refused:
        look({**SERVICE, **CHOSEN}, {})

    assert refused.value.reason is Reason.NEEDS_USER_SESSION
    assert look({**PERSON, **CHOSEN}, {}).timeout_s == 600.0


def test_what_the_authority_set_holds_without_anybody() -> None:
    """A managed setting is the same for all."""
    display = {" ".join(lock.DISPLAY): "AC Power:\n displaysleep 10\n"}

    assert look({**SERVICE, **CHOSEN, **display}, ENFORCED).timeout_s == 605.0
