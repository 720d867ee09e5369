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
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="conferencing",
    every=timedelta(days=1),
    deadline=timedelta(seconds=40),
    readers={
        System.LINUX: reader_in("conferencing_linux"),
        System.MACOS: reader_in("conferencing_macos"),
        System.WINDOWS: reader_in("conferencing_windows"),
    },
)
