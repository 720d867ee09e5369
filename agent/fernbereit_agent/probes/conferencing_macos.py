"""Which camera, sound and conference programs does a Mac have?

    system_profiler SPCameraDataType -json    one item a camera, its names translated
    system_profiler SPAudioDataType -json     "coreaudio_device_input": 1, "coreaudio_device_output": 2,
                                              "coreaudio_device_transport": "coreaudio_device_type_usb"
    /Applications/*.app                       programs by the folder their makers install

Listing them asks nobody for consent and switches nothing on. Telephones used as cameras, cameras and sound
devices made of software, screens and speakers elsewhere in the house are none of the Mac's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fernbereit.facts.conferencing import ConferenceClient, Conferencing
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import number_in, parts_in, profile, text_in
from fernbereit_agent.probes.browsers_macos import browser_of
from fernbereit_agent.settings import ProbeSettings

CAMERAS, SOUND = "SPCameraDataType", "SPAudioDataType"
_TRANSPORT = "coreaudio_device_type_"
_BUILT_IN, _USB, _BLUETOOTH = "builtin", "usb", "bluetooth"
_OWN = (_BUILT_IN, _USB, _BLUETOOTH)
NO_CAMERA = ("iphone", "ipad", "virtual", "obs ", "snap camera", "mmhmm", "ndi ")

CLIENTS: Mapping[ConferenceClient, tuple[str, ...]] = MappingProxyType(
    {
        ConferenceClient.TEAMS: (
            "/Applications/Microsoft Teams.app",
            "/Applications/Microsoft Teams (work or school).app",
            "/Applications/Microsoft Teams classic.app",
        ),
        ConferenceClient.WEBEX: ("/Applications/Webex.app", "/Applications/Cisco Webex Meetings.app"),
        ConferenceClient.ZOOM: ("/Applications/zoom.us.app",),
        ConferenceClient.JITSI: ("/Applications/Jitsi Meet.app",),
        ConferenceClient.NEXTCLOUD_TALK: ("/Applications/Nextcloud Talk.app",),
        ConferenceClient.ELEMENT: ("/Applications/Element.app",),
    }
)
"""Where each program is found; a path that exists shows the program."""


def read(host: Host, _settings: ProbeSettings) -> Conferencing:
    """Enumerate cameras, sound devices and programs; what is not told stays unknown."""
    browser, version = browser_of(host)
    facts = Conferencing(
        camera=_camera(host),
        clients=tuple(client for client, paths in CLIENTS.items() if any(map(host.exists, paths))),
        browser=browser,
        browser_version=version,
    )
    try:
        microphone, speakers, headset = parse_sound(profile(host, SOUND))
    except ProbeError:
        return facts
    return facts.model_copy(update={"microphone": microphone, "speakers": speakers, "headset": headset})


def parse_cameras(items: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether one of the cameras belongs to the Mac or is plugged into it.

    >>> parse_cameras([{"_name": "iPhone-Kamera", "spcamera_model-id": "iPhone15,2"}])
    False
    """
    names = (f"{text_in(item, '_name')} {text_in(item, 'spcamera_model-id')} " for item in items)
    return any(not any(each in name.casefold() for each in NO_CAMERA) for name in names)


def parse_sound(items: Iterable[Mapping[str, Any]]) -> tuple[bool, bool, bool | None]:
    """Return microphone, speakers, headset.

    A headset is one device on USB or Bluetooth that both plays and records; one in the jack shows by a
    translated name only, so there is no `False`.
    """
    ways: dict[str, set[str]] = defaultdict(set)
    microphone = speakers = False
    for device in (each for item in items for each in parts_in(item, "_items")):
        transport = text_in(device, "coreaudio_device_transport").removeprefix(_TRANSPORT)
        if transport not in _OWN:
            continue
        records = (number_in(device, "coreaudio_device_input") or 0) > 0
        plays = (number_in(device, "coreaudio_device_output") or 0) > 0
        microphone, speakers = microphone or records, speakers or plays
        if transport != _BUILT_IN:
            ways[text_in(device, "_name")].update(
                way for way, there in (("in", records), ("out", plays)) if there
            )
    headset = any(way == {"in", "out"} for way in ways.values())
    return microphone, speakers, True if headset else None


def _camera(host: Host) -> bool | None:
    try:
        return parse_cameras(profile(host, CAMERAS))
    except ProbeError:
        return None
