"""Does a Linux laptop enumerate cameras, sound and programs without taking one thing for another?"""

from typing import Any

import pytest

from fernbereit.facts.conferencing import Browser, ConferenceClient, Conferencing
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import conferencing_linux
from fernbereit_agent.probes.browsers_linux import BROWSERS
from fernbereit_agent.recorded import RecordedHost

V4L = "/sys/class/video4linux"
ANALOG = "00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1\n"
HDMI = "00-03: HDMI 0 : HDMI 0 : playback 1\n"
USB_BOTH = "02-00: USB Audio : USB Audio : playback 1 : capture 1\n"
USB_CAPTURE = "02-00: USB Audio : USB Audio : capture 1\n"
USB_CARD = " 2 [Device         ]: USB-Audio - Some Device\n                      Some Device at usb-1\n"


def look(**recorded: Any) -> Conferencing:
    """Return what a laptop with these answers says."""
    laptop = RecordedLaptop.model_validate(
        {"provenance": "constructed", "note": "odd", "today": "2026-11-21", **recorded}
    )
    return conferencing_linux.read(RecordedHost(laptop), laptop.settings)


@pytest.mark.parametrize(
    ("recorded", "camera"),
    [
        pytest.param({}, False, id="nothing there"),
        pytest.param({"files": {f"{V4L}/video0/index": "0\n"}}, True, id="a camera's picture"),
        pytest.param({"files": {f"{V4L}/video1/index": "1\n"}}, False, id="metadata alone"),
        pytest.param({"folders": {V4L: ["video0"]}}, False, id="a device without index"),
        pytest.param(
            {
                "files": {"/sys/devices/virtual/video4linux/video0/index": "0\n"},
                "links": {f"{V4L}/video0": "/sys/devices/virtual/video4linux/video0"},
            },
            False,
            id="a loopback device",
        ),
    ],
)
def test_a_camera_is_a_real_device_with_a_picture(recorded: dict[str, Any], camera: bool) -> None:  # noqa: FBT001
    """Each camera shows several devices; only index 0 is its picture."""
    assert look(**recorded).camera is camera


@pytest.mark.parametrize(
    ("pcm", "cards", "expected"),
    [
        pytest.param(ANALOG, "", (True, True, None), id="built-in sound; a jack is not seen"),
        pytest.param(HDMI, "", (False, False, None), id="only a monitor"),
        pytest.param(ANALOG + USB_BOTH, USB_CARD, (True, True, True), id="a USB headset"),
        pytest.param(HDMI + USB_CAPTURE, USB_CARD, (True, False, None), id="the microphone of a USB camera"),
        pytest.param("", "--- no soundcards ---\n", (False, False, None), id="no sound card"),
    ],
)
def test_sound_is_told_by_its_devices(pcm: str, cards: str, expected: tuple[bool, bool, bool | None]) -> None:
    """Microphone, speakers, headset."""
    seen = look(files={"/proc/asound/pcm": pcm, "/proc/asound/cards": cards})
    assert (seen.microphone, seen.speakers, seen.headset) == expected


def test_sound_that_cannot_be_listed_is_not_known() -> None:
    """Where sound devices exist but the list is closed, nothing is claimed."""
    closed = look(exists=["/dev/snd/seq"])
    missing = look()
    assert (closed.microphone, closed.speakers) == (None, None)
    assert (missing.microphone, missing.speakers) == (False, False)


@pytest.mark.parametrize("client", conferencing_linux.CLIENTS, ids=str)
def test_each_program_is_found_at_each_of_its_places(client: ConferenceClient) -> None:
    """Package, flatpak and snap all count."""
    for path in conferencing_linux.CLIENTS[client]:
        assert look(exists=[path]).clients == (client,)


@pytest.mark.parametrize(
    ("recorded", "browser", "version"),
    [
        pytest.param({}, None, None, id="no browser"),
        pytest.param(
            {
                "exists": ["/usr/bin/firefox-esr", "/usr/bin/chromium"],
                "links": {"/etc/alternatives/x-www-browser": "/usr/bin/chromium"},
                "commands": {"dpkg-query -W -f=${Version} chromium": "143.0.1-1"},
            },
            Browser.CHROMIUM,
            "143.0.1",
            id="the default one, whatever else is there",
        ),
        pytest.param(
            {
                "exists": ["/usr/bin/firefox"],
                "files": {"/usr/lib64/firefox/application.ini": "[App]\nVersion=140.2.0\n"},
            },
            Browser.FIREFOX,
            "140.2.0",
            id="Firefox by its own file",
        ),
        pytest.param(
            {
                "exists": ["/snap/firefox/current"],
                "files": {"/snap/firefox/current/meta/snap.yaml": "name: firefox\nversion: 145.0-2\n"},
            },
            Browser.FIREFOX,
            "145.0-2",
            id="Firefox as a snap",
        ),
        pytest.param(
            {
                "exists": ["/opt/google/chrome/chrome"],
                "commands": {"rpm -q --qf=%{VERSION} google-chrome-stable": "143.0.7499.40"},
            },
            Browser.CHROME,
            "143.0.7499.40",
            id="Chrome by the other package manager",
        ),
        pytest.param(
            {"exists": ["/opt/microsoft/msedge/msedge"]}, Browser.EDGE, None, id="without a version"
        ),
    ],
)
def test_the_browser_is_told_with_its_version(
    recorded: dict[str, Any], browser: Browser | None, version: str | None
) -> None:
    """From the place that knows it best."""
    seen = look(**recorded)
    assert (seen.browser, seen.browser_version) == (browser, version)


def test_every_browser_that_runs_on_linux_is_looked_for() -> None:
    """Safari exists elsewhere only."""
    assert set(BROWSERS) == set(Browser) - {Browser.SAFARI, Browser.OTHER}
