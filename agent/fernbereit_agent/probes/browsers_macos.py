"""Which browser would a conference run in on a Mac, and in which version?

defaults export com.apple.LaunchServices/com.apple.launchservices.secure -    LSHandlers: LSHandlerURLScheme
                                              "https", LSHandlerRoleAll "org.mozilla.firefox"
/Applications/Firefox.app/Contents/Info.plist CFBundleShortVersionString

The choice is that of the person in front: whoever made none has Safari; without that person it is not known.
"""

from collections.abc import Mapping
from typing import Any

from fernbereit.facts.conferencing import Browser
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import in_front, parse_dict, parts_in, preferences, text_in
from fernbereit_agent.probes.texts import plain

CHOICE = (
    "/usr/bin/defaults",
    "export",
    "com.apple.LaunchServices/com.apple.launchservices.secure",
    "-",
)
BROWSERS: Mapping[str, tuple[Browser, tuple[str, ...]]] = {
    "com.apple.safari": (
        Browser.SAFARI,
        ("/Applications/Safari.app", "/System/Cryptexes/App/System/Applications/Safari.app"),
    ),
    "org.mozilla.firefox": (Browser.FIREFOX, ("/Applications/Firefox.app",)),
    "com.google.chrome": (Browser.CHROME, ("/Applications/Google Chrome.app",)),
    "org.chromium.chromium": (Browser.CHROMIUM, ("/Applications/Chromium.app",)),
    "com.microsoft.edgemac": (Browser.EDGE, ("/Applications/Microsoft Edge.app",)),
}
"""By the identifier of the program, in lower case as the choice keeps it: browser and where it lies."""

SAFARI = "com.apple.safari"


def browser_of(host: Host) -> tuple[Browser | None, str | None]:
    """Return the browser links open in, and its version where that is told."""
    if not in_front(host):
        return None, None
    try:
        identifier = parse_choice(parse_dict(host.run(*CHOICE)))
    except ProbeError:
        return None, None
    browser, places = BROWSERS.get(identifier, (Browser.OTHER, ()))
    found = (version_in(preferences(host, f"{place}/Contents/Info.plist")) for place in places)
    return browser, next((version for version in found if version), None)


def parse_choice(said: Mapping[str, Any]) -> str:
    """Return the identifier of the program that opens https, that of Safari where nobody chose.

    >>> firefox = {"LSHandlerURLScheme": "https", "LSHandlerRoleAll": "Org.Mozilla.Firefox"}
    >>> parse_choice({"LSHandlers": [firefox]}), parse_choice({})
    ('org.mozilla.firefox', 'com.apple.safari')
    """
    chosen = (
        text_in(handler, "LSHandlerRoleAll")
        for handler in parts_in(said, "LSHandlers")
        if text_in(handler, "LSHandlerURLScheme") == "https"
    )
    return next((each.casefold() for each in chosen if each), SAFARI)


def version_in(said: Mapping[str, Any]) -> str | None:
    """Return the version a program tells people."""
    return plain(text_in(said, "CFBundleShortVersionString"))
