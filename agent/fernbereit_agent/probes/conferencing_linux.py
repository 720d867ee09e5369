"""Which camera, sound and conference programs does a Linux laptop have?"""

from collections.abc import Mapping
from types import MappingProxyType

from fernbereit.facts.conferencing import Browser, ConferenceClient, Conferencing
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.browsers_linux import browser_of, version_of
from fernbereit_agent.settings import ProbeSettings

_APPLICATIONS = "/usr/share/applications"
_FLATPAKS = "/var/lib/flatpak/app"

CLIENTS: Mapping[ConferenceClient, tuple[str, ...]] = MappingProxyType(
    {
        ConferenceClient.TEAMS: (
            f"{_APPLICATIONS}/teams-for-linux.desktop",
            f"{_FLATPAKS}/com.github.IsmaelMartinez.teams_for_linux",
            "/snap/teams-for-linux/current",
        ),
        ConferenceClient.WEBEX: ("/opt/Webex", f"{_APPLICATIONS}/webex.desktop"),
        ConferenceClient.ZOOM: ("/opt/zoom", f"{_FLATPAKS}/us.zoom.Zoom", "/snap/zoom-client/current"),
        ConferenceClient.JITSI: (
            "/opt/Jitsi Meet",
            f"{_FLATPAKS}/org.jitsi.jitsi-meet",
            f"{_APPLICATIONS}/jitsi-meet.desktop",
        ),
        ConferenceClient.NEXTCLOUD_TALK: (f"{_FLATPAKS}/com.nextcloud.talk", "/opt/Nextcloud Talk"),
        ConferenceClient.ELEMENT: (
            "/opt/Element",
            f"{_FLATPAKS}/im.riot.Riot",
            "/snap/element-desktop/current",
        ),
    }
)
"""Where each program is found; a path that exists shows the program."""


def read(host: Host, settings: ProbeSettings) -> Conferencing:  # noqa: ARG001 - a reader's arguments are fixed
    """Enumerate cameras, sound devices and programs."""
    browser = browser_of(host)
    microphone, speakers, headset = _sound(host)
    return Conferencing(
        camera=_has_camera(host),
        microphone=microphone,
        speakers=speakers,
        headset=headset,
        clients=tuple(client for client, paths in CLIENTS.items() if any(map(host.exists, paths))),
        browser=browser,
        browser_version=version_of(host, browser) if browser and browser is not Browser.OTHER else None,
    )


def parse_pcm(text: str) -> tuple[bool, bool]:
    """Return whether /proc/asound/pcm lists something to speak into and something to hear.

    A monitor's sound output (HDMI, DisplayPort) is no speaker that can be relied on.

    >>> parse_pcm("00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1")
    (True, True)
    >>> parse_pcm("01-03: HDMI 0 : HDMI 0 : playback 1")
    (False, False)
    """
    lines = text.splitlines()
    capture = any("capture" in line for line in lines)
    playback = any("playback" in line and "HDMI" not in line for line in lines)
    return capture, playback


def _sound(host: Host) -> tuple[bool | None, bool | None, bool | None]:
    """Return microphone, speakers, headset.

    A headset shows as one USB card that both plays and records. One in a jack or without a wire
    shows nowhere outside the person's session, so there is no `False`.
    """
    try:
        pcm = host.read_text("/proc/asound/pcm")
        cards = host.read_text("/proc/asound/cards")
    except ProbeError:
        none = None if host.exists("/dev/snd/seq") else False
        return none, none, None
    microphone, speakers = parse_pcm(pcm)
    usb = {line.split()[0] for line in cards.splitlines() if "USB-Audio -" in line}
    both_ways = (
        parse_pcm("\n".join(line for line in pcm.splitlines() if line.startswith(f"{int(card):02d}-")))
        for card in usb
    )
    return microphone, speakers, True if (True, True) in both_ways else None


def _has_camera(host: Host) -> bool:
    """Tell whether a camera is there; loopback devices of streaming programs are none."""
    folder = "/sys/class/video4linux"
    return any(_is_picture(host, f"{folder}/{name}") for name in host.list_dir(folder))


def _is_picture(host: Host, device: str) -> bool:
    try:
        first = host.read_text(f"{device}/index").strip() == "0"
    except ProbeError:
        return False
    return first and "/devices/virtual/" not in host.real_path(device)
