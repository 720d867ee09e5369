r"""Which camera, sound and conference programs does a Windows laptop have?

SetupDi, KSCATEGORY_VIDEO_CAMERA     how many cameras are present; none is opened, no lamp goes on
HKLM\...\MMDevices\Audio\{Capture,Render}\{GUID}   DeviceState 1 is active
    ...\Properties  {1da5d803-d492-4edd-8c23-e0c0ffee7f0e},0   form factor (mmdeviceapi.h):
                                     1 speakers, 3 headphones, 4 microphone, 5 headset, 6 handset, 9 monitor
list of programs, packaged apps      conference programs, by the beginning of their names
EdgeUpdate and Google Update, Mozilla   versions of browsers

Whether Windows lets programs use camera and microphone is not looked at, nor when any of them was used.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from fernbereit.facts.conferencing import Browser, ConferenceClient, Conferencing
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.browsers_windows import browser_of, version_of
from fernbereit_agent.probes.registry_windows import number, programs, store_apps
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Number

AUDIO = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\MMDevices\Audio"
FORM = "{1da5d803-d492-4edd-8c23-e0c0ffee7f0e},0"
ACTIVE = 1
STATE_BITS = 0xF
SPEAKERS, HEADPHONES, MICROPHONE, HEADSET, HANDSET = 1, 3, 4, 5, 6
PROGRAMS: Mapping[ConferenceClient, tuple[str, ...]] = MappingProxyType(
    {
        ConferenceClient.TEAMS: ("microsoft teams", "teams machine-wide installer"),
        ConferenceClient.WEBEX: ("webex", "cisco webex"),
        ConferenceClient.ZOOM: ("zoom", "zoom workplace"),
        ConferenceClient.JITSI: ("jitsi meet",),
        ConferenceClient.NEXTCLOUD_TALK: ("nextcloud talk",),
        ConferenceClient.ELEMENT: ("element",),
    }
)
NO_CLIENTS = (
    "microsoft teams meeting add-in",
    "microsoft teams vdi",
    "zoom outlook",
    "zoom plugin",
    "elements",
)
"""Names that begin alike and are no program to confer with."""
STORE_APPS = MappingProxyType({"msteams_": ConferenceClient.TEAMS, "ciscowebex": ConferenceClient.WEBEX})


def read(host: Host, settings: ProbeSettings) -> Conferencing:  # noqa: ARG001 - a reader's arguments are fixed
    """Enumerate cameras, sound devices and programs."""
    capture, render = _forms(host, "Capture"), _forms(host, "Render")
    browser, names = browser_of(host), programs(host)
    return Conferencing(
        camera=_has_camera(host),
        microphone=has_microphone(capture),
        speakers=has_speakers(render),
        headset=has_headset(capture, render),
        clients=None if names is None else clients_of(names, store_apps(host)),
        browser=browser,
        browser_version=version_of(host, browser) if browser and browser is not Browser.OTHER else None,
    )


def has_microphone(forms: Iterable[int | None] | None) -> bool | None:
    """Tell whether something active takes up sound; None where the list is closed.

    >>> has_microphone([MICROPHONE]), has_microphone([]), has_microphone(None)
    (True, False, None)
    """
    return None if forms is None else bool(list(forms))


def has_speakers(forms: Iterable[int | None] | None) -> bool | None:
    """Tell whether something active gives sound that is no monitor; or is not known to.

    >>> has_speakers([9]), has_speakers([1]), has_speakers([None])
    (False, True, None)
    """
    if forms is None:
        return None
    found = set(forms)
    if found & {SPEAKERS, HEADPHONES, HEADSET, HANDSET}:
        return True
    return None if None in found else False


def has_headset(capture: Iterable[int | None] | None, render: Iterable[int | None] | None) -> bool | None:
    """Tell whether a headset is active; one in a jack calls itself headphones, so there is no `False`.

    >>> has_headset([HEADSET], []), has_headset([], [HEADPHONES])
    (True, None)
    """
    return True if HEADSET in {*(capture or ()), *(render or ())} else None


def clients_of(names: Iterable[str], apps: Iterable[str]) -> tuple[ConferenceClient, ...]:
    """Return the conference programs among the names of programs and packaged apps.

    >>> clients_of(["Zoom Workplace (64-bit)", "Zoom Outlook Plugin"], ["MSTeams_1.2_x64__8wekyb3d8bbwe"])
    (<ConferenceClient.TEAMS: 'teams'>, <ConferenceClient.ZOOM: 'zoom'>)
    """
    folded = [name.casefold() for name in names if not name.casefold().startswith(NO_CLIENTS)]
    found = {client for client, begins in PROGRAMS.items() if any(name.startswith(begins) for name in folded)}
    found |= {
        client for begin, client in STORE_APPS.items() if any(a.casefold().startswith(begin) for a in apps)
    }
    return tuple(client for client in ConferenceClient if client in found)


def _has_camera(host: Host) -> bool | None:
    try:
        return host.windows.native.number(Number.CAMERAS) > 0
    except ProbeError:
        return None


def _forms(host: Host, flow: str) -> list[int | None] | None:
    """Return the form factor of each active device, None in the list where one does not say its own."""
    key = rf"{AUDIO}\{flow}"
    try:
        if not host.windows.registry.has_key(key):
            return None
        devices = host.windows.registry.subkeys(key)
    except ProbeError:
        return None
    active = [d for d in devices if (number(host, rf"{key}\{d}", "DeviceState") or 0) & STATE_BITS == ACTIVE]
    return [number(host, rf"{key}\{device}\Properties", FORM) for device in active]
