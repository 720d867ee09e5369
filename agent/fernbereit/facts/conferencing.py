"""Can its owner take part in a video conference? Never: whether one is going on, or which devices by name."""

from fernbereit.facts.types import Text
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class ConferenceClient(OpenEnum):
    """An installed program; BigBlueButton, Jitsi and OpenTalk run in the browser."""

    TEAMS = "teams"
    WEBEX = "webex"
    ZOOM = "zoom"
    JITSI = "jitsi"
    NEXTCLOUD_TALK = "nextcloud_talk"
    ELEMENT = "element"
    OTHER = "other"


class Browser(OpenEnum):
    """The browser a conference in the browser would run in."""

    FIREFOX = "firefox"
    CHROME = "chrome"
    CHROMIUM = "chromium"
    EDGE = "edge"
    SAFARI = "safari"
    OTHER = "other"


class Conferencing(OpenModel):
    """Equipment and programs, enumerated only: nothing is opened."""

    camera: bool | None = fact(purpose=Purpose.COLLABORATION)
    microphone: bool | None = fact(purpose=Purpose.COLLABORATION)
    speakers: bool | None = fact(purpose=Purpose.COLLABORATION)
    headset: bool | None = fact(purpose=Purpose.COLLABORATION)
    clients: tuple[ConferenceClient, ...] | None = fact(purpose=Purpose.COLLABORATION, max_length=16)
    browser: Browser | None = fact(purpose=Purpose.COLLABORATION)
    browser_version: Text | None = fact(purpose=Purpose.COLLABORATION)
