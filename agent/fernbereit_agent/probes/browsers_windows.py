r"""Which browser would a conference run in on a Windows laptop, and in which version?

HKCU\...\UrlAssociations\https\UserChoice   ProgId "MSEdgeHTM", "ChromeHTML", "FirefoxURL-308046B0AF4A39CB"
...\EdgeUpdate\Clients\{56EB18F8-...}       pv "131.0.2903.70"
...\Google\Update\Clients\{8A69D345-...}    pv
HKLM\SOFTWARE\Mozilla\Mozilla Firefox       CurrentVersion "128.5.0 ESR (x64 de)"
"""

import re

from fernbereit.facts.conferencing import Browser
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import text

CHOICE = r"HKCU\Software\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice"
PROGRAMS = (
    ("msedge", Browser.EDGE),
    ("chromehtml", Browser.CHROME),
    ("chromiumhtm", Browser.CHROMIUM),
    ("firefox", Browser.FIREFOX),
)
_EDGE, _CHROME = "{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}", "{8A69D345-D564-463C-AFF1-A69D9E530F96}"
VERSIONS: dict[Browser, tuple[tuple[str, str], ...]] = {
    Browser.EDGE: (
        (rf"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{_EDGE}", "pv"),
        (rf"HKLM\SOFTWARE\Microsoft\EdgeUpdate\Clients\{_EDGE}", "pv"),
    ),
    Browser.CHROME: (
        (rf"HKLM\SOFTWARE\WOW6432Node\Google\Update\Clients\{_CHROME}", "pv"),
        (rf"HKLM\SOFTWARE\Google\Update\Clients\{_CHROME}", "pv"),
        (rf"HKCU\Software\Google\Update\Clients\{_CHROME}", "pv"),
    ),
    Browser.FIREFOX: (
        (r"HKLM\SOFTWARE\Mozilla\Mozilla Firefox", "CurrentVersion"),
        (r"HKCU\Software\Mozilla\Mozilla Firefox", "CurrentVersion"),
    ),
}


def browser_of(host: Host) -> Browser | None:
    """Return the browser that opens links, else the first one that is installed."""
    choice = text(host, CHOICE, "ProgId").casefold()
    chosen = next((browser for begin, browser in PROGRAMS if choice.startswith(begin)), None)
    if chosen or choice:
        return chosen or Browser.OTHER
    return next((browser for browser in VERSIONS if version_of(host, browser)), None)


def version_of(host: Host, browser: Browser) -> str | None:
    """Return the version the browser's updater or installer wrote down."""
    found = (version_in(text(host, key, name)) for key, name in VERSIONS.get(browser, ()))
    return next((version for version in found if version), None)


def version_in(said: str) -> str | None:
    """Return the number in a text, without edition and language; 0.0.0.0 is an entry left behind.

    >>> version_in("128.5.0 ESR (x64 de)"), version_in("0.0.0.0") is None
    ('128.5.0', True)
    """
    found = re.match(r"\d{1,6}(\.\d{1,6}){1,3}", said, re.ASCII)
    return found[0] if found and set(found[0]) != {"0", "."} else None
