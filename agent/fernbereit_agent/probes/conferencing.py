"""Can its owner take part in a video conference?

linux    /sys/class/video4linux/video*/index   -> "0" is a camera's picture, higher ones its metadata
         /proc/asound/pcm                      -> "00-00: ALC257 Analog : ... : playback 1 : capture 1"
         makers' folders, flatpak, snap and desktop files for programs; the package manager for versions
macos    system_profiler SPCameraDataType and SPAudioDataType -json, /Applications, Info.plist for versions
windows  SetupDi counts cameras, MMDevices in the registry lists sound; list of programs, updaters
Never    names of devices, whether a conference is going on; nothing is opened.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import conferencing_linux, conferencing_macos, conferencing_windows

PROBE = Probe(
    section="conferencing",
    every=timedelta(days=1),
    deadline=timedelta(seconds=40),
    readers={
        System.LINUX: conferencing_linux.read,
        System.MACOS: conferencing_macos.read,
        System.WINDOWS: conferencing_windows.read,
    },
)
